"""Deciding about reports: a task, a dismissal, the end of the task (system scope, decision 32)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce, announce_to_chat
from db.models.assignments import AssignmentPhoto, TechnicianAssignment
from db.models.machines import RvmMachine
from db.models.problems import ProblemReportRow
from db.problems import lock_machine, note
from db.queries.dispatchers import admins_on_duty
from domain.assignments import OPEN_STATUSES
from domain.chat import Loudness, Thing
from domain.errors import InvalidInput, NotFound, NotPossibleNow
from domain.notices import NOTICES
from domain.problems import ProblemStatus

_ROW = ProblemReportRow


async def assign_problem(
    session: AsyncSession, report_id: int, assignment_id: int, *, actor_id: int, source: str
) -> None:
    """Say which task takes care of a proposal, a new one or one that is open at the machine.

    The photos go along: the technician sees what was wrong. The same task a second time changes nothing.

    Raises:
        NotFound: no such proposal, or no open task of this number at its machine.
        NotPossibleNow: it was decided otherwise meanwhile.
    """
    row = await _proposal(session, report_id)
    if row.status == ProblemStatus.ASSIGNED and row.assignment_id == assignment_id:
        return
    _require_open(row, "assign")
    task = await session.scalar(
        select(TechnicianAssignment.id).where(
            TechnicianAssignment.id == assignment_id,
            TechnicianAssignment.rvm_machine_id == row.rvm_machine_id,
            TechnicianAssignment.status.in_(OPEN_STATUSES),
        )
    )
    if task is None:
        raise NotFound(noun="assignment")
    if not await note(session, row, "assigned", source, actor_id, assignment=assignment_id):
        return
    await _decide(session, row, actor_id, status=ProblemStatus.ASSIGNED, assignment_id=assignment_id)
    await _attach_photos(session, row, assignment_id)
    await touch_cards(session, (Thing.PROBLEM, row.id), (Thing.ASSIGNMENT, assignment_id))


async def dismiss_problem(
    session: AsyncSession, report_id: int, reason: str, *, actor_id: int, source: str
) -> None:
    """Close a proposal without a task. Raises like ``assign_problem``, ``InvalidInput`` without a reason."""
    if not reason.strip():
        raise InvalidInput(field="reason", problem="required")
    row = await _proposal(session, report_id)
    if row.status == ProblemStatus.DISMISSED:
        return
    _require_open(row, "dismiss")
    if not await note(session, row, "dismissed", source, actor_id, reason=reason):
        return
    await _decide(session, row, actor_id, status=ProblemStatus.DISMISSED, reason=reason)
    await touch_cards(session, (Thing.PROBLEM, row.id))


async def problems_of_ended_task(
    session: AsyncSession, assignment_id: int, source: str, *, completed: bool
) -> None:
    """Close the proposals a task took care of and tell who reported them; a cancelled task reopens them.

    Called by the activity that writes the task's end; the second time nothing happens.
    """
    query = select(_ROW).where(
        _ROW.assignment_id == assignment_id,
        _ROW.part_of_id.is_(None),
        _ROW.status == ProblemStatus.ASSIGNED,
    )
    for row in await session.scalars(query.with_for_update()):
        if completed:
            await note(session, row, "solved", source, None)
            await _decide(session, row, None, status=ProblemStatus.DONE)
            await _tell_reporters(session, row)
        else:
            await _reopen(session, row, source)
        await touch_cards(session, (Thing.PROBLEM, row.id))


async def _reopen(session: AsyncSession, row: ProblemReportRow, source: str) -> None:
    """Propose it again, or fold it into what was reported at the machine meanwhile."""
    await lock_machine(session, row.rvm_machine_id)
    newer = await session.scalar(
        select(_ROW.id).where(
            _ROW.rvm_machine_id == row.rvm_machine_id,
            _ROW.status == ProblemStatus.OPEN,
            _ROW.part_of_id.is_(None),
        )
    )
    await note(session, row, "reopened", source, None)
    await _decide(session, row, None, status=ProblemStatus.OPEN, part_of_id=newer, assignment_id=None)
    if newer is not None:
        await session.execute(update(_ROW).where(_ROW.part_of_id == row.id).values(part_of_id=newer))
        await touch_cards(session, (Thing.PROBLEM, newer))
        return
    for admin in await admins_on_duty(session, row.organization_id, datetime.now(UTC)):
        await ensure_card(
            session,
            Thing.PROBLEM,
            row.id,
            admin,
            loudness=Loudness.SOUND,
            source=f"problem-{row.id}-{source}",
        )


async def _proposal(session: AsyncSession, report_id: int) -> ProblemReportRow:
    """Return the proposal that a report is or is part of, locked."""
    part_of = await session.scalar(select(_ROW.part_of_id).where(_ROW.id == report_id))
    row = await session.scalar(select(_ROW).where(_ROW.id == (part_of or report_id)).with_for_update())
    if row is None:
        raise NotFound(noun="problem")
    return row


def _require_open(row: ProblemReportRow, move: str) -> None:
    if row.status != ProblemStatus.OPEN:
        raise NotPossibleNow(noun="problem", status=row.status.value, move=move)


async def _decide(
    session: AsyncSession, row: ProblemReportRow, actor_id: int | None, **changes: object
) -> None:
    """Write a decision to a proposal and to what was folded into it."""
    shared = {name: value for name, value in changes.items() if name != "part_of_id"}
    await session.execute(
        update(_ROW)
        .where(_ROW.part_of_id == row.id)
        .values(**shared, decided_by=actor_id, decided_at=func.now())
    )
    for name, value in (changes | {"decided_by": actor_id, "decided_at": func.now()}).items():
        setattr(row, name, value)
    await session.flush()


async def _parts(session: AsyncSession, row: ProblemReportRow) -> Sequence[ProblemReportRow]:
    query = select(_ROW).where(or_(_ROW.id == row.id, _ROW.part_of_id == row.id)).order_by(_ROW.id)
    return (await session.scalars(query)).all()


async def _attach_photos(session: AsyncSession, row: ProblemReportRow, assignment_id: int) -> None:
    for one in await _parts(session, row):
        if one.file_id is None:
            continue
        await session.execute(
            insert(AssignmentPhoto)
            .values(
                organization_id=one.organization_id,
                assignment_id=assignment_id,
                file_id=one.file_id,
                problem_report_id=one.id,
                sent_by=one.reporter_id,
                caption=one.description or None,
                taken_at=one.created_at,
            )
            .on_conflict_do_nothing()
        )


async def _tell_reporters(session: AsyncSession, row: ProblemReportRow) -> None:
    name = await session.scalar(select(RvmMachine.name).where(RvmMachine.id == row.rvm_machine_id))
    told: set[int] = set()
    for one in await _parts(session, row):
        chat = one.reporter_telegram_id
        if chat is None or chat in told:
            continue
        told.add(chat)
        context = {"report": one.id, "machine": name}
        loudness = NOTICES["problem_solved"].loudness
        if one.reporter_id is not None:
            await announce(
                session,
                template="problem_solved",
                user_id=one.reporter_id,
                organization_id=one.organization_id,
                source=f"problem-{one.id}-solved",
                context=context,
                loudness=loudness,
            )
        else:
            await announce_to_chat(
                session,
                template="problem_solved",
                chat_id=chat,
                language=one.language,
                source=f"problem-{one.id}-solved",
                context=context,
                loudness=loudness,
            )
