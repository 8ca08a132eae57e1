"""A declared dialog asks, checks, goes back, survives a restart, and finishes once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogs.fields import Picked, Place
from siaga.simulator.person import Person, labels
from tests.bot.conftest import Telegram
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("without_pace")
NEXT_PAGE = "›"  # noqa: RUF001 - the label as it is


async def prompt(person: Person, name: str) -> dict[str, object]:
    """The newest question about a field that still has buttons."""
    return await person.wait_for(lambda one: f"{name}?" in one.get("text", "") and bool(list(labels(one))))


async def test_a_dialog_from_the_first_question_to_the_end(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()

    await budi.send("/visit")
    await prompt(budi, "name")
    await budi.send("RVM <Mall> & Co")
    await prompt(budi, "capacity")
    await budi.tap("Skip")
    await prompt(budi, "kind")
    await budi.tap("Repair")
    await prompt(budi, "who")
    await budi.tap("Citra")
    await prompt(budi, "place")
    await budi.location(-6.2, 106.8, horizontal_accuracy=12)
    await prompt(budi, "at")
    await budi.tap("Tomorrow")
    await budi.tap("09:00")
    await prompt(budi, "confirm")
    await budi.tap("Confirm")

    await budi.wait_for("finished")
    await telegram.settled()
    tomorrow = datetime.now(ZoneInfo("Asia/Jakarta")) + timedelta(days=1)
    assert telegram.stage.finished == [
        {
            "name": "RVM <Mall> & Co",
            "capacity": None,
            "kind": "repair",
            "who": Picked(3, "Citra"),
            "place": Place(-6.2, 106.8, "pin", 12.0),
            "at": tomorrow.replace(hour=9, minute=0, second=0, microsecond=0),
            "confirm": None,
        }
    ]
    assert await telegram.rows("select * from dialogs") == []
    assert all(not list(labels(message)) for message in await budi.messages())
    # What was confirmed stays to be read.
    assert (await budi.messages())[-2]["text"].startswith("confirm?\n")


async def test_another_replica_continues_where_the_person_was(telegram: Telegram) -> None:
    budi = await telegram.person()
    first = await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")
    await first.kill()

    await telegram.replica()
    await budi.send("Mall")

    await prompt(budi, "capacity")
    answered = await budi.wait_for("✓ Mall")
    assert answered["text"] == "name?\n✓ Mall"


async def test_a_problem_is_said_in_words_and_the_question_stays(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")

    await budi.send("x" * 21)
    await budi.wait_for("Too long: at most 20 characters, this has 21")
    await budi.send("sial")
    await budi.wait_for("Be kind.")
    await budi.location(-6.2, 106.8)
    await budi.wait_for("Please write the answer as text")
    await budi.send("Mall")
    await prompt(budi, "capacity")
    await budi.send("many")
    await budi.wait_for("That is not a number")
    await budi.send("2.5")
    await budi.wait_for("Please write a whole number")
    await budi.send("6000")
    await budi.wait_for("At most 5,000")
    await budi.send("1.200")

    await prompt(budi, "kind")
    assert (await telegram.rows("select answers from dialogs"))[0].answers == {
        "name": "Mall",
        "capacity": 1200,
    }


async def test_going_back_asks_the_last_question_again(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")
    await budi.send("Mall")
    await prompt(budi, "capacity")

    await budi.tap("Back")
    await prompt(budi, "name")
    await budi.send("Plaza")

    async def answers() -> list[object]:  # the prompt from before may still stand there
        return [row.answers for row in await telegram.rows("select answers from dialogs")]

    await eventually(answers, lambda found: found == [{"name": "Plaza"}])


async def test_a_button_of_an_earlier_question_is_old_and_changes_nothing(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")
    await budi.send("Mall")
    capacity = await prompt(budi, "capacity")
    await budi.tap("Skip", capacity)
    await prompt(budi, "kind")
    skip = next(
        button["callback_data"]
        for row in capacity["reply_markup"]["inline_keyboard"]  # type: ignore[index]
        for button in row
        if button["text"] == "Skip"
    )

    await telegram.push(a_tap(budi.id, int(str(capacity["message_id"])), skip))

    answers = await eventually(lambda: telegram.calls("answerCallbackQuery"), lambda calls: len(calls) == 2)
    assert answers[-1]["params"]["text"] == "refused: old_card"


async def test_cancel_ends_it_and_so_does_the_command(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")

    await budi.tap("Cancel")
    await budi.wait_for("name?\nCancelled.")
    await budi.send("/visit")
    await prompt(budi, "name")
    await budi.send("/stop")
    await budi.wait_for("stopped")
    await budi.send("/stop")
    await budi.wait_for("nothing open")

    await telegram.settled()
    shown = await budi.messages()
    assert all(not list(labels(message)) for message in shown)
    assert [one["text"] for one in shown].count("name?\nCancelled.") == 2


async def test_a_picker_searches_and_turns_pages_of_eight(telegram: Telegram) -> None:
    telegram.stage.options = [f"Person {number:02}" for number in range(20)]
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")
    await budi.send("Mall")
    await prompt(budi, "capacity")
    await budi.tap("Skip")
    await prompt(budi, "kind")
    await budi.tap("Inspection")
    first = await budi.wait_for("Page 1 of 3")
    assert [label for label in labels(first) if label.startswith("Person")] == [
        f"Person {number:02} · 2 tugas" for number in range(8)
    ]

    await budi.tap(NEXT_PAGE)
    await budi.wait_for("Page 2 of 3")
    await budi.send("17")
    found = await budi.wait_for(lambda one: "Person 17 · 2 tugas" in list(labels(one)))
    assert [label for label in labels(found) if label.startswith("Person")] == ["Person 17 · 2 tugas"]
    await budi.send("nobody")
    await budi.wait_for("Nothing fits “nobody”")
    await budi.tap("All (20)")
    await budi.wait_for("Page 1 of 3")


async def test_a_typed_moment_and_typed_coordinates(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")
    await budi.send("Mall")
    await prompt(budi, "capacity")
    await budi.send("100")
    await prompt(budi, "kind")
    await budi.tap("Repair")
    await prompt(budi, "who")
    await budi.tap("Ani")
    await prompt(budi, "place")
    await budi.send("somewhere")
    await budi.wait_for("That is not a location")
    await budi.send("-6.2088, 106.8456")
    await prompt(budi, "at")
    await budi.send("whenever")
    await budi.wait_for("That date and time cannot be read")
    await budi.send("besok 14:30")
    await prompt(budi, "confirm")
    await budi.tap("Confirm")

    await budi.wait_for("finished")
    finished = telegram.stage.finished[0]
    assert finished["place"] == Place(-6.2088, 106.8456, "typed")
    assert finished["at"].astimezone(ZoneInfo("Asia/Jakarta")).strftime("%H:%M") == "14:30"
    assert finished["at"] > datetime.now(UTC)


async def test_photos_are_counted_with_albums_and_text_is_asked_again(
    telegram: Telegram, jpeg: Callable[[str], bytes]
) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/photos")
    await prompt(budi, "pictures")

    await budi.send("here they are")
    await budi.wait_for("Please send a photo, not text")
    await budi.photo(jpeg("red"))
    await eventually(lambda: telegram.rows("select draft from dialogs where draft ? 'photos'"), bool)
    await budi.photo(jpeg("green"), jpeg("blue"))
    await budi.tap("Done (3 photos)")

    await budi.wait_for("finished")
    pictures = telegram.stage.finished[0]["pictures"]
    assert len(pictures) == 3
    assert pictures[1].media_group_id == pictures[2].media_group_id is not None
    assert pictures[0].media_group_id is None


async def test_an_outage_at_the_last_step_finishes_once_with_the_opening_source(
    telegram: Telegram, jpeg: Callable[[str], bytes]
) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/photos")
    await prompt(budi, "pictures")
    opened = (await telegram.rows("select source from dialogs"))[0].source
    telegram.stage.temporal_away = True

    await budi.photo(*[jpeg(colour) for colour in ("red", "green", "blue", "navy")])
    await budi.wait_for("🕓 Noted")
    telegram.stage.temporal_away = False

    await budi.wait_for("finished")
    await telegram.settled()
    assert telegram.stage.applied == [opened]


async def test_commands_pass_an_open_dialog(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    await prompt(budi, "name")

    await budi.send("/work")

    await budi.wait_for("applied")
    assert (await telegram.rows("select field from dialogs"))[0].field == "name"


async def test_opening_again_takes_the_place_of_the_open_one(telegram: Telegram) -> None:
    budi = await telegram.person()
    await telegram.replica()
    await budi.send("/visit")
    first = await prompt(budi, "name")

    await budi.send("/photos")

    await prompt(budi, "pictures")
    await telegram.settled()
    closed = next(one for one in await budi.messages() if one["message_id"] == first["message_id"])
    assert closed["text"] == "name?\nCancelled."


def a_tap(person: int, message_id: int, data: str) -> dict[str, object]:
    chat = {"id": person, "type": "private", "first_name": "Budi"}
    message = {"message_id": message_id, "date": 1_790_000_000, "chat": chat, "text": "capacity?"}
    user = {"id": person, "is_bot": False, "first_name": "Budi"}
    query = {"id": "4711", "from": user, "chat_instance": "1", "message": message, "data": data}
    return {"callback_query": query}
