"""What leaves, how fast, how loud, and in what order."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat import rates
from domain.chat import Loudness
from tests.bot.conftest import Telegram
from tests.bot.sending import bot_messages, change, give_card, notify, stall
from tests.waiting import eventually


async def test_many_changes_become_few_edits_and_the_last_one_is_shown(telegram: Telegram) -> None:
    people = [await telegram.person(name) for name in ("Ani", "Budi", "Citra")]
    await telegram.replica()
    await telegram.replica()
    await give_card(telegram, *people)
    for person in people:
        await person.wait_for("first title")

    for number in range(100):
        await change(telegram, f"title {number}")

    for person in people:
        await person.wait_for("title 99")
    await telegram.settled()
    edits = await telegram.calls("editMessageText")
    assert len(edits) <= 30
    assert all(call["status"] == 200 for call in edits)


async def test_a_storm_at_telegrams_real_limits_gets_no_429_and_loses_nothing(telegram: Telegram) -> None:
    people = [await telegram.person(f"Person {number}") for number in range(15)]
    await telegram.replica()
    await telegram.replica()

    async def unsent() -> int:
        rows = await telegram.rows("select count(*) as n from deliveries where state <> 'sent'")
        return int(rows[0].n)

    refused, said, stalled = 0, 0, 0.0
    # A stall of this machine bunches calls that left on time: a storm with one is tried again.
    for storm in range(3):
        async with stall(telegram) as longest:
            for person in people:
                for number in range(4):
                    await notify(telegram, person, f"w{storm}-{number}")
            await eventually(unsent, lambda count: count == 0, timeout_s=60)
        stalled = longest[0]
        for person in people:
            expected = sorted(
                f"notice w{one}-{two} about None" for one in range(storm + 1) for two in range(4)
            )
            assert sorted(await bot_messages(person)) == expected
        calls = await telegram.calls("sendMessage")
        refused = sum(call["status"] == 429 for call in calls[said:])
        said = len(calls)
        if not refused:
            break
    assert refused <= stalled / rates.TOKEN_EVERY_S


async def test_retry_after_is_honoured(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.fault(
        method="sendMessage", code=429, description="Too Many Requests: retry after 2", retry_after=2
    )
    await telegram.replica()

    await notify(telegram, budi, "late")

    await budi.wait_for("notice late")
    await telegram.settled()
    refused, sent = await telegram.calls("sendMessage")
    assert (refused["status"], sent["status"]) == (429, 200)
    assert sent["at"] - refused["at"] >= 1.9


@pytest.mark.parametrize("fault", [{"code": 500, "description": "Internal Server Error"}])
async def test_a_failure_of_telegram_delays_a_message(telegram: Telegram, fault: dict[str, Any]) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", times=2, **fault)
    await telegram.replica()

    await notify(telegram, budi, "patient")

    await budi.wait_for("notice patient")
    await telegram.settled()
    assert len(await bot_messages(budi)) == 1


def zone_where_it_is(hour: int) -> str:
    offset = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-offset:+d}" if offset else "UTC"


@pytest.mark.parametrize(
    ("hour", "loudness", "silent"),
    [
        (23, Loudness.SOUND, True),
        (3, Loudness.SOUND, True),
        (12, Loudness.SOUND, False),
        (23, Loudness.PAGE, False),
        (12, Loudness.SILENT, True),
    ],
)
async def test_at_night_only_a_page_makes_a_sound(
    telegram: Telegram, hour: int, loudness: Loudness, *, silent: bool
) -> None:
    budi = await telegram.person(zone=zone_where_it_is(hour))
    await telegram.replica()

    await give_card(telegram, budi, loudness=loudness)

    await budi.wait_for("first title")
    call = (await telegram.calls("sendMessage"))[0]
    assert (str(call["params"].get("disable_notification", "false")).lower() == "true") is silent


async def test_nothing_overtakes_when_the_answer_to_a_written_outcome_is_lost(
    telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    budi = await telegram.person()
    release, lost = rates.release, asyncio.Event()

    async def release_and_lose_the_answer(session: AsyncSession, owner: UUID, chat_id: int) -> bool:
        if not lost.is_set():
            event.listen(session.sync_session, "after_commit", lose)
        return await release(session, owner, chat_id)

    def lose(_session: object) -> None:
        lost.set()
        raise ConnectionResetError

    monkeypatch.setattr(rates, "release", release_and_lose_the_answer)
    await telegram.fault(method="sendMessage", contains="second", delay_ms=1500)
    await telegram.replica()

    await notify(telegram, budi, "first")
    await asyncio.wait_for(lost.wait(), 15)
    await notify(telegram, budi, "second")
    await notify(telegram, budi, "third")

    await budi.wait_for("notice third")
    await telegram.settled()
    assert await bot_messages(budi) == [f"notice {word} about None" for word in ("first", "second", "third")]


async def test_pages_leave_before_replies_and_cards(telegram: Telegram) -> None:
    budi = await telegram.person()
    for number in range(6):
        await notify(telegram, budi, f"card {number}")
    await notify(telegram, budi, "page", loudness=Loudness.PAGE)

    await telegram.replica()

    await budi.wait_for("notice card 5")
    assert (await bot_messages(budi))[0] == "notice page about None"


async def test_a_secret_is_unreadable_while_it_waits_and_is_taken_away_again(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", code=500, description="Internal Server Error")
    await telegram.replica()
    await budi.send("/secret")
    waiting = await eventually(
        lambda: telegram.rows(
            "select content::text as text from deliveries where attempts = 1 and state = 'due'"
        ),
        bool,
    )
    assert "hunter2" not in waiting[0].text

    shown = await budi.wait_for("hunter2")
    await telegram.settled_but_later()
    await telegram.rows("update deliveries set due_at = now() where state = 'due' returning id")

    gone = await budi.wait_for("The secret in this message has been removed")
    assert gone["message_id"] == shown["message_id"]
    await telegram.settled()
    assert (await telegram.rows("select count(*) as n from deliveries where content is not null"))[0].n == 0


async def test_a_notice_at_night_waits_for_the_morning_but_not_an_answer_or_a_page(
    telegram: Telegram,
) -> None:
    budi = await telegram.person(zone=zone_where_it_is(3))
    await telegram.replica()

    await notify(telegram, budi, "chatter")
    await notify(telegram, budi, "answer", answers=True)
    await notify(telegram, budi, "page", loudness=Loudness.PAGE)

    await budi.wait_for("notice answer")
    await budi.wait_for("notice page")
    waits = await telegram.rows(
        "select extract(hour from due_at at time zone u.time_zone) as hour, due_at > now() as later "
        "from deliveries d join users u on u.id = d.user_id where d.state = 'due'"
    )
    assert [(row.hour, row.later) for row in waits] == [(6, True)]
    assert "notice chatter about None" not in await bot_messages(budi)
