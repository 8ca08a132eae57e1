"""Writing ladders: the row, and an event for each call, answer and end."""

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import AuditEvent, User
from db.models.escalations import Escalation
from db.moves.audit import audit
from domain.chat import Thing
from domain.escalations import Audience, EscalationRecord, RungCall, RungCalled

_UNREACHED = text(
    """
    select e.owner_workflow_id, e.version from escalations e
    join deliveries d on d.source = 'escalation-' || e.id || '-' || e.version
    where e.ended_at is null and e.answer is null and e.reached < e.rungs
    group by e.id
    having bool_and(
      d.state = 'failed' or (d.uncertain_at is not null and d.state <> 'sent')
      -- what was folded into another call went the way of that one
      or (d.error = 'merged' and exists (
        select from telegram_accounts a where a.user_id = d.user_id and a.blocked_at is not null)))
    """
)


def call_source(escalation_id: int, version: int) -> str:
    """Return the source of the deliveries of one call; what comes after the call has another version."""
    return f"escalation-{escalation_id}-{version}"


async def open_ladder(session: AsyncSession, call: RungCall) -> int:
    """Return the number of the ladder's row, made at its first call; a former one of the owner has ended."""
    mine = (
        Escalation.owner == call.owner,
        Escalation.owner_id == call.owner_id,
        Escalation.started_at == call.started_at,
    )
    number = await session.scalar(select(Escalation.id).where(*mine))
    if number is not None:
        return number
    await session.execute(
        update(Escalation)
        .where(
            Escalation.owner == call.owner,
            Escalation.owner_id == call.owner_id,
            Escalation.ended_at.is_(None),
        )
        .values(ended_at=call.at, end_reason="replaced")
    )
    made = Escalation(
        organization_id=call.organization_id,
        owner=call.owner,
        owner_id=call.owner_id,
        owner_workflow_id=call.owner_workflow_id,
        kind=call.kind,
        started_at=call.started_at,
        rungs=call.rungs,
    )
    session.add(made)
    await session.flush()
    return made.id


async def former_call(session: AsyncSession, escalation_id: int, version: int) -> RungCalled | None:
    """Return whom this call reached when it was written before."""
    details = await session.scalar(
        select(AuditEvent.details).where(
            AuditEvent.thing == Thing.ESCALATION,
            AuditEvent.thing_id == escalation_id,
            AuditEvent.source == f"call-{version}",
        )
    )
    return None if details is None else RungCalled(escalation_id, details["called"], details["unreachable"])


async def record_call(session: AsyncSession, call: RungCall, result: RungCalled) -> None:
    """Bring the row to the rung that was called, and tell the story."""
    ladder = await session.get_one(Escalation, result.escalation_id)
    ladder.reached, ladder.version = call.number, call.version
    ladder.answer = ladder.answered_by = ladder.snoozed_until = None
    if call.audience != Audience.HOLDER:
        ladder.called = [*ladder.called, *(user for user in result.called if user not in ladder.called)]
    await audit(
        session,
        organization_id=call.organization_id,
        thing=Thing.ESCALATION,
        thing_id=result.escalation_id,
        source=f"call-{call.version}",
        action="call" if result.called else "nobody_to_call",
        to_status=call.audience,
        cause=call.kind,
        reason=await _names(session, result.unreachable),
        details={
            "note": await _names(session, result.called),
            "called": result.called,
            "unreachable": result.unreachable,
        },
        at=call.at,
    )
    await session.flush()


async def record(session: AsyncSession, record: EscalationRecord) -> bool:
    """Write an answer or the end; return False when this source was written before."""
    if not await audit(
        session,
        organization_id=record.organization_id,
        thing=Thing.ESCALATION,
        thing_id=record.escalation_id,
        source=record.source,
        action=record.action,
        actor_id=None if record.ended else record.answered_by,
        cause=record.ended,
        details={"note": str(record.minutes)} if record.minutes else {},
        at=record.at,
    ):
        return False
    await session.execute(
        update(Escalation)
        .where(Escalation.id == record.escalation_id, Escalation.version < record.version)
        .values(
            answer=record.answer,
            answered_by=record.answered_by,
            snoozed_until=record.snoozed_until,
            ended_at=record.at if record.ended else None,
            end_reason=record.ended or None,
            version=record.version,
        )
    )
    return True


async def ticket_of(session: AsyncSession, escalation_id: int) -> int | None:
    """Return the ticket that a ladder is about; None when it is about something else."""
    query = select(Escalation.owner_id).where(
        Escalation.id == escalation_id, Escalation.owner == Thing.TICKET
    )
    return await session.scalar(query)


async def unreached(session: AsyncSession) -> list[tuple[str, int]]:
    """Return the ladders (owner's workflow, version) whose last call reached nobody, while a rung is left.

    Only calls that nothing has followed: an answer or a later call has another version. A page that is
    repeated because nobody knows whether it was sent counts as not delivered; one that waits does not.
    """
    return [(row.owner_workflow_id, row.version) for row in await session.execute(_UNREACHED)]


async def running(session: AsyncSession) -> list[tuple[int, str]]:
    """Return the ladders (number, owner's workflow) that have not ended and are at rest for a minute."""
    rows = await session.execute(
        select(Escalation.id, Escalation.owner_workflow_id).where(
            Escalation.ended_at.is_(None), Escalation.updated_at < text("now() - interval '1 minute'")
        )
    )
    return [(row.id, row.owner_workflow_id) for row in rows]


async def end_lost(session: AsyncSession, escalation_id: int) -> None:
    """End a ladder whose run is gone."""
    await session.execute(
        update(Escalation)
        .where(Escalation.id == escalation_id, Escalation.ended_at.is_(None))
        .values(ended_at=func.now(), end_reason="run_gone")
    )


async def _names(session: AsyncSession, users: list[int]) -> str:
    if not users:
        return ""
    names = await session.scalars(select(User.name).where(User.id.in_(users)).order_by(User.name))
    return ", ".join(names)
