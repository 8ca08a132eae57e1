"""What happens when Telegram says no, or nothing at all."""

from db.chat.cards import ensure_card
from db.chat.health import health
from db.session import SYSTEM
from domain.chat import DeliveryClass, Loudness, Thing
from siaga.simulator.person import labels
from tests.bot.conftest import Telegram
from tests.bot.sending import blocked_rows, bot_messages, change, give_card, notify, states
from tests.waiting import eventually

MACHINE = Thing.MACHINE


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


async def test_a_card_that_pages_with_unknown_outcome_is_repeated_with_a_mark(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.fault(method="sendMessage", drop_after_apply=True)
    await telegram.replica()

    await give_card(telegram, budi, delivery_class=DeliveryClass.ALARM)

    await budi.wait_for("Sent again because")
    await telegram.settled()
    assert len(await bot_messages(budi)) == 2
    await change(telegram, "second title")
    changed = await budi.wait_for("second title")
    assert "Sent again because" not in changed["text"]


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

    await budi.send("echo here I am")

    await budi.wait_for("echo here I am")
    assert set(await blocked_rows(telegram)) == {None}


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
