"""Variables of the dialogs."""

from collections.abc import Iterator

from bot.dialogs.fields import Picked
from bot.registry import DIALOGS
from tests.bot.samples.rows import NASTY, NOW, PLACE, Words

_KNOWN = (
    "decline",
    "hand_back",
    "complete",
    "offer",
    "cancel_task",
    "cancel_onboarding",
    "delete_plan",
    "postpone_each",
    "shifts",
)
"""Dialogs that are opened with what they are about."""


def dialogs() -> Iterator[tuple[str, Words]]:
    """Return the dialogs' variables at each of their questions, with as little answered as can be then."""
    known: Words = {"task": 12, "machine": 3, "machine_name": NASTY, "task_type": "repair", "failing": True}
    known |= {"plan": 7, "scheduled": NOW, "person_name": NASTY, "others": ""}
    given: Words = {
        "organization": Picked(1, "Siaga"),
        "name": NASTY,
        "place": PLACE,
        "address": NASTY,
        "serial_number": "RVM-1",
        "capacity": 400,
        "installer": Picked(4, "Budi"),
        "at": NOW,
        "machine": Picked(3, NASTY),
        "task_type": "repair",
        "priority": "urgent",
        "person": Picked(4, NASTY),
        "description": NASTY,
        "role": "teknisi",
        "reason": "busy",
        "rule": "every_days",
        "every": 10,
        "asks": "person",
    }
    for dialog in DIALOGS:
        about = known if dialog.name in _KNOWN else {}
        answers = dict(about)
        for one in dialog.fields:
            yield (
                f"dialogs/{dialog.name}",
                {"field": one.name, "answers": dict(answers), "step": 1, "steps": 2},
            )
            if one.name not in answers:
                answers[one.name] = given.get(one.name)
        without = {**answers, "installer": None, "capacity": None, "description": None}
        last = dialog.fields[-1].name
        yield f"dialogs/{dialog.name}", {"field": last, "answers": without, "step": 2, "steps": 2}
