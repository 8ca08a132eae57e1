"""Updates: every kind is readable, and getUpdates behaves as Telegram's."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from telegram import Update
from telegram.error import Conflict

from siaga.simulator.person import Person
from siaga.simulator.updates import TERMINATED
from tests.simulator.conftest import Simulator, image
from tests.simulator.leftovers import leftovers

EVERY_KIND = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
]


@dataclass
class Scene:
    """A person in a private chat and in a forum the bot administers."""

    simulator: Simulator
    person: Person
    group: int


async def live_location(s: Scene) -> None:
    sent = await s.person.location(-6.2, 106.8, live_period=900, horizontal_accuracy=10)
    await s.simulator.http.put(
        f"/sim/people/{s.person.id}/location/{sent['message_id']}",
        json={"latitude": -6.3, "longitude": 106.9},
    )


async def tapped(s: Scene) -> None:
    keyboard = '{"inline_keyboard": [[{"text": "Ya", "callback_data": "y", "style": "success"}]]}'
    sent = await s.simulator.call("sendMessage", chat_id=s.person.id, text="Mau?", reply_markup=keyboard)
    body = {"message_id": sent["result"]["message_id"], "data": "y", "timeout_s": 0}
    await s.simulator.post(f"/sim/people/{s.person.id}/tap", **body)


async def edited(s: Scene) -> None:
    await s.person.edit(await s.person.send("salah ketik"), "benar")


async def reacted(s: Scene) -> None:
    message = await s.person.send("halo")
    await s.person.react(message, "👍")
    await s.person.react(message, None)


async def in_a_topic(s: Scene) -> None:
    topic = await s.simulator.bot.create_forum_topic(s.group, "Tiket 1")
    first = await s.person.send("di sini", chat=s.group, thread=topic.message_thread_id)
    await s.person.send("balas", chat=s.group, thread=topic.message_thread_id, reply_to=first["message_id"])


async def membership(s: Scene) -> None:
    other = await Person.create(s.simulator.url, "Citra")
    s.simulator.people.append(other)
    for user in (other.id, s.simulator.settings.bot_id):
        for action in ("add", "remove"):
            await s.simulator.post(f"/sim/groups/{s.group}/members", user=user, action=action)


async def blocked(s: Scene) -> None:
    await s.person.block()
    await s.person.unblock()


Action = Callable[[Scene], Awaitable[object]]

KINDS: dict[str, tuple[Action, int]] = {
    "text": (lambda s: s.person.send("lihat https://siaga.id @budi +62 812 3456 7890 a@b.id /x"), 1),
    "deep link": (lambda s: s.person.start("kode-1"), 1),
    "album": (lambda s: s.person.photo(*[photo()] * 2, caption="dua"), 2),
    "document": (lambda s: s.person.document(b"x", "catatan.txt", mime_type="text/plain"), 1),
    "voice": (lambda s: s.person.voice(b"OggS"), 1),
    "contact": (lambda s: s.person.contact("+62812"), 1),
    "venue": (lambda s: s.person.location(-6, 106, venue={"title": "Toko", "address": "Jl. 1"}), 1),
    "live location": (live_location, 2),
    "edit": (edited, 2),
    "tap": (tapped, 1),
    "reaction": (reacted, 3),
    "block": (blocked, 2),
    "topic": (in_a_topic, 2),
    "membership": (membership, 5),
}


def photo() -> bytes:
    return image(60, 40)


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_update_is_read_in_full(simulator: Simulator, kind: str) -> None:
    action, count = KINDS[kind]
    person = await simulator.person(username="budi", last_name="Santoso")
    group = await simulator.group(person, is_forum=True, bot_rights="admin")
    await simulator.bot.get_updates(allowed_updates=EVERY_KIND)

    await action(Scene(simulator, person, group))
    raw = await simulator.updates()

    assert len(raw) == count
    parsed = [Update.de_json(one, simulator.bot) for one in raw]
    assert leftovers(parsed) == []
    assert all(one.effective_chat for one in parsed)


async def test_deep_link_is_a_command_with_its_entity(simulator: Simulator) -> None:
    person = await simulator.person()

    await person.start("kode-1")

    (update,) = await simulator.updates()
    assert update["message"]["text"] == "/start kode-1"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_album_is_separate_updates_of_one_group(simulator: Simulator) -> None:
    person = await simulator.person()

    await person.photo(photo(), photo(), photo(), caption="tiga")

    messages = [one["message"] for one in await simulator.updates()]
    assert len({one["media_group_id"] for one in messages}) == 1
    assert [one.get("caption") for one in messages] == ["tiga", None, None]
    assert all(3 <= len(one["photo"]) <= 4 for one in messages)


async def test_rare_kinds_come_only_when_asked_for(simulator: Simulator) -> None:
    person = await simulator.person()
    message = await person.send("halo")
    await simulator.forget_updates()

    await person.react(message, "👍")
    assert await simulator.updates() == []

    await simulator.call("getUpdates", allowed_updates='["message_reaction"]')
    await person.react(message, "🔥")
    await person.send("tidak diminta")
    assert [next(k for k in one if k != "update_id") for one in await simulator.updates()] == [
        "message_reaction"
    ]


async def test_updates_stay_until_the_offset_passes_them(simulator: Simulator) -> None:
    person = await simulator.person()
    for text in ("satu", "dua", "tiga"):
        await person.send(text)

    first = (await simulator.call("getUpdates", limit=2))["result"]
    again = (await simulator.call("getUpdates", limit=2))["result"]
    rest = (await simulator.call("getUpdates", offset=first[-1]["update_id"] + 1))["result"]

    assert [one["message"]["text"] for one in first] == ["satu", "dua"]
    assert again == first
    assert [one["message"]["text"] for one in rest] == ["tiga"]
    assert first[0]["update_id"] < first[1]["update_id"] < rest[0]["update_id"]


async def test_long_poll_answers_as_soon_as_something_comes(simulator: Simulator) -> None:
    person = await simulator.person()
    poll = asyncio.create_task(simulator.call("getUpdates", timeout=20))
    await asyncio.sleep(0)

    await person.send("halo")

    assert (await asyncio.wait_for(poll, 10))["result"][0]["message"]["text"] == "halo"


async def test_a_second_poll_ends_the_first_with_a_conflict(simulator: Simulator) -> None:
    polls = [asyncio.create_task(simulator.call("getUpdates", timeout=20)) for _ in range(2)]

    ended, waiting = await asyncio.wait(polls, timeout=10, return_when=asyncio.FIRST_COMPLETED)

    assert [one.result()["status"] for one in ended] == [409]
    assert [one.result()["description"] for one in ended] == [f"Conflict: {TERMINATED}"]
    await simulator.post("/sim/push", message=None)
    assert len((await waiting.pop())["result"]) == 1


async def test_polling_with_a_webhook_is_a_conflict(simulator: Simulator) -> None:
    await simulator.bot.set_webhook("https://example.org/hook")

    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await simulator.bot.get_updates()

    await simulator.bot.delete_webhook()
    assert await simulator.bot.get_updates() == ()


async def test_ids_jump_when_told_to(simulator: Simulator) -> None:
    person = await simulator.person()
    await person.send("sebelum")
    await simulator.post("/sim/jump", by=1000)
    await person.send("sesudah")

    before, after = await simulator.updates()
    assert after["update_id"] == before["update_id"] + 1001


async def test_a_malformed_update_is_delivered_as_it_is(simulator: Simulator) -> None:
    await simulator.post("/sim/push", message={"nonsense": True})

    (update,) = await simulator.updates()
    assert update["message"] == {"nonsense": True}


async def test_ids_go_on_rising_after_a_reset(simulator: Simulator) -> None:
    person = await simulator.person()
    before = await person.send("satu")
    (update,) = await simulator.updates()

    await simulator.post("/sim/reset")
    again = await simulator.person()
    after = await again.send("dua")
    (later,) = await simulator.updates()

    assert after["message_id"] > before["message_id"]
    assert later["update_id"] > update["update_id"]
    assert again.id != person.id


async def test_group_privacy_hides_talk_from_a_plain_member(simulator: Simulator) -> None:
    person = await simulator.person()
    group = await simulator.group(person, bot_rights="member")
    asked = await simulator.bot.send_message(group, "Siapa?")
    for text in ("obrolan", "/tugas", "/tugas@siaga_sim_bot", "/tugas@other_bot"):
        await person.send(text, chat=group)
    await person.send("saya", chat=group, reply_to=asked.message_id)

    seen = [one["message"]["text"] for one in await simulator.updates()]

    assert seen == ["/tugas", "/tugas@siaga_sim_bot", "saya"]
