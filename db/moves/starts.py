"""Beginning work: who may enter, what the arrival is worth, and the checklist as it is today."""

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.checklists import items_from
from db.models.access import MachineGrant
from db.models.assignments import AssignmentEvent, Checklist
from db.models.machines import RvmMachine
from db.moves.assignments import record_move
from db.queries.assignments import assignment_by_id
from domain.arrivals import ArrivalMethod, Proof, judge
from domain.assignment_records import WorkBegun, WorkStart
from domain.errors import NoAccess

# One statement, since it is in the way of every start.
_LOOK = select(
    RvmMachine.name,
    RvmMachine.latitude,
    RvmMachine.longitude,
    exists()
    .where(
        AssignmentEvent.assignment_id == bindparam("assignment"),
        AssignmentEvent.source == bindparam("source"),
    )
    .label("written"),
    exists()
    .where(
        MachineGrant.user_id == bindparam("person"),
        MachineGrant.rvm_machine_id == RvmMachine.id,
        MachineGrant.revoked_at.is_(None),
        or_(MachineGrant.expires_at.is_(None), MachineGrant.expires_at > bindparam("at")),
    )
    .label("may_enter"),
    select(Checklist.items)
    .where(
        Checklist.task_type == bindparam("task_type"),
        or_(Checklist.organization_id == RvmMachine.organization_id, Checklist.organization_id.is_(None)),
    )
    .order_by(Checklist.organization_id.nulls_last())
    .limit(1)
    .correlate(RvmMachine)
    .scalar_subquery()
    .label("items"),
).where(RvmMachine.id == bindparam("machine"))


async def begin(session: AsyncSession, start: WorkStart) -> tuple[WorkBegun, bool]:
    """Write a start and return what it came to, and False when its source was written before.

    Raises:
        NoAccess: neither the task nor anybody by hand lets the person enter any more.
        ReasonRequired, LocationTooOld, TooFarAway: the proof is not worth an arrival.
    """
    made, row = start.record, start.record.row
    found = (
        await session.execute(
            _LOOK,
            {
                "machine": row.machine_id,
                "assignment": row.assignment_id,
                "source": made.source,
                "person": made.actor_id,
                "at": made.at,
                "task_type": row.task_type,
            },
        )
    ).one()
    if found.written:
        return await _written(session, row.assignment_id), False
    if not found.may_enter:
        raise NoAccess(machine=found.name)
    arrival = judge(
        start.proof or Proof(ArrivalMethod.NONE, made.at),
        latitude=float(found.latitude),
        longitude=float(found.longitude),
        now=made.said_at or made.at,
        policy=start.policy,
        reason=made.reason,
    )
    begun = WorkBegun(arrival, items_from(found.items or []))
    await record_move(session, made, begun)
    return begun, True


async def _written(session: AsyncSession, assignment_id: int) -> WorkBegun:
    detail = await assignment_by_id(session, assignment_id)
    if detail is None or detail.arrival is None:
        message = f"assignment {assignment_id} has a start without an arrival"
        raise RuntimeError(message)
    return WorkBegun(detail.arrival, detail.checklist)
