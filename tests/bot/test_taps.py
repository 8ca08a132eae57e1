"""A tap is answered once: with the result, a refusal, or "noted" after two seconds."""

from tests.bot.conftest import Telegram
from tests.bot.sending import give_card
from tests.waiting import eventually


async def test_a_tap_is_answered_with_its_result_and_the_card_follows(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)

    answer = await budi.tap("Touch")

    assert (answer["text"], answer["show_alert"]) == ("done", False)
    await budi.wait_for("touched by tg-")
    await telegram.settled()


async def test_a_refusal_is_an_alert(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)

    answer = await budi.tap("Taken")

    assert (answer["text"], answer["show_alert"]) == ("refused: already_taken by Budi", True)


async def test_a_slow_tap_is_answered_noted_within_two_seconds_and_only_once(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)

    answer = await budi.tap("Slow")

    assert answer["text"].startswith("Noted")
    await eventually(
        lambda: telegram.rows(
            "select 1 from telegram_updates where handled_at is not null and payload ? 'callback_query'"
        ),
        bool,
    )
    assert len(await telegram.calls("answerCallbackQuery")) == 1


async def test_a_tap_in_an_outage_is_noted_once_and_applied_once_later(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await give_card(telegram, budi)
    telegram.stage.temporal_away = True

    answer = await budi.tap("Work")
    assert answer["text"].startswith("Noted")
    telegram.stage.temporal_away = False

    await budi.wait_for("applied")
    await telegram.settled()
    assert len(telegram.stage.applied) == 1
    assert len(await telegram.calls("answerCallbackQuery")) == 1


async def test_a_button_of_another_chat_is_refused(telegram: Telegram) -> None:
    budi, eve = await telegram.person("Budi"), await telegram.person("Eve")
    await telegram.replica()
    await give_card(telegram, budi)
    card = await budi.wait_for("first title")
    stolen = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]

    chat = {"id": eve.id, "type": "private", "first_name": "Eve"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": chat, "text": "forwarded"}
    user = {"id": eve.id, "is_bot": False, "first_name": "Eve"}
    query = {"id": "4712", "from": user, "chat_instance": "1", "message": message, "data": stolen}
    await telegram.push({"callback_query": query})

    answers = await eventually(lambda: telegram.calls("answerCallbackQuery"), bool)
    assert answers[0]["params"]["text"] == "refused: not_allowed"
    assert telegram.stage.titles[1] == "first title"


async def test_a_suspended_person_is_told_so_and_nothing_is_done(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.rows("update users set is_active = false where id = :id returning id", id=budi.id)
    await telegram.replica()

    await budi.send("echo me")

    await budi.wait_for("refused: suspended")
    assert telegram.stage.handled == []
