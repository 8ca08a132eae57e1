"""A customer writes more than a group takes in a minute: it comes in order, and the wait is shown."""

import re
from datetime import timedelta

import pytest

from db.chat.rates import GROUP_CALLS, GROUP_MINUTE_S
from siaga.simulator.person import text_of
from tests.bot.scenes.test_relays import talk
from tests.bot.scenes.world import World, jpeg
from tests.waiting import eventually

MESSAGES = 50
EVERY_PHOTO = 5


async def a_minute_passes(world: World, chat: int) -> None:
    """Let it pass for Telegram and for what the bot remembers of the group alike."""
    (await world.http.post("/sim/clock", json={"advance_s": GROUP_MINUTE_S})).raise_for_status()
    past = """
        update deliveries set sent_at = sent_at - cast(:minute as interval) where chat_id = :chat returning id
    """
    await world.rows(past, chat=chat, minute=timedelta(seconds=GROUP_MINUTE_S))


async def waits_for_the_minute(world: World, chat: int) -> bool:
    """Wait until the group's minute is used up; return whether there is more, or False: all has left."""

    async def state() -> tuple[bool, bool]:
        (row,) = await world.rows(
            """
            select count(*) filter (where state in ('due', 'sending')) as waiting,
              count(*) filter (where sent_at > now() - interval '1 minute') as used
            from deliveries where chat_id = :chat
            """,
            chat=chat,
        )
        return row.waiting > 0, row.used >= GROUP_CALLS

    return (await eventually(state, lambda seen: seen[1] or not seen[0], timeout_s=60))[0]


@pytest.mark.telegrams_pace
async def test_fifty_messages_in_a_minute_arrive_in_order_within_telegrams_limits(world: World) -> None:
    held = await talk(world)
    rina, sari, chat = held.rina, held.sari, held.chat
    await world.settled()
    cards = "select id from deliveries where chat_id = :chat and card_id is not null"
    shown_before = await world.rows(cards, chat=chat)
    first = await sari.send("nomor 0")
    await rina.wait_for("nomor 0", chat=chat)
    assert await world.rows(cards, chat=chat) == shown_before

    for number in range(1, MESSAGES):
        if number % EVERY_PHOTO:
            await sari.send(f"nomor {number}")
        else:
            await sari.photo(jpeg(), caption=f"nomor {number}")
    await sari.edit(first, "nomor 0 ternyata")
    await held.write(rina, "/r Kami baca semuanya")
    await sari.wait_for("Kami baca semuanya")

    assert await waits_for_the_minute(world, chat)
    await rina.send("/antrean")
    await rina.wait_for("menunggu giliran ke grup")
    while await waits_for_the_minute(world, chat):
        await a_minute_passes(world, chat)

    shown = [one for one in await rina.messages(chat) if one["from"]["is_bot"]]
    said = [int(number) for one in shown for number in re.findall(r"nomor (\d+)", text_of(one))]
    assert said == list(range(MESSAGES))
    assert "ternyata" in "".join(text_of(one) for one in shown)
    calls = (await world.http.get("/sim/calls")).json()
    assert [one for one in calls if one["status"] == 429] == []
    assert {"editForumTopic", "copyMessage", "editMessageText"} <= {
        one["method"] for one in calls if one["params"].get("chat_id") == str(chat)
    }
