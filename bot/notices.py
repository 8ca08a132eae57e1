"""What notices carry beside their text: who did it, a picture, and the buttons that answer it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.assignment import possible_moves
from bot.content import Document, NoticeBuilder, NoticeView, Reader
from bot.keyboards import Style, button
from bot.shifts_text import week
from db.files import file_by_id
from db.queries.assignments import AssignmentDetail
from db.queries.duty import duties_of
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.people import person_by_id
from domain.assignments import AssignmentMove
from domain.onboarding import OnboardingMove, allowed

ABOUT_TASK, ABOUT_MACHINE, ABOUT_ONBOARDING = "task", "device", "setup"
"""What buttons of notices and lists are about; not the thing: such a message is no copy of its card."""

_ANSWERS: dict[AssignmentMove, tuple[str, Style | None]] = {
    AssignmentMove.ACCEPT: ("accept", "success"),
    AssignmentMove.DECLINE: ("decline", None),
    AssignmentMove.OFFER: ("offer", "primary"),
    AssignmentMove.CANCEL: ("cancel_task", "danger"),
}


async def of_task(
    session: AsyncSession, row: object, details: Mapping[str, Any], reader: Reader
) -> NoticeView:
    """Return who caused it, and what this reader can answer: accept or decline, choose again or cancel."""
    names = await names_in(session, details)
    if not isinstance(row, AssignmentDetail) or reader.person is None:
        return NoticeView(context=names)
    moves = [move for move in possible_moves(row, reader.person) if move in _ANSWERS]
    buttons = [
        button(_ANSWERS[move][0], ABOUT_TASK, move, row.assignment_id, style=_ANSWERS[move][1])
        for move in moves
    ]
    return NoticeView(keyboard=[buttons] if buttons else (), context=names)


async def of_completion(
    session: AsyncSession, row: object, details: Mapping[str, Any], reader: Reader
) -> NoticeView:
    """Return who completed it, with the last photo."""
    names = await names_in(session, details)
    if not isinstance(row, AssignmentDetail) or not row.photos or reader.person is None:
        return NoticeView(context=names)
    file = await file_by_id(session, row.photos[-1])
    return NoticeView(photo=file.sha256 if file else None, context=names)


async def of_machine(
    session: AsyncSession,  # noqa: ARG001 - a builder's shape
    row: object,
    details: Mapping[str, Any],  # noqa: ARG001
    reader: Reader,  # noqa: ARG001
) -> NoticeView:
    """Return the ways on from a machine's trouble: a task there, or its card."""
    if not isinstance(row, MachineDetail):
        return NoticeView()
    number = row.machine_id
    assign = button("assign_here", ABOUT_MACHINE, "assign", number, style="primary")
    return NoticeView(keyboard=[[assign, button("open_card", "fleet", "open", number)]])


async def of_shifts(
    session: AsyncSession,
    row: object,  # noqa: ARG001 - a builder's shape
    details: Mapping[str, Any],
    reader: Reader,
) -> NoticeView:
    """Return the week as it is by now, and who changed it."""
    names = await names_in(session, details)
    if reader.person is None:
        return NoticeView(context=names)
    duties = await duties_of(session, details["organization_id"], [reader.person.user_id])
    shown = week(duties[reader.person.user_id].shifts, reader.language)
    return NoticeView(context=names | {"week": shown})


async def of_onboarding(
    session: AsyncSession,  # noqa: ARG001 - a builder's shape
    row: object,
    details: Mapping[str, Any],  # noqa: ARG001
    reader: Reader,  # noqa: ARG001
) -> NoticeView:
    """Return what an admin can do at this step: a new key, another test, or the card."""
    if not isinstance(row, MachineDetail):
        return NoticeView()
    number, step = row.machine_id, row.onboarding_step
    wanted = (OnboardingMove.REISSUE_KEY, OnboardingMove.RETEST)
    buttons = [button(move, ABOUT_ONBOARDING, move, number) for move in wanted if allowed(step, move)]
    return NoticeView(keyboard=[[*buttons, button("open_card", "fleet", "open", number)]])


async def of_access(
    session: AsyncSession,
    row: object,  # noqa: ARG001 - a builder's shape
    details: Mapping[str, Any],
    reader: Reader,  # noqa: ARG001
) -> NoticeView:
    """Return the machine's name and until when access holds: the machine's own card is for admins."""
    machine = await machine_by_id(session, details["machine_id"], deleted=True)
    until = datetime.fromisoformat(details["until"]) if details["until"] else None
    return NoticeView(context={"machine": machine.name if machine else "", "until": until})


async def of_report(
    session: AsyncSession,
    row: object,  # noqa: ARG001 - a builder's shape
    details: Mapping[str, Any],
    reader: Reader,  # noqa: ARG001
) -> NoticeView:
    """Return the photo that came with a report."""
    file = await file_by_id(session, details["file_id"])
    return NoticeView(photo=file.sha256 if file else None)


async def of_completion_report(
    session: AsyncSession,
    row: object,
    details: Mapping[str, Any],
    reader: Reader,  # noqa: ARG001 - a builder's shape
) -> NoticeView:
    """Return the report of a completed task as a document."""
    file = await file_by_id(session, details["file_id"])
    if file is None or not isinstance(row, AssignmentDetail):
        return NoticeView()
    name = f"{row.task_type}-{row.assignment_id}.pdf"
    return NoticeView(document=Document(file.sha256, name, file.media_type))


async def names_in(session: AsyncSession, details: Mapping[str, Any]) -> dict[str, object]:
    """Return the names of who did it and of who had it before, empty where nobody did."""
    names: dict[str, object] = {}
    for name, key in (("actor", "actor_id"), ("former", "former_assignee")):
        user_id = details.get(key)
        known = None if user_id is None else await person_by_id(session, user_id)
        names[name] = known.person.name if known else ""
    return names


NOTICES: Mapping[str, NoticeBuilder] = {
    "access_granted": of_access,
    "access_withdrawn": of_access,
    "assignment_reminder": of_task,
    "assignment_expired": of_task,
    "assignment_declined": of_task,
    "assignment_handed_back": of_task,
    "assignment_taken_back": of_task,
    "assignment_withdrawn": of_task,
    "assignment_cancelled": of_task,
    "assignment_postponed": of_task,
    "assignment_prioritized": of_task,
    "assignment_rescheduled": of_task,
    "assignment_completed": of_completion,
    "machine_online": of_machine,
    "machine_offline_long": of_machine,
    "machine_outage_proposal": of_machine,
    "machine_unstable": of_machine,
    "onboarding_reminder": of_onboarding,
    "onboarding_expired": of_onboarding,
    "onboarding_test_failed": of_onboarding,
    "machine_commissioned": of_onboarding,
    "problem_photo": of_report,
    "report_ready": of_completion_report,
    "shifts_changed": of_shifts,
}
