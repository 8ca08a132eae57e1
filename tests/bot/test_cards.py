"""One card per thing and chat, edited through its life, moved as WORDS 5 says."""

from sqlalchemy import text

from db.chat.cards import card_of, touch_cards
from db.chat.overtaken import overtaken
from db.session import SYSTEM
from domain.chat import Thing
from siaga.simulator.person import labels
from tests.bot.conftest import Telegram
from tests.bot.sending import bot_messages, change, give_card, handled, notify
from tests.waiting import eventually

MACHINE = Thing.MACHINE


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
    await telegram.settled()  # what is above a card counts from the moment that is written
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
        await touch_cards(session, (MACHINE, 1))

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


async def test_a_card_that_is_touched_while_it_leaves_is_sent_up_to_date(telegram: Telegram) -> None:
    """The touch joins the due delivery, which is rendered before the touching transaction has ended."""
    budi = await telegram.person()
    await give_card(telegram, budi)
    async with telegram.database.transaction(SYSTEM) as session:
        rendered = await card_of(session, MACHINE, 1, budi.id)
    assert rendered is not None
    await change(telegram, "second title")

    async with telegram.database.transaction(SYSTEM) as session:
        await session.execute(text("update deliveries set state = 'sent'"))
        await overtaken(session, rendered)
    async with telegram.database.transaction(SYSTEM) as session:
        due = await session.scalar(text("select count(*) from deliveries where state = 'due'"))
    assert due == 1
