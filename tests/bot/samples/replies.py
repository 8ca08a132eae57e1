"""Variables of the replies."""

from collections.abc import Iterator

from bot.commands import COMMANDS, commands_for
from domain.assignments import AssignmentStatus
from domain.roles import Role
from tests.bot.samples.rows import (
    BOSS,
    CODES,
    MACHINE_STORY,
    NASTY,
    NOBODY,
    PERSON,
    TASK_STORY,
    Words,
    a_duty,
    a_machine,
    a_person_row,
    a_task,
    an_invite,
)


def replies() -> Iterator[tuple[str, Words]]:
    """Return the replies' variables."""
    yield from _plain()
    yield from _work()
    yield from _lists()
    yield from _people()


def _plain() -> Iterator[tuple[str, Words]]:
    named = {"number": 12, "machine": NASTY, "name": NASTY}
    for name in ("completed", "declined", "handed_back", "offered", "task_cancelled"):
        yield f"replies/{name}", named
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
    yield "replies/no_task_for_photo", {"waiting": None}
    yield "replies/no_task_for_photo", {"waiting": a_task()}
    yield "replies/photo_wanted", {"task": a_task()}
    yield "replies/photo_wanted", {"task": a_task(photos=[1])}
    yield "replies/photos_added", {"machine": NASTY, "photos": 1}
    yield "replies/onboarding_cancelled", {"machine_name": NASTY}
    yield "replies/key", {"machine": a_machine(), "key": "rvm_secret"}
    yield "replies/setup_code", {"machine": a_machine(), "code": CODES[0]}
    yield (
        "replies/invite_link",
        {"name": NASTY, "role": "teknisi", "organization": "Siaga", "url": "https://t.me/x?start=1"},
    )
    for invite in (an_invite(), an_invite(organization_name="", opened_by_name=None, role=Role.SUPER_ADMIN)):
        yield "replies/invite_waiting", {"invite": invite}
        yield "replies/invite_linked", {"invite": invite}


def _lists() -> Iterator[tuple[str, Words]]:
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
        yield "replies/person", {"row": row, "mark": mark}
    for tasks in (0, 1, 3):
        yield "replies/suspended", {"name": NASTY, "organization": "Siaga", "tasks": tasks}
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
    for name, shown in (("", ""), (NASTY, "Sen-Jum 08.00-17.00")):
        yield "replies/shifts", {"name": name, "week": shown}
    yield "replies/shifts_where", {}
    for hours, own, unread in (("", True, False), ("21.00-06.00", False, True)):
        yield "replies/quiet", {"hours": hours, "own": own, "unread": unread}
