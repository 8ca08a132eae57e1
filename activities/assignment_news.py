"""Who hears of a move on an assignment, and how loudly (WORDS 5, bump rule)."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.problem_decisions import problems_of_ended_task
from db.queries.dispatchers import dispatchers_of
from domain.assignment_records import AssignmentRecord
from domain.assignments import AssignmentMove
from domain.chat import Loudness, Thing
from domain.notices import NOTICES
from domain.offers import OfferOutcome
from domain.priorities import Priority

_M = AssignmentMove
_TO_CHOOSE_AGAIN = {
    _M.DECLINE: "assignment_declined",
    _M.EXPIRE: "assignment_expired",
    _M.HAND_BACK: "assignment_handed_back",
    _M.WITHDRAW: "assignment_taken_back",
}
_TO_FORMER = {_M.OFFER: "assignment_withdrawn", _M.CANCEL: "assignment_cancelled"}
_RISING = [Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.URGENT]


async def tell(session: AsyncSession, record: AssignmentRecord) -> None:
    """Refresh the cards and tell whoever must know or act."""
    row = record.row
    await touch_cards(
        session,
        (Thing.ASSIGNMENT, row.assignment_id),
        (Thing.CHECKLIST, row.assignment_id),
        (Thing.ONBOARDING, row.machine_id),
    )
    await _ask(session, record)
    await _tell_dispatcher(session, record)
    if record.settles or record.move == _M.CANCEL:
        await problems_of_ended_task(session, row.assignment_id, record.source, completed=record.settles)
    if record.move in _TO_FORMER:
        await _notices(session, record, _TO_FORMER[record.move], record.former)
    now = [*record.asked, *([row.assigned_to] if not record.asked and row.assigned_to is not None else [])]
    if record.move == _M.REMIND:
        await _notices(session, record, "assignment_reminder", record.asked)
    if record.move == _M.RESCHEDULE and record.former_date is not None:
        await _notices(session, record, "assignment_rescheduled", now)
    if _is_raised(record):
        await _notices(session, record, "assignment_prioritized", now)


async def show_checklist(session: AsyncSession, started: AssignmentRecord) -> None:
    """Send the steps to whoever started, without a sound: they caused it."""
    row = started.row
    if row.assigned_to is not None:
        await ensure_card(
            session,
            Thing.CHECKLIST,
            row.assignment_id,
            row.assigned_to,
            loudness=Loudness.SILENT,
            source=f"checklist-{row.assignment_id}-{started.source}",
        )


async def _ask(session: AsyncSession, record: AssignmentRecord) -> None:
    """Send the card to whoever is asked by this move; with nobody to ask, a follow-up to the dispatcher."""
    row = record.row
    people = [one.user_id for one in record.offers if one.outcome == OfferOutcome.ASKED]
    if record.from_status is None and not people and row.parent_assignment_id is not None:
        people = await dispatchers_of(session, row.assignment_id, record.at)
    for user_id in people:
        await ensure_card(
            session,
            Thing.ASSIGNMENT,
            row.assignment_id,
            user_id,
            loudness=_loud(record, Loudness.SOUND),
            source=f"assignment-{row.assignment_id}-{record.source}",
        )


async def _tell_dispatcher(session: AsyncSession, record: AssignmentRecord) -> None:
    """Tell whoever dispatches the task now what they must know, or that they have to choose again."""
    template, doer = _TO_CHOOSE_AGAIN.get(record.move), record.actor_id
    if record.settles:
        template, doer = "assignment_completed", record.row.assigned_to
    elif record.move == _M.POSTPONE:
        template = "assignment_postponed"
    elif record.asked:
        return
    elif record.move == _M.WITHDRAW:
        # Who takes a task back has to choose again, so they are told even when they did it themselves.
        doer = None
    if template is None:
        return
    for dispatcher in await dispatchers_of(session, record.row.assignment_id, record.at):
        if dispatcher != doer:
            await _notice(session, record, template, dispatcher)


def _loud(record: AssignmentRecord, loudness: Loudness) -> Loudness:
    """Return how loud news is: what is urgent passes quiet hours when it would make a sound (WORDS 6)."""
    urgent = record.row.priority == Priority.URGENT
    return Loudness.PAGE if urgent and loudness == Loudness.SOUND else loudness


def _is_raised(record: AssignmentRecord) -> bool:
    former = record.former_priority
    return former is not None and _RISING.index(record.row.priority) > _RISING.index(former)


async def _notices(
    session: AsyncSession, record: AssignmentRecord, template: str, people: Iterable[int]
) -> None:
    for user_id in people:
        if user_id != record.actor_id:
            await _notice(session, record, template, user_id)


async def _notice(session: AsyncSession, record: AssignmentRecord, template: str, user_id: int) -> None:
    row = record.row
    await announce(
        session,
        template=template,
        user_id=user_id,
        organization_id=row.organization_id,
        source=f"assignment-{row.assignment_id}-{record.source}",
        context={
            "reason": record.reason,
            "note": record.note,
            "actor_id": row.assigned_to if record.settles else record.actor_id,
            "former_assignee": record.former[0] if len(record.former) == 1 else None,
        },
        loudness=_loud(record, NOTICES[template].loudness),
        delivery_class=NOTICES[template].delivery_class,
        thing=Thing.ASSIGNMENT,
        thing_id=row.assignment_id,
    )
