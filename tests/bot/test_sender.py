"""What leaves, how fast, and what happens when Telegram says no or nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.chat.health import health
from db.session import SYSTEM
from domain.chat import DeliveryClass, Loudness, Thing
from siaga.simulator.person import Person, labels
from tests.bot.conftest import Telegram
from tests.waiting import eventually

MACHINE = Thing.MACHINE


async def give_card(
    telegram: Telegram, *readers: Person, loudness: Loudness = Loudness.SOUND, source: str = "test"
) -> None:
    telegram.stage.titles.setdefault(1, "first title")
    async with telegram.database.transaction(SYSTEM) as session:
        for reader in readers:
            await ensure_card(session, MACHINE, 1, reader.id, loudness=loudness, source=source)


async def change(telegram: Telegram, title: str) -> None:
    telegram.stage.titles[1] = title
    async with telegram.database.transaction(SYSTEM) as session:
        await touch_cards(session, MACHINE, 1)


async def notify(telegram: Telegram, reader: Person, word: str, **more: object) -> None:
    given: dict[str, Any] = {"template": "plain", "loudness": Loudness.SOUND, "organization_id": None} | more
    async with telegram.database.transaction(SYSTEM) as session:
        await announce(session, user_id=reader.id, source=f"test-{word}", context={"word": word}, **given)


async def bot_messages(person: Person) -> list[str]:
    return [message.get("text", "") for message in await person.messages() if message["from"]["is_bot"]]


async def test_a_card_is_sent_once_and_edited_through_its_life(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()

    await give_card(telegram, budi)
    await give_card(telegram, budi)
    await budi.wait_for("first title")
    await change(telegram, "second title")

    await budi.wait_for("second title")
    await telegram.settled()
    assert len(await bot_messages(budi)) == 1


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
    people = [await telegram.person(f"Person {number}") for number in range(25)]
    await telegram.replica()
    await telegram.replica()

    for person in people:
        for number in range(4):
            await notify(telegram, person, f"w{number}")

    async def unsent() -> int:
        rows = await telegram.rows("select count(*) as n from deliveries where state <> 'sent'")
        return int(rows[0].n)

    await eventually(unsent, lambda count: count == 0, timeout_s=60)
    calls = await telegram.calls("sendMessage")
    assert [call["status"] for call in calls] == [200] * 100
    for person in people:
        assert sorted(await bot_messages(person)) == [f"notice w{number} about None" for number in range(4)]


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


async def test_chatter_with_unknown_outcome_is_not_repeated_and_is_counted(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", drop_after_apply=True)
    await telegram.replica()

    await notify(telegram, budi, "small talk")
    await notify(telegram, budi, "behind it")

    await budi.wait_for("notice behind it")
    await telegram.settled()
    assert await bot_messages(budi) == ["notice small talk about None", "notice behind it about None"]
    async with telegram.database.transaction(SYSTEM) as session:
        assert (await health(session)).uncertain == 1


async def test_an_alarm_with_unknown_outcome_is_repeated_with_a_mark(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", drop_after_apply=True)
    await telegram.replica()

    await notify(telegram, budi, "fire", delivery_class=DeliveryClass.ALARM, loudness=Loudness.PAGE)

    await budi.wait_for("Sent again because")
    await telegram.settled()
    first, second = await bot_messages(budi)
    assert first == "notice fire about None"
    assert second.endswith("notice fire about None")


async def test_a_card_with_unknown_outcome_is_sent_again_and_a_tap_on_the_unknown_copy_retires_it(
    telegram: Telegram,
) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", drop_after_apply=True)
    await telegram.replica()
    await give_card(telegram, budi)
    copy = await budi.wait_for("first title")
    await eventually(lambda: states(telegram), lambda found: found == ["uncertain"])

    await telegram.rows("update deliveries set due_at = now() where state = 'uncertain' returning id")
    again = await budi.wait_for("first title", after=copy)
    await eventually(lambda: states(telegram), lambda found: found == ["sent"])
    assert (await budi.tap("Touch", copy))["text"] == "done"

    await budi.wait_for("This card is in a newer message", after=again)
    await budi.wait_for("touched by")
    await telegram.settled()
    shown = {message["message_id"]: list(labels(message)) for message in await budi.messages()}
    assert shown[copy["message_id"]] == []
    assert shown[again["message_id"]] == ["Touch", "Slow", "Taken", "Work"]


async def test_a_tap_on_the_unknown_copy_within_the_minute_adopts_it(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", drop_after_apply=True)
    await telegram.replica()
    await give_card(telegram, budi)
    copy = await budi.wait_for("first title")
    await eventually(lambda: states(telegram), lambda found: found == ["uncertain"])

    await budi.tap("Touch", copy)

    await budi.wait_for("touched by")
    await telegram.settled()
    assert len(await bot_messages(budi)) == 1


async def test_an_edit_with_unknown_outcome_is_simply_repeated(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    await budi.wait_for("first title")
    await telegram.fault(method="editMessageText", drop_after_apply=True)

    await change(telegram, "second title")

    await eventually(lambda: telegram.calls("editMessageText"), lambda calls: len(calls) == 2)
    await telegram.settled()
    assert await bot_messages(budi) == ["second title\nbody of the card"]


async def test_a_message_that_was_deleted_is_sent_again(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    card = await budi.wait_for("first title")
    gone = {"code": 400, "description": "Bad Request: message to edit not found"}
    await telegram.fault(method="editMessageText", **gone)

    await change(telegram, "second title")

    again = await budi.wait_for("second title")
    await telegram.settled()
    assert again["message_id"] != card["message_id"]


async def test_a_chat_that_blocked_the_bot_is_remembered_and_the_sender_of_the_message_is_told(
    telegram: Telegram,
) -> None:
    admin, budi = await telegram.person("Admin"), await telegram.person("Budi")
    await telegram.replica()
    await admin.send("echo assign it")
    await admin.wait_for("echo assign it")
    update = (
        await telegram.rows(
            "select update_id from telegram_updates where payload #>> '{message,text}' = 'echo assign it'"
        )
    )[0]
    await telegram.fault(method="sendMessage", code=403, description="Forbidden: bot was blocked by the user")

    await give_card(telegram, budi, source=f"tg-{update.update_id}")

    await admin.wait_for("Budi has blocked this bot")
    await telegram.settled()
    blocked = await telegram.rows("select blocked_at from telegram_accounts where user_id = :id", id=budi.id)
    assert blocked[0].blocked_at is not None
    await give_card(telegram, budi, source=f"tg-{update.update_id}-later")
    failed = await telegram.rows("select error from deliveries where state = 'failed' order by id")
    assert failed[-1].error == "blocked"


async def test_whoever_lets_the_bot_in_again_can_be_written_to(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.block()
    await eventually(lambda: blocked_rows(telegram), lambda found: found != [None])

    await budi.unblock()
    await eventually(lambda: blocked_rows(telegram), lambda found: found == [None])
    await notify(telegram, budi, "welcome back")

    await budi.wait_for("notice welcome back")
    await telegram.settled()


async def test_somebody_without_telegram_gets_no_card_and_the_sender_is_told_once(telegram: Telegram) -> None:
    admin = await telegram.person("Admin")
    await telegram.rows(
        "insert into users (id, name) overriding system value values (77, 'Rina') returning id"
    )
    await telegram.replica()
    await admin.send("echo assign it")
    await admin.wait_for("echo assign it")
    update = (await telegram.rows("select max(update_id) as id from telegram_updates"))[0]

    for _ in range(2):
        async with telegram.database.transaction(SYSTEM) as session:
            await ensure_card(session, MACHINE, 1, 77, loudness=Loudness.SOUND, source=f"tg-{update.id}")

    await admin.wait_for("Rina has not linked Telegram yet")
    await telegram.settled()
    assert len(await bot_messages(admin)) == 2


async def test_a_loud_change_sends_the_card_again_and_the_old_one_shrinks_to_its_first_line(
    telegram: Telegram,
) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    old = await budi.wait_for("first title")

    await give_card(telegram, budi, source="again")

    await budi.wait_for("This card is in a newer message")
    await telegram.settled()
    shrunk, card = [message for message in await budi.messages() if message["from"]["is_bot"]]
    assert shrunk["text"] == "first title\nThis card is in a newer message."
    assert list(labels(shrunk)) == []
    assert card["reply_to_message"]["message_id"] == old["message_id"]
    assert list(labels(card)) == ["Touch", "Slow", "Taken", "Work"]


async def test_a_silent_change_stays_in_place_until_more_than_15_messages_lie_above(
    telegram: Telegram,
) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    card = await budi.wait_for("first title")
    for number in range(15):
        await budi.send(f"text {number}")
    await eventually(lambda: handled(telegram), lambda count: count == 15)

    await change(telegram, "still in place")
    assert (await budi.wait_for("still in place"))["message_id"] == card["message_id"]
    await budi.send("one more")
    await eventually(lambda: handled(telegram), lambda count: count == 16)
    await change(telegram, "at the bottom")

    moved = await budi.wait_for(lambda one: one["text"].startswith("at the bottom\nbody"))
    await budi.wait_for("This card is in a newer message")
    assert moved["message_id"] > card["message_id"]


async def test_a_silent_change_moves_a_card_that_is_older_than_12_hours(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    card = await budi.wait_for("first title")
    await telegram.settled()
    await telegram.rows("update cards set sent_at = sent_at - interval '13 hours' returning id")

    await change(telegram, "at the bottom")

    moved = await budi.wait_for(lambda one: one["text"].startswith("at the bottom\nbody"))
    assert moved["message_id"] != card["message_id"]


async def test_a_final_card_has_no_buttons_and_a_card_without_a_row_is_left_alone(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    await budi.wait_for("first title")

    telegram.stage.final.add(1)
    await change(telegram, "the end")
    end = await budi.wait_for("the end")
    assert list(labels(end)) == []
    del telegram.stage.titles[1]
    async with telegram.database.transaction(SYSTEM) as session:
        await touch_cards(session, MACHINE, 1)

    await telegram.settled()
    assert (await telegram.rows("select retired_at from cards"))[0].retired_at is not None


async def test_a_notice_replies_to_the_readers_card_and_knows_its_present_row(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    card = await budi.wait_for("first title")

    await notify(telegram, budi, "hot", template="with_button", thing=MACHINE, thing_id=1)
    await notify(telegram, budi, "hot", template="with_button", thing=MACHINE, thing_id=1)

    notice = await budi.wait_for("notice hot about first title")
    await telegram.settled()
    assert notice["reply_to_message"]["message_id"] == card["message_id"]
    assert list(labels(notice)) == ["Touch"]
    assert len(await bot_messages(budi)) == 2


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

    await notify(telegram, budi, "hello", loudness=loudness)

    await budi.wait_for("notice hello")
    call = (await telegram.calls("sendMessage"))[0]
    assert (str(call["params"].get("disable_notification", "false")).lower() == "true") is silent


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


async def test_a_sender_that_dies_between_claim_and_answer_leaves_the_outcome_unknown(
    telegram: Telegram,
) -> None:
    budi = await telegram.person()
    await give_card(telegram, budi)
    await telegram.rows(
        "update deliveries set state = 'sending', updated_at = now() - interval '1 minute' returning id"
    )

    await telegram.replica()

    await eventually(lambda: states(telegram), lambda found: found == ["uncertain"])


async def handled(telegram: Telegram) -> int:
    return len(telegram.stage.handled)


async def states(telegram: Telegram) -> list[str]:
    return [
        row.state
        for row in await telegram.rows("select state from deliveries where card_id is not null order by id")
    ]


async def blocked_rows(telegram: Telegram) -> list[Any]:
    return [row.blocked_at for row in await telegram.rows("select blocked_at from telegram_accounts")]
