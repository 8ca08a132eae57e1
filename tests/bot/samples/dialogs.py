"""Variables of the dialogs."""

from collections.abc import Iterator

from bot.dialogs.fields import Picked, Team
from bot.registry import DIALOGS
from tests.bot.samples.rows import NASTY, NOW, PLACE, Words


def dialogs() -> Iterator[tuple[str, Words]]:
    """Return the dialogs' variables at each of their questions, with as little answered as can be then."""
    about_task: Words = {"task": 12, "machine": Picked(3, NASTY), "task_type": "repair", "notes": ""}
    about_task |= {"label": NASTY, "limits": "11-13 V", "code": "voltage", "kind": "number"}
    about_task |= {"machine_name": NASTY, "scheduled": NOW, "others": ""}
    opened: dict[str, Words] = {
        "cancel_onboarding": {"machine": 3, "machine_name": NASTY},
        "shifts": {"person_name": NASTY},
        "report_problem": {"machine": 3, "machine_name": NASTY},
        "dismiss_problem": {"problem": 7, "machine_name": NASTY},
    }
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
        "people": Team((Picked(4, NASTY), Picked(5, "Sari")), at_once=True),
        "until": NOW,
        "grant": Picked(9, NASTY),
        "description": NASTY,
        "role": "teknisi",
        "reason": "busy",
    }
    for dialog in DIALOGS:
        first = dialog.fields[0].name
        answers = dict(about_task if first == "task" else opened.get(dialog.name, {}))
        for one in dialog.fields:
            yield (
                f"dialogs/{dialog.name}",
                {"field": one.name, "answers": dict(answers), "step": 1, "steps": 2},
            )
            if one.name not in answers:
                answers[one.name] = given.get(one.name)
        alone = Team((Picked(4, "Budi"),))
        without = {**answers, "installer": None, "capacity": None, "description": None, "until": None}
        without |= {"people": alone} if "people" in answers else {}
        last = dialog.fields[-1].name
        yield f"dialogs/{dialog.name}", {"field": last, "answers": without, "step": 2, "steps": 2}
