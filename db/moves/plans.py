"""What a run of a plan writes: the newest task, and an event for each run."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.models.core import AuditEvent
from db.models.machines import RvmMachine
from db.models.plans import MaintenancePlan
from db.moves.audit import audit
from db.queries.assignments import assignment_by_id
from db.queries.dispatchers import in_place_of
from db.queries.people import PersonRow, field_people
from domain.assignments import OPEN_STATUSES
from domain.chat import Thing
from domain.offers import Candidate, Offer, OfferMode
from domain.plans import PlanAsks, PlanDue, RunOutcome

_STARTING = text("last_run_at > now() - interval '10 minutes'")


async def plan_for_update(session: AsyncSession, plan_id: int) -> MaintenancePlan | None:
    """Return a plan that exists, locked, so that two runs at once make one task."""
    plan = await session.get(MaintenancePlan, plan_id, with_for_update=True)
    return None if plan is None or plan.deleted_at is not None else plan


async def machine_in_service(session: AsyncSession, machine_id: int) -> bool:
    """Return whether the machine has not been withdrawn."""
    gone = await session.scalar(select(RvmMachine.deleted_at).where(RvmMachine.id == machine_id))
    return gone is None


async def open_task(session: AsyncSession, plan: MaintenancePlan) -> int | None:
    """Return the number of the plan's last task while it is open.

    One without a row was reserved and is just being started; or never was, when it is long ago.
    """
    number = plan.last_assignment_id
    if number is None:
        return None
    task = await assignment_by_id(session, number)
    if task is not None:
        return number if task.status in OPEN_STATUSES else None
    starting = await session.scalar(
        select(MaintenancePlan.id).where(MaintenancePlan.id == plan.id, _STARTING)
    )
    return number if starting else None


async def dispatcher(session: AsyncSession, plan: MaintenancePlan, at: datetime) -> int:
    """Return who dispatches the plan's tasks at a moment: who made it, or who acts in their place."""
    found = await in_place_of(
        session, plan.created_by, plan.created_at, organization_id=plan.organization_id, at=at
    )
    return next(iter(found), plan.created_by)


async def offer_of(session: AsyncSession, plan: MaintenancePlan) -> Offer:
    """Return whom the plan asks today: of those it names or lets in, who works there still."""
    if plan.asks == PlanAsks.NOBODY:
        return Offer()
    workers = {row.user_id: row for row in await field_people(session, plan.organization_id)}
    wanted = await _with_access(session, plan) if plan.asks == PlanAsks.ACCESS else plan.people
    found: list[PersonRow] = [workers[user] for user in dict.fromkeys(wanted) if user in workers]
    mode = OfferMode.ONE if plan.asks == PlanAsks.PERSON else OfferMode.POOL
    return Offer([Candidate(row.user_id, row.name) for row in found], mode)


async def _with_access(session: AsyncSession, plan: MaintenancePlan) -> list[int]:
    live = select(MachineGrant.user_id).where(
        MachineGrant.rvm_machine_id == plan.rvm_machine_id,
        MachineGrant.revoked_at.is_(None),
        text("(expires_at is null or expires_at > now())"),
    )
    return list(await session.scalars(live.order_by(MachineGrant.user_id)))


async def record_run(
    session: AsyncSession, plan: MaintenancePlan, due: PlanDue, outcome: RunOutcome, task: int | None
) -> None:
    """Write what became of a run."""
    await audit(
        session,
        organization_id=plan.organization_id,
        thing=Thing.PLAN,
        thing_id=plan.id,
        source=due.source,
        action=outcome,
        cause="" if due.forced else "schedule",
        details={"outcome": outcome, "assignment_id": task, "note": "" if task is None else f"#{task}"},
        at=due.offered_at,
    )


async def former_run(session: AsyncSession, due: PlanDue) -> tuple[RunOutcome, int | None] | None:
    """Return what became of this run when it was written before."""
    details = await session.scalar(
        select(AuditEvent.details).where(
            AuditEvent.thing == Thing.PLAN,
            AuditEvent.thing_id == due.plan_id,
            AuditEvent.source == due.source,
        )
    )
    return None if details is None else (RunOutcome(details["outcome"]), details["assignment_id"])
