"""Writing maintenance plans: plain data, with no lifecycle of its own (decision 30).

Whoever writes one lets the gateway bring its Schedule in step afterwards. All need the system scope: they
touch cards, and the caller has checked that the person may.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import touch_cards
from db.models.core import AuditEvent
from db.models.machines import RvmMachine
from db.models.plans import MaintenancePlan
from db.queries.people import field_people
from db.queries.plans import PlanDetail, list_plans, plan_by_id
from domain.assignments import TaskType
from domain.chat import Thing
from domain.errors import InvalidInput, NotFound
from domain.plans import Plan, PlanAsks, Rule, check_plan
from domain.priorities import Priority

_ONE_AT_A_TIME = text(
    "select pg_advisory_xact_lock(hashtext('maintenance_plans'), cast(:organization as int))"
)
"""Two plans made at the same moment would not see each other's days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What a person wants to return; ``at`` is on the clocks at the machine."""

    machine_id: int
    task_type: TaskType
    rule: Rule
    at: time
    priority: Priority = Priority.MEDIUM
    ahead_days: int = 0
    asks: PlanAsks = PlanAsks.NOBODY
    people: list[int] = field(default_factory=list)
    description: str = ""
    expected_minutes: int | None = None


async def create_plan(session: AsyncSession, draft: PlanDraft, *, created_by: int, source: str) -> int:
    """Write a plan and return its number; the same source makes it once.

    Raises:
        NotFound: no such machine.
        InvalidInput: ``domain.plans.check_plan`` or the people who are asked stand against it.
    """
    known = await session.scalar(select(MaintenancePlan.id).where(MaintenancePlan.source == source))
    if known is not None:
        return known
    machine = await _machine(session, draft.machine_id)
    await _check(session, machine, draft, plan_id=0)
    plan = MaintenancePlan(
        organization_id=machine.organization_id, created_by=created_by, source=source, **_columns(draft)
    )
    session.add(plan)
    await session.flush()
    await _note(session, plan, "create", created_by, source)
    return plan.id


async def change_plan(  # noqa: PLR0913 - each is one part of the change
    session: AsyncSession, plan_id: int, draft: PlanDraft, *, active: bool, actor_id: int | None, source: str
) -> None:
    """Write a plan anew, active or paused; the second time with the same source nothing happens.

    Raises:
        NotFound: no such plan or machine, or the machine of another organization.
        InvalidInput: as ``create_plan``; a paused plan may stand in another's way.
    """
    plan = await _locked(session, plan_id)
    machine = await _machine(session, draft.machine_id)
    if machine.organization_id != plan.organization_id:
        raise NotFound(noun="machine")
    await _check(session, machine, draft, plan_id=plan_id, active=active)
    if not await _note(session, plan, "change", actor_id, source):
        return
    for name, value in _columns(draft).items():
        setattr(plan, name, value)
    await _changed(session, plan, active=active)


async def switch_plan(
    session: AsyncSession, plan_id: int, *, active: bool, actor_id: int | None, source: str
) -> None:
    """Pause a plan, or let it run again; the second time with the same source nothing happens.

    Raises:
        NotFound: no such plan.
        InvalidInput: it is to run again, and something stands against it by now.
    """
    plan = await _locked(session, plan_id)
    if plan.active == active:
        return
    if active:
        found = await plan_by_id(session, plan_id)
        if found is None:
            raise NotFound(noun="plan")
        machine = await _machine(session, plan.rvm_machine_id)
        await _check(session, machine, _draft(found), plan_id=plan_id)
    if await _note(session, plan, "resume" if active else "pause", actor_id, source):
        await _changed(session, plan, active=active)


async def delete_plan(session: AsyncSession, plan_id: int, *, actor_id: int, source: str) -> None:
    """Delete a plan; its tasks stay. A repeat finds nothing to do."""
    plan = await session.get(MaintenancePlan, plan_id, with_for_update=True)
    if plan is None or plan.deleted_at is not None:
        return
    await _note(session, plan, "delete", actor_id, source)
    plan.deleted_at, plan.active = func.now(), False
    await session.flush()
    await touch_cards(session, (Thing.PLAN, plan_id))


async def _changed(session: AsyncSession, plan: MaintenancePlan, *, active: bool) -> None:
    plan.active = active
    plan.version += 1
    await session.flush()
    await touch_cards(session, (Thing.PLAN, plan.id))


async def _locked(session: AsyncSession, plan_id: int) -> MaintenancePlan:
    plan = await session.get(MaintenancePlan, plan_id, with_for_update=True)
    if plan is None or plan.deleted_at is not None:
        raise NotFound(noun="plan")
    return plan


async def _machine(session: AsyncSession, machine_id: int) -> RvmMachine:
    machine = await session.get(RvmMachine, machine_id)
    if machine is None or machine.deleted_at is not None:
        raise NotFound(noun="machine")
    return machine


async def _check(
    session: AsyncSession, machine: RvmMachine, draft: PlanDraft, *, plan_id: int, active: bool = True
) -> None:
    """Refuse what makes no sense; only an active plan stands in another's way."""
    named = draft.asks in (PlanAsks.PERSON, PlanAsks.LIST)
    if named != bool(draft.people) or (draft.asks == PlanAsks.PERSON and len(draft.people) != 1):
        raise InvalidInput(field="people", problem="missing" if named else "unwanted")
    if named:
        field_workers = {row.user_id for row in await field_people(session, machine.organization_id)}
        if not set(draft.people) <= field_workers:
            raise InvalidInput(field="people", problem="no_such_technician")
    await session.execute(_ONE_AT_A_TIME, {"organization": machine.organization_id})
    plan = Plan(
        plan_id=plan_id,
        organization_id=machine.organization_id,
        machine_id=machine.id,
        machine_name=machine.name,
        task_type=draft.task_type,
        priority=draft.priority,
        rule=draft.rule,
        at=draft.at,
        zone=machine.time_zone,
        ahead_days=draft.ahead_days,
    )
    others = await list_plans(session, organizations=[machine.organization_id], active=True) if active else []
    today = datetime.now(UTC).astimezone(ZoneInfo(machine.time_zone)).date()
    check_plan(plan, [other.plan for other in others], today)


def _draft(found: PlanDetail) -> PlanDraft:
    return PlanDraft(
        machine_id=found.machine_id,
        task_type=found.task_type,
        rule=found.rule,
        at=found.at,
        priority=found.priority,
        ahead_days=found.ahead_days,
        asks=found.asks,
        people=found.people,
        description=found.description,
        expected_minutes=found.expected_minutes,
    )


def _columns(draft: PlanDraft) -> Mapping[str, Any]:
    rule = draft.rule
    return {
        "rvm_machine_id": draft.machine_id,
        "task_type": draft.task_type,
        "priority": draft.priority,
        "rule": rule.kind,
        "starts_on": rule.starts_on,
        "every_days": rule.every,
        "weekdays": sorted(set(rule.weekdays)),
        "month_day": rule.day,
        "nth": rule.nth,
        "time_of_day": draft.at,
        "ahead_days": draft.ahead_days,
        "asks": draft.asks,
        "people": draft.people,
        "description": draft.description,
        "expected_minutes": draft.expected_minutes,
    }


async def _note(
    session: AsyncSession, plan: MaintenancePlan, action: str, actor_id: int | None, source: str
) -> bool:
    made = await session.scalar(
        insert(AuditEvent)
        .values(
            organization_id=plan.organization_id,
            thing=Thing.PLAN,
            thing_id=plan.id,
            source=source,
            action=action,
            actor_id=actor_id,
            at=func.now(),
        )
        .on_conflict_do_nothing()
        .returning(AuditEvent.id)
    )
    return made is not None
