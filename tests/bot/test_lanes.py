"""Updates are handled in order, once, on any replica, and nothing stops a chat for good."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text as sql

from db.chat.health import health
from db.chat.updates import store
from db.session import SYSTEM
from tests.bot.conftest import TOKEN, Telegram
from tests.waiting import eventually


async def test_a_text_is_answered(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()

    await budi.send("echo hello")

    await budi.wait_for("echo hello")
    await telegram.settled()


async def test_200_updates_stay_in_order_per_chat_with_three_replicas(telegram: Telegram) -> None:
    people = [await telegram.person(name) for name in ("Ani", "Budi", "Citra", "Dewi")]
    for _ in range(3):
        await telegram.replica()

    for number in range(50):
        await asyncio.gather(*(person.send(f"text {number}") for person in people))

    async def handled() -> int:
        return len(telegram.stage.handled)

    await eventually(handled, lambda count: count >= 200, timeout_s=60)
    for person in people:
        texts = [said for chat, said in telegram.stage.handled if chat == person.id]
        assert texts == [f"text {number}" for number in range(50)]
    await telegram.settled()


async def test_an_update_that_comes_twice_is_handled_once(telegram: Telegram) -> None:
    budi = await telegram.person()
    raw = a_text(budi.id, 900_000_001, "echo once")
    assert (await store(telegram.database, [raw, raw])).added == 1
    assert (await store(telegram.database, [raw])).added == 0

    await telegram.replica()

    await budi.wait_for("echo once")
    await telegram.settled()
    assert telegram.stage.handled == [(budi.id, "echo once")]


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"chat": {"id": 7, "type": "private"}}},
        {"message": "not an object"},
        {"callback_query": {"id": "1"}},
        {"message": {"chat": {"id": "seven"}, "text": "a\x00b"}},
        {"something_new": {"from": {"id": 1}}},
        {},
    ],
)
async def test_a_malformed_update_stops_nothing(telegram: Telegram, broken: dict[str, Any]) -> None:
    budi = await telegram.person()
    await telegram.push({"update_id": 1_900_000_000, **broken})
    await telegram.replica()

    await budi.send("echo still here")

    await budi.wait_for("echo still here")
    await telegram.settled()


async def test_what_is_no_update_at_all_is_dropped(telegram: Telegram) -> None:
    broken = ["text", None, {"update_id": "x"}, {"update_id": 2**70}, {"update_id": True}]

    assert (await store(telegram.database, broken)).added == 0


async def test_after_five_errors_an_update_is_parked_with_an_apology_and_the_chat_goes_on(
    telegram: Telegram,
) -> None:
    budi = await telegram.person()
    await telegram.replica()

    await budi.send("/boom")
    await budi.send("echo behind it")

    await budi.wait_for("Sorry, we could not process this")
    await budi.wait_for("echo behind it")
    await telegram.settled()
    assert len(telegram.stage.applied) == 5
    parked = await telegram.rows("select attempts, error from telegram_updates where parked_at is not null")
    assert [(row.attempts, "a fault of ours" in row.error) for row in parked] == [(5, True)]
    async with telegram.database.transaction(SYSTEM) as session:
        assert (await health(session)).parked == 1


async def test_an_outage_of_temporal_says_noted_once_and_the_work_is_done_once_afterwards(
    telegram: Telegram,
) -> None:
    budi = await telegram.person()
    telegram.stage.temporal_away = True
    await telegram.replica()

    await budi.send("/work")

    await budi.wait_for("🕓 Noted")
    tries = await eventually(lambda: attempts(telegram), lambda found: found == ["NotedYet()"])
    assert tries == ["NotedYet()"]
    telegram.stage.temporal_away = False
    await budi.wait_for("applied")
    await telegram.settled()
    assert len(telegram.stage.applied) == 1
    texts = [message.get("text") for message in await budi.messages()]
    assert len([said for said in texts if said and "Noted" in said]) == 1
    assert [row.attempts for row in await telegram.rows("select attempts from telegram_updates")] == [0, 0]


async def test_dropped_database_connections_lose_and_repeat_nothing(telegram: Telegram) -> None:
    people = [await telegram.person(name) for name in ("Ani", "Budi", "Citra", "Dewi", "Eka")]
    await telegram.replica()
    await telegram.replica()

    for number in range(12):
        await asyncio.gather(*(person.send(f"echo {number}") for person in people))
        if number in (3, 6, 9):
            await drop_connections(telegram)

    for person in people:
        await person.wait_for("echo 11", timeout_s=60)
    await telegram.settled()
    for person in people:
        said = [message["text"] for message in await person.messages() if message["from"]["is_bot"]]
        echoes = [text for text in said if text.startswith("echo")]  # "noted" is said in an outage
        assert echoes == [f"echo {number}" for number in range(12)]


async def test_when_the_receiver_dies_another_replica_receives(telegram: Telegram) -> None:
    budi = await telegram.person()
    first = await telegram.replica()
    await budi.send("echo one")
    await budi.wait_for("echo one")
    await telegram.replica()

    await first.kill()
    await budi.send("echo two")

    await budi.wait_for("echo two", timeout_s=30)
    await telegram.settled()


async def test_an_album_is_one_entry(telegram: Telegram, jpeg: Callable[[str], bytes]) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await telegram.replica()

    await budi.photo(jpeg("red"), jpeg("green"), jpeg("blue"), caption="three")
    await budi.send("echo after the album")
    await budi.photo(jpeg("white"))

    await budi.wait_for("1 photos")
    await telegram.settled()
    answers = [message["text"] for message in await budi.messages() if message["from"]["is_bot"]]
    assert answers == ["3 photos", "echo after the album", "1 photos"]


async def test_webhook_mode_asks_for_no_updates_and_handles_what_the_api_stored(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica(
        mode="webhook", webhook_url="https://siaga.example.org/telegram", webhook_secret="s-1"
    )
    await eventually(lambda: telegram.calls("setWebhook"), bool)
    asked_before = len(await telegram.calls("getUpdates"))

    await store(telegram.database, [a_text(budi.id, 1_900_000_100, "echo by webhook")])

    await budi.wait_for("echo by webhook")
    assert len(await telegram.calls("getUpdates")) == asked_before
    assert (await telegram.calls("setWebhook"))[0]["params"]["secret_token"] == "s-1"


async def test_a_webhook_that_was_left_behind_is_removed_in_polling_mode(telegram: Telegram) -> None:
    budi = await telegram.person()
    left = {"url": "https://old.example.org/hook"}
    (await telegram.http.post(f"/bot{TOKEN}/setWebhook", data=left)).raise_for_status()

    await telegram.replica()
    await budi.send("echo polled")

    await budi.wait_for("echo polled")
    await telegram.settled()


@pytest.mark.parametrize(
    "fault",
    [{"code": 502, "description": "Bad Gateway"}, {"drop_connection": True}, {"code": 429, "retry_after": 1}],
)
async def test_receiving_goes_on_after_failures_of_telegram(
    telegram: Telegram, fault: dict[str, Any]
) -> None:
    budi = await telegram.person()
    await telegram.fault(method="getUpdates", times=2, **fault)
    await telegram.replica()

    await budi.send("echo in spite of it")

    await budi.wait_for("echo in spite of it")
    await telegram.settled()


async def drop_connections(telegram: Telegram) -> None:
    async with telegram.database.engine.connect() as connection:
        await connection.execute(sql("set role none"))
        await connection.execute(
            sql(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        )


async def attempts(telegram: Telegram) -> list[str]:
    rows = await telegram.rows("select error from telegram_updates where error is not null")
    return [row.error for row in rows]


def a_text(chat: int, update_id: int, said: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Budi"}
    message = {
        "message_id": 5000,
        "date": 1_790_000_000,
        "chat": {"id": chat, "type": "private"},
        "from": person,
    }
    return {"update_id": update_id, "message": {**message, "text": said}}
