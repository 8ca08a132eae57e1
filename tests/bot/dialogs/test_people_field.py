"""Whom to ask: one by one tap, several with ticks, or everyone who may enter."""

from typing import Any

import pytest

from bot.dialogs.fields import Option, PeopleField, Picked, Team
from bot.dialogs.pickers import offer_to
from bot.dialogs.prompts import keyboard
from bot.dialogs.reading import Answer, Stay, read_tap
from bot.dialogs.values import decode, encode
from bot.render import Audience
from db.chat.dialogs import DialogState
from domain.errors import OldCard
from domain.offers import OfferMode

PEOPLE = [
    {"id": number, "label": name, "note": ""} for number, name in ((4, "Ana"), (5, "Budi"), (6, "Citra"))
]
JAKARTA = "Asia/Jakarta"


async def nobody(*_: object) -> list[Option]:
    return []


FIELD = PeopleField(name="people", options=nobody, everyone=nobody)


def taps(*buttons: str, everyone: int = 0) -> Any:  # noqa: ANN401 - an answer, or what is still open
    """Return what a series of taps comes to, each on the prompt that the one before left."""
    draft: dict[str, Any] = {"options": PEOPLE, "everyone": PEOPLE[:everyone]}
    read: Any = None
    for one in buttons:
        action, _, arg = one.partition(" ")
        shown = {
            button.tap.action + (f" {button.tap.args[0]}" if button.tap.args else "")
            for row in keyboard(FIELD, _state(draft), Audience("id", JAKARTA))
            for button in row
            if button.tap
        }
        assert one in shown, shown
        read = read_tap(FIELD, action, [arg], draft, JAKARTA)
        draft = read.draft if isinstance(read, Stay) else draft
    return read.value if isinstance(read, Answer) else read


def _state(draft: dict[str, Any]) -> DialogState:
    return DialogState(1, 9, 0, 9, "assign", "people", [], {}, draft, 0, "tg-1", "tg-1")


def names(team: Team) -> list[str]:
    return [one.label for one in team.people]


def test_one_tap_asks_one_person() -> None:
    assert taps("pick 5") == Team((Picked(5, "Budi"),))


def test_ticks_ask_several_in_the_order_they_were_ticked() -> None:
    team = taps("several", "pick 6", "pick 4", "pick 5", "pick 4", "in_turn")

    assert names(team) == ["Citra", "Budi"]
    assert offer_to(team).mode == OfferMode.ONE


def test_all_at_once_is_a_pool_when_they_are_several() -> None:
    assert offer_to(taps("several", "pick 4", "pick 5", "at_once")).mode == OfferMode.POOL
    assert offer_to(taps("several", "pick 4", "at_once")).mode == OfferMode.ONE


def test_everyone_with_access_is_one_tap() -> None:
    team = taps("everyone", everyone=3)

    assert names(team) == ["Ana", "Budi", "Citra"]
    assert offer_to(team).mode == OfferMode.POOL


@pytest.mark.parametrize("action", ["everyone", "at_once", "in_turn"])
def test_a_button_that_is_not_there_is_an_old_one(action: str) -> None:
    with pytest.raises(OldCard):
        read_tap(FIELD, action, [], {"options": PEOPLE}, JAKARTA)


def test_a_team_survives_the_row_of_a_dialog() -> None:
    team = Team((Picked(4, "Ana"), Picked(5, "Budi")), at_once=True)

    assert decode(encode(team)) == team
