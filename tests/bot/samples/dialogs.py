"""Variables of the dialogs."""

from collections.abc import Iterator

from bot.dialogs.fields import Picked, Team
from bot.dialogs.staff_moves import DIALOGS as STAFF_DIALOGS
from bot.registry import DIALOGS
from tests.bot.samples.rows import NASTY, NOW, PLACE, Words

_ABOUT_TASK: Words = {
    "task": 12,
    "machine": Picked(3, NASTY),
    "task_type": "repair",
    "notes": "",
    "label": NASTY,
    "limits": "11-13 V",
    "code": "voltage",
    "kind": "number",
    "machine_name": NASTY,
    "scheduled": NOW,
    "others": "",
}
"""What dialogs about a task are opened with."""
_OPENED: dict[str, Words] = {
    "cancel_onboarding": {"machine": 3, "machine_name": NASTY},
    "shifts": {"person_name": NASTY},
    "delete_plan": {"plan": 7, "machine_name": NASTY},
    "setting": {"organization": Picked(1, ""), "key": "outage_alert_s", "unit": "s"},
    "report_problem": {"machine": 3, "machine_name": NASTY},
    **{name: {"ticket": 1, "number": "PD-000001", "status": "open"} for name in STAFF_DIALOGS.values()},
    "reply_customer": {"ticket": 1, "number": "PD-000001"},
    "join": {"language": "id"},
    "leave_pharmacy": {"pharmacy": 1, "pharmacy_name": NASTY},
    "change_draft": {"draft": 5, "present": NASTY},
    "answer_ticket": {"ticket": 123, "number": "PD-000123"},
    "rate_ticket": {"ticket": 123, "number": "PD-000123", "stars": 4},
    "dismiss_problem": {"problem": 7, "machine_name": NASTY},
    "desk_choice": {"organization": 3, "kind": "module", "number": 0},
    "desk_canned": {"organization": 3, "number": 0},
    "desk_promise": {"organization": 3, "priority": "high"},
    "desk_hours": {"organization": 3},
    "desk_holiday": {"organization": 3},
    "pharmacy_edit": {"pharmacy": 1, "pharmacy_name": NASTY},
    "pharmacy_pic": {"pharmacy": 1, "pharmacy_name": NASTY},
}
"""What other dialogs are opened with."""
_GIVEN: Words = {
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
    "to": Picked(5, NASTY),
    "description": NASTY,
    "role": "teknisi",
    "reason": "busy",
    "key": "outage_alert_s",
    "unit": "s",
    "value": "90 menit",
    "what": "tasks",
    "period": "this_month",
    "kind": "csv",
    "rule": "every_days",
    "every": 10,
    "asks": "person",
    "attachment": Picked(6, NASTY),
    "pharmacy": Picked(1, NASTY),
    "customer": Picked(11, NASTY),
}
"""An answer to each question."""


def dialogs() -> Iterator[tuple[str, Words]]:
    """Return the dialogs' variables at each of their questions, with as little answered as can be then."""
    for dialog in DIALOGS:
        first = dialog.fields[0].name
        answers = dict(_ABOUT_TASK if first == "task" else _OPENED.get(dialog.name, {}))
        for one in dialog.fields:
            yield (
                f"dialogs/{dialog.name}",
                {"field": one.name, "answers": dict(answers), "step": 1, "steps": 2},
            )
            if one.name not in answers:
                answers[one.name] = _GIVEN.get(one.name)
        alone = Team((Picked(4, "Budi"),))
        without = {**answers, "installer": None, "capacity": None, "description": None, "until": None}
        without |= {"people": alone} if "people" in answers else {}
        last = dialog.fields[-1].name
        yield f"dialogs/{dialog.name}", {"field": last, "answers": without, "step": 2, "steps": 2}
