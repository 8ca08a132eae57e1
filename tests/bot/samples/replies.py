"""Variables of the replies."""

from collections.abc import Iterator
from datetime import timedelta

from bot.commands import COMMANDS, commands_for
from bot.handing_over import Plan
from bot.handlers.my_machines import Near
from db.pins import IssuedPin
from db.queries.field_figures import FieldFigures
from db.queries.handing_over import Holdings
from domain.arrivals import ArrivalMethod
from domain.assignments import AssignmentStatus
from domain.priorities import Priority
from domain.roles import Role
from tests.bot.samples.problems import a_report_line
from tests.bot.samples.rows import (
    BOSS,
    CODES,
    MACHINE_STORY,
    NASTY,
    NOBODY,
    NOW,
    PERSON,
    TASK_STORY,
    Words,
    a_duty,
    a_machine,
    a_person_row,
    a_task,
    an_invite,
)

PAGE_OF_TWO: Words = {"total": 8, "first": 7, "page": 2, "pages": 2}


def replies() -> Iterator[tuple[str, Words]]:
    """Return the replies' variables."""
    yield from _plain()
    yield from _work()
    yield from _codes()
    yield from _field_work()
    yield from _lists()
    yield from _people()


def _plain() -> Iterator[tuple[str, Words]]:
    named = {"number": 12, "machine": NASTY, "name": NASTY}
    named_replies = ("declined", "handed_back", "offered", "task_cancelled", "accepted", "undone")
    for name in (*named_replies, "problem_reported", "problem_dismissed"):
        yield f"replies/{name}", named
    for name in ("postponed", "rescheduled"):
        yield f"replies/{name}", {**named, "scheduled_date": NOW}
    for until in (None, NOW):
        yield "replies/completed", {**named, "undo_until": until}
    for priority in Priority:
        yield "replies/prioritized", {**named, "priority": priority}
    for name in (
        "language_set",
        "dialog_cancelled",
        "nothing_to_cancel",
        "not_understood",
        "start_stranger",
        "why_usage",
    ):
        yield f"replies/{name}", {}
    for person in (PERSON, NOBODY, BOSS):
        yield "replies/start", {"person": person, "commands": commands_for(person)}
        tasks = [a_task()] * 12 if person is PERSON else []
        duties = [a_duty(), a_duty(on=False)] if person is PERSON else []
        yield "replies/me", {"me": person, "tasks": tasks, "duties": duties, "quiet": "21.00-06.00"}
        yield "replies/help", {"person": person, "commands": COMMANDS}
        yield "replies/language", {"person": person}
    yield "replies/help", {"commands": commands_for(None)}
    yield "replies/language", {}


def _work() -> Iterator[tuple[str, Words]]:
    yield "replies/tasks", {"tasks": [a_task(), a_task(machine_name=NASTY)]}
    yield "replies/tasks", {"tasks": []}
    for waiting, over in ((None, None), (a_task(), None), (None, a_task())):
        for undoable in (True, False):
            words: Words = {"waiting": waiting, "over": over, "undoable": undoable}
            yield "replies/no_task_for_photo", words
    yield "replies/photo_wanted", {"task": a_task()}
    yield "replies/photo_wanted", {"task": a_task(photos=[1])}
    yield "replies/photos_added", {"machine": NASTY, "photos": 1}
    yield "replies/onboarding_cancelled", {"machine_name": NASTY}
    yield "replies/key", {"machine": a_machine(), "key": "rvm_secret"}
    for ahead in (True, False):
        pin = IssuedPin("07118572", 3, NASTY, "Asia/Jayapura", NOW, NOW + timedelta(hours=2))
        yield "replies/pin", {"pin": pin, "digits": "07 118 572", "ahead": ahead}
    yield "replies/pin_where", {"machines": 2}
    yield "replies/pin_where", {"machines": 0}
    yield "replies/setup_code", {"machine": a_machine(), "code": CODES[0]}
    yield (
        "replies/invite_link",
        {"name": NASTY, "role": "teknisi", "organization": "Siaga", "url": "https://t.me/x?start=1"},
    )
    for invite in (an_invite(), an_invite(organization_name="", opened_by_name=None, role=Role.SUPER_ADMIN)):
        yield "replies/invite_waiting", {"invite": invite}
        yield "replies/invite_linked", {"invite": invite}


def _codes() -> Iterator[tuple[str, Words]]:
    for description in (NASTY, ""):
        yield "replies/report_photo", {"line": a_report_line(description=description)}
    yield "replies/label_image", {"machine": a_machine(name=NASTY)}
    yield "replies/label_a6", {}
    for count in (1, 12):
        yield "replies/label_a4", {"count": count}


def _field_work() -> Iterator[tuple[str, Words]]:
    yield "replies/no_task_for_word", {"task": None}
    for status in AssignmentStatus:
        yield "replies/no_task_for_word", {"task": a_task(status=status)}
    for method in ArrivalMethod:
        yield "replies/started", {"task": a_task(), "method": method, "steps": 3}
    yield "replies/started", {"task": a_task(machine_name=NASTY), "method": ArrivalMethod.QR, "steps": 0}
    for said in ("", NASTY):
        yield "replies/problem", {"task": a_task(), "said": said}
    yield "replies/here", {"tasks": [a_task()]}
    yield "replies/followed", {"task": a_task()}
    for may_enter in (True, False):
        yield "replies/nothing_here", {"machine": a_machine(name=NASTY), "may_enter": may_enter}
    for until in (None, NOW):
        yield "replies/access_given", {"name": NASTY, "machine": a_machine(), "until": until}
    yield "replies/access_taken", {"held": NASTY}


def _lists() -> Iterator[tuple[str, Words]]:
    box = a_machine(ip_address_vpn="10.8.0.3", ip_address_local="192.168.1.20", name=NASTY)
    near = [Near(box, 350.0), Near(a_machine(address=None, ip_address_vpn="10.8.0.3"), 12_340.0)]
    yield "replies/my_machines", {**PAGE_OF_TWO, "near": near, "sorted": True}
    yield "replies/my_machines", {**PAGE_OF_TWO, "near": [Near(box, None)], "sorted": False, "pages": 1}
    yield "replies/my_machines", {**PAGE_OF_TWO, "near": [], "sorted": False}
    stands = {"by_status": {"active": 3, "full": 1}, "by_connection": {"online": 2, "offline": 2}}
    yield (
        "replies/fleet",
        {"total": 4, "machines": [a_machine()], "page": 1, "pages": 2, "first": 1, **stands},
    )
    yield (
        "replies/fleet",
        {"total": 0, "machines": [], "page": 1, "pages": 1, "first": 1, "by_status": {}, "by_connection": {}},
    )
    rows = [
        (a_person_row(), ""),
        (a_person_row(is_active=False, username=None), "⏸"),
        (a_person_row(name=NASTY), "❔"),
    ]
    listed: Words = {"rows": rows, "total": 3, "first": 9, "page": 2, "pages": 2}
    yield "replies/people", {**listed, "organizations": {1: "Siaga", 2: "Mitra"}}
    yield "replies/people", {**listed, "organizations": {1: "Siaga"}, "pages": 1}
    for row, mark in (*rows, (a_person_row(linked=False), "❔"), (a_person_row(blocked=True), "🚫")):
        yield "replies/person", {"row": row, "mark": mark, "duties": [a_duty()] if row.is_active else []}
    for tasks in (0, 1, 3):
        left = Holdings([], [], [12] * tasks, [], [])
        yield "replies/suspended", {"name": NASTY, "organization": "Siaga", "tasks": tasks, "left": left}
    yield "replies/restored", {"name": NASTY, "organization": "Siaga"}
    for task in (a_task(), a_task(assigned_to_name=None), a_task(status=AssignmentStatus.COMPLETED)):
        yield "replies/why_assignment", {"task": task, "story": TASK_STORY, "workflow_id": "assignment-12"}
    yield "replies/why_assignment", {"task": a_task(), "story": [], "workflow_id": "assignment-12"}
    yield "replies/why_machine", {"machine": a_machine(), "story": MACHINE_STORY, "workflow_id": "machine-1"}
    yield "replies/why_machine", {"machine": a_machine(), "story": [], "workflow_id": "machine-1"}


def _people() -> Iterator[tuple[str, Words]]:
    for duties in ([a_duty()], [a_duty(on=False), a_duty(organization_name=NASTY, changes_at=None)]):
        for tasks in ([], [a_task(), a_task(machine_name=NASTY)]):
            yield "replies/duty", {"duties": duties, "tasks": tasks}
            yield "replies/duty_left", {"left": tasks}
    yield "replies/duty_kept", {}
    yield "replies/satisfaction", {"stars": 4}
    yield "replies/satisfaction_noted", {}
    for name, shown in (("", ""), (NASTY, "Sen-Jum 08.00-17.00")):
        yield "replies/shifts", {"name": name, "week": shown}
    yield "replies/shifts_where", {}
    for hours, own, unread in (("", True, False), ("21.00-06.00", False, True)):
        yield "replies/quiet", {"hours": hours, "own": own, "unread": unread}
    much, nothing = Holdings([1, 2], [3], [4], [5, 6], [7]), Holdings([], [], [], [], [])
    giver = a_person_row(name=NASTY)
    for found, role, may_grant in (
        (much, Role.TECHNICIAN, False),
        (much, Role.ADMIN, True),
        (nothing, Role.ADMIN, True),
    ):
        wanted = Plan(giver, a_person_row(role=role), found, may_grant)
        yield "replies/handover_plan", {"plan": wanted}
        said: Words = {"plan": wanted, "found": found, "with_grants": may_grant}
        yield "replies/handed_over", {**said, "waiting": len(found.tasks)}
        yield "replies/handed_over", {**said, "waiting": 0}
    yield "replies/handover_left", {}
    some = FieldFigures(NOW, NOW, 2, 14, 0.857, 126.4, 1, 2, 4.5)
    none = FieldFigures(NOW, NOW, 0, 0, None, None, 0, 0, None)
    for figures in (some, none):
        yield "replies/figures", {"row": giver, "figures": figures, "days": 30}
