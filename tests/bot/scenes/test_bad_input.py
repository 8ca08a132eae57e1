"""What people do by mistake, in haste or at length: nothing is lost, and each is answered with a sentence."""

import asyncio
from typing import Any

import pytest

from domain.assignments import AssignmentMove, AssignmentStatus, AssignmentView
from siaga.simulator.person import Message, Person
from tests.bot.scenes.world import World, jpeg


def _data(card: Message, label: str) -> str:
    buttons = [button for row in card["reply_markup"]["inline_keyboard"] for button in row]
    return str(next(button["callback_data"] for button in buttons if button["text"] == label))


async def _tap_behind(world: World, who: Person, card: Message, data: str) -> dict[str, Any]:
    """Tap a button that the phone still shows although the card has moved on."""
    body = {"message_id": card["message_id"], "data": data, "stale": True}
    answer = await world.http.post(f"/sim/people/{who.id}/tap", json=body)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def _before(world: World, task: AssignmentView, what: str) -> None:
    moves: dict[str, tuple[AssignmentMove, str, dict[str, Any]]] = {
        "cancelled": (AssignmentMove.CANCEL, "Admin", {}),
        "accepted": (AssignmentMove.ACCEPT, "Technician", {}),
        "given to another": (
            AssignmentMove.OFFER,
            "Admin",
            {"offer": world.field.offer("Operator")},
        ),
        "taken back": (AssignmentMove.WITHDRAW, "Admin", {}),
    }
    move, by, words = moves[what]
    await world.field.move(task, move, by, **words)


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("cancelled", "sudah berakhir"),
        ("given to another", "Operator"),
        ("taken back", "bukan (lagi) untuk Anda"),
    ],
)
async def test_a_tap_on_an_old_card_is_answered_honestly(world: World, what: str, answer: str) -> None:
    technician = await world.player("technician")
    task = await world.field.a_task()
    card = await technician.wait_for("Bisa Anda kerjakan?")
    accept = _data(card, "Terima")
    await _before(world, task, what)
    await world.settled()

    told = await _tap_behind(world, technician, card, accept)

    assert told["show_alert"]
    assert answer in told["text"], told["text"]
    assert (await world.field.row(task)).status != AssignmentStatus.ACCEPTED


async def test_a_double_tap_accepts_once(world: World) -> None:
    technician = await world.player("technician")
    task = await world.field.a_task()
    card = await technician.wait_for("Bisa Anda kerjakan?")
    accept = _data(card, "Terima")

    await asyncio.gather(*(_tap_behind(world, technician, card, accept) for _ in range(2)))

    assert [line.action for line in await world.field.story(task)] == ["offer", "accept"]


async def test_a_tap_against_a_cancel_in_the_same_moment_has_one_end(world: World) -> None:
    technician = await world.player("technician")
    task = await world.field.a_task()
    card = await technician.wait_for("Bisa Anda kerjakan?")

    await asyncio.gather(
        _tap_behind(world, technician, card, _data(card, "Terima")), _before(world, task, "cancelled")
    )

    assert (await world.field.row(task)).status == AssignmentStatus.CANCELLED
    await technician.wait_for("Dibatalkan")


async def test_notes_and_captions_of_any_length_and_kind_are_kept_and_shown(world: World) -> None:
    technician, admin = await world.player("technician"), await world.player("admin")
    task = await world.field.a_task(description="<i>Lihat</i> & dengar 🔧")
    await world.field.move(task, AssignmentMove.ACCEPT)
    await world.field.move(task, AssignmentMove.START)
    caption = ("📷<b>&" * 300)[:1024]
    await technician.photo(jpeg("olive"), caption=caption)
    await technician.wait_for("1 foto")
    notes = ("<script>&amp; 🛠️ selesai? " * 200)[:4080].strip()

    await technician.send(f"Selesai: {notes}")

    await technician.wait_for("Terima kasih")
    told = await admin.wait_for(lambda one: "photo" in one)
    assert "<script>&amp; 🛠️" in told["caption"]
    assert (await world.field.row(task)).completion_notes == notes
