"""Recurring maintenance and the calendar, for those who dispatch."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from db.plans import change_plan, create_plan, delete_plan
from db.queries.calendar import calendar
from db.queries.machines import machine_by_id
from db.queries.plans import PlanDetail, count_plans, list_plans, plan_by_id
from db.session import SYSTEM
from domain.errors import InvalidInput, NotFound
from domain.plans import LOOK_AHEAD, SHOWN, occurrences
from domain.roles import Permission
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Moment, Page, Paged, PathId, QueryId
from webhooks.plan_shapes import CalendarEntryOut, PlanChange, PlanIn, PlanOut
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin", tags=["maintenance"])

PLACE = "/api/v1/admin/maintenance-plans"
_LOOK = timedelta(days=28)


@router.get("/maintenance-plans", summary="Plans of the caller's organizations")
async def list_all(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    rvm_machine_id: QueryId = None,
    active: Annotated[bool | None, Query()] = None,
) -> Page[PlanOut]:
    """By machine."""
    within = caller.organizations_with(Permission.MANAGE_ASSIGNMENTS, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = await list_plans(
            session,
            organizations=within,
            machine_id=rvm_machine_id,
            active=active,
            limit=paging.limit,
            offset=paging.offset,
        )
        total = await count_plans(session, organizations=within, machine_id=rvm_machine_id, active=active)
    return Page(items=[_out(row) for row in rows], total=total, limit=paging.limit, offset=paging.offset)


@router.post("/maintenance-plans", summary="Make work return", status_code=201)
async def create(body: PlanIn, web: Web, caller: Writer, move: Move, response: Response) -> PlanOut:
    """422 when the machine has a plan on one of these days already, or the organization has too many."""
    await _require_machine(web, caller, body.rvm_machine_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        number = await create_plan(
            session, body.draft(), created_by=caller.person.user_id, source=source.text
        )
        made = await plan_by_id(session, number)
    if made is None:
        raise NotFound(noun="plan")
    await web.settings.gateway.plans.follow(number, made.plan if made.active else None)
    response.headers["Location"] = f"{PLACE}/{number}"
    return _out(made)


@router.get("/maintenance-plans/{plan_id}", summary="One plan")
async def get_one(plan_id: PathId, web: Web, caller: Reader) -> PlanOut:
    """404 also for a plan of another organization."""
    return _out(await _managed(web, caller, plan_id))


@router.put("/maintenance-plans/{plan_id}", summary="Change, pause or resume a plan")
async def change(plan_id: PathId, body: PlanChange, web: Web, caller: Writer, move: Move) -> PlanOut:
    """The whole plan anew; its Schedule follows."""
    await _managed(web, caller, plan_id)
    await _require_machine(web, caller, body.rvm_machine_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        me = caller.person.user_id
        await change_plan(session, plan_id, body.draft(), active=body.active, actor_id=me, source=source.text)
        changed = await plan_by_id(session, plan_id)
    if changed is None:
        raise NotFound(noun="plan")
    await web.settings.gateway.plans.follow(plan_id, changed.plan if changed.active else None)
    return _out(changed)


@router.delete("/maintenance-plans/{plan_id}", summary="Delete a plan", status_code=204)
async def delete(plan_id: PathId, web: Web, caller: Writer, move: Move) -> None:
    """Its tasks stay."""
    await _managed(web, caller, plan_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        await delete_plan(session, plan_id, actor_id=caller.person.user_id, source=source.text)
    await web.settings.gateway.plans.follow(plan_id, None)


@router.get("/calendar", summary="Tasks and planned work, by time")
async def show_calendar(
    *,
    web: Web,
    caller: Reader,
    organization_id: QueryId = None,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
) -> list[CalendarEntryOut]:
    """From now on for four weeks, unless `from` and `to` say otherwise; at most 62 days."""
    within = caller.organizations_with(Permission.MANAGE_ASSIGNMENTS, organization_id)
    now = datetime.now(UTC)
    first = since or now
    last = until or first + _LOOK
    if not timedelta() < last - first <= SHOWN:
        raise InvalidInput(field="to", problem="range")
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await calendar(session, within, first, last, now)
    return [CalendarEntryOut.model_validate(entry) for entry in found]


async def _require_machine(web: WebState, caller: Caller, machine_id: int) -> None:
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, machine_id)
    if machine is None:
        raise NotFound(noun="machine")
    caller.require(Permission.MANAGE_ASSIGNMENTS, machine.organization_id)


async def _managed(web: WebState, caller: Caller, plan_id: int) -> PlanDetail:
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await plan_by_id(session, plan_id)
    if found is None:
        raise NotFound(noun="plan")
    caller.require(Permission.MANAGE_ASSIGNMENTS, found.organization_id)
    return found


def _out(row: PlanDetail) -> PlanOut:
    now = datetime.now(UTC)
    coming = occurrences(row.plan, now, now + LOOK_AHEAD) if row.active else []
    return PlanOut(
        id=row.plan_id,
        organization_id=row.organization_id,
        rvm_machine_id=row.machine_id,
        machine_name=row.machine_name,
        machine_time_zone=row.machine_time_zone,
        task_type=row.task_type,
        priority=row.priority,
        rule=row.rule.kind,
        starts_on=row.rule.starts_on,
        every_days=row.rule.every,
        weekdays=list(row.rule.weekdays),
        month_day=row.rule.day,
        nth=row.rule.nth,
        time_of_day=f"{row.at:%H:%M}",
        ahead_days=row.ahead_days,
        asks=row.asks,
        people=row.people,
        description=row.description,
        expected_minutes=row.expected_minutes,
        active=row.active,
        created_by=row.created_by,
        created_by_name=row.created_by_name,
        next_due=coming[0] if coming else None,
        last_assignment_id=row.last_assignment_id,
        last_status=row.last_status,
        last_run_at=row.last_run_at,
        created_at=row.created_at,
    )
