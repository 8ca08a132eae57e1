"""Assignments as those who dispatch see and change them (seed 002)."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from db.queries.assignments import AssignmentDetail, AssignmentFilter
from db.queries.machines import machine_by_id
from db.queries.new_assignments import NewAssignment, new_assignment
from db.session import SYSTEM
from domain.assignments import (
    AssignmentCommand,
    AssignmentMove,
    AssignmentStatus,
    TaskType,
)
from domain.errors import InvalidInput, NotFound, NotPossibleNow
from domain.priorities import Priority
from domain.roles import Permission
from webhooks.answers import settled
from webhooks.assignment_rows import (
    StatusFilter,
    assignment_out,
    assignment_page,
    command,
    moved,
    visible_assignment,
)
from webhooks.assignment_shapes import AssignmentChange, AssignmentIn, AssignmentOut, AssignmentViewOut
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Moment, Page, Paged, PathId, QueryId, Reason
from webhooks.offers import offer_of
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin/assignments", tags=["assignments"])

PLACE = "/api/v1/admin/assignments"
LATE_ORDER = timedelta(hours=1)
"""How far in the past a task may be ordered: what is repeated after an outage still counts."""
_OFFERED = (None, AssignmentStatus.PENDING)


@router.post("/create", summary="Create an assignment", status_code=201)
async def create(
    body: AssignmentIn, web: Web, caller: Writer, move: Move, response: Response
) -> AssignmentViewOut:
    """Offers the task by chat at once: to a person, a list, or everybody with access to the machine."""
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, body.rvm_machine_id)
    if machine is None:
        raise NotFound(noun="machine")
    caller.require(Permission.MANAGE_ASSIGNMENTS, machine.organization_id)
    if body.scheduled_date < datetime.now(UTC) - LATE_ORDER:
        raise InvalidInput(field="scheduled_date", problem="in_past")
    offer = await offer_of(web, machine.organization_id, machine.machine_id, body)
    source = await move.take()
    order = NewAssignment(
        machine_id=machine.machine_id,
        assigned_by=caller.person.user_id,
        task_type=body.task_type,
        priority=body.priority,
        scheduled_date=body.scheduled_date,
        offer=offer,
        description=body.description,
        expected_minutes=body.expected_minutes,
        arrival_radius_m=body.arrival_radius_m,
    )
    async with web.settings.database.transaction(SYSTEM) as session:
        state = await new_assignment(session, order, source.text)
    place = response.headers["Location"] = f"{PLACE}/{state.assignment_id}"
    view = await settled(web.settings.gateway.create_assignment(source.text, state), see=place)
    return AssignmentViewOut.model_validate(view)


@router.get("", summary="Assignments of the caller's organizations")
async def list_all(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    status: StatusFilter = None,
    assigned_to: QueryId = None,
    rvm_machine_id: QueryId = None,
    task_type: Annotated[TaskType | None, Query()] = None,
    priority: Annotated[Priority | None, Query()] = None,
    scheduled_from: Annotated[Moment | None, Query()] = None,
    scheduled_to: Annotated[Moment | None, Query()] = None,
    overdue: Annotated[bool | None, Query(description="Whether its delay is being called about.")] = None,
) -> Page[AssignmentOut]:
    """By scheduled date, earliest first."""
    wanted = AssignmentFilter(
        organizations=caller.organizations_with(Permission.MANAGE_ASSIGNMENTS, organization_id),
        statuses=status or (),
        assigned_to=assigned_to,
        machine_id=rvm_machine_id,
        task_type=task_type,
        priority=priority,
        scheduled_from=scheduled_from,
        scheduled_to=scheduled_to,
        overdue=overdue,
    )
    return await assignment_page(web, caller, wanted, paging)


@router.get("/{assignment_id}", summary="One assignment")
async def get_one(assignment_id: PathId, web: Web, caller: Reader) -> AssignmentOut:
    """404 also for an assignment of another organization."""
    return assignment_out(await _managed(web, caller, assignment_id))


@router.put("/{assignment_id}", summary="Offer to others, reschedule, reprioritize or cancel")
async def change(
    assignment_id: PathId, body: AssignmentChange, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """Each field is a verb of the table, one a request; what the table has no row for is 409."""
    detail = await _managed(web, caller, assignment_id)
    order = await _order(web, caller, detail, body)
    source = await move.take()
    return await moved(web, source.text, detail, order, see=f"{PLACE}/{assignment_id}")


@router.delete("/{assignment_id}", summary="Cancel")
async def cancel(
    assignment_id: PathId, web: Web, caller: Writer, move: Move, reason: Reason = ""
) -> AssignmentViewOut:
    """Whoever was asked or holds it is told."""
    detail = await _managed(web, caller, assignment_id)
    order = dataclasses.replace(command(caller, detail, AssignmentMove.CANCEL), reason=reason)
    source = await move.take()
    return await moved(web, source.text, detail, order, see=f"{PLACE}/{assignment_id}")


async def _managed(web: WebState, caller: Caller, assignment_id: int) -> AssignmentDetail:
    detail = await visible_assignment(web, caller, assignment_id)
    caller.require(Permission.MANAGE_ASSIGNMENTS, detail.organization_id)
    return detail


async def _order(
    web: WebState, caller: Caller, detail: AssignmentDetail, body: AssignmentChange
) -> AssignmentCommand:
    """Return the one verb that a request is.

    Raises:
        InvalidInput: it is none, or several at once.
        NotPossibleNow: no verb leads to the status it asks for.
    """
    offers = body.names_people
    verbs = {
        AssignmentMove.OFFER: offers,
        AssignmentMove.RESCHEDULE: body.scheduled_date is not None,
        AssignmentMove.PRIORITIZE: body.priority is not None,
        AssignmentMove.CANCEL: body.status is not None and not (offers and body.status in _OFFERED),
    }
    wanted = [verb for verb, is_wanted in verbs.items() if is_wanted]
    if len(wanted) != 1:
        raise InvalidInput(field="status", problem="one_verb")
    if wanted == [AssignmentMove.CANCEL] and body.status not in (None, AssignmentStatus.CANCELLED):
        raise NotPossibleNow(noun="assignment", status=detail.status.value, move=str(body.status))
    return dataclasses.replace(
        command(caller, detail, wanted[0]),
        reason=body.reason if wanted[0] in (AssignmentMove.CANCEL, AssignmentMove.OFFER) else "",
        note="" if wanted[0] in (AssignmentMove.CANCEL, AssignmentMove.OFFER) else body.reason,
        offer=await offer_of(web, detail.organization_id, detail.machine_id, body) if offers else None,
        scheduled_date=body.scheduled_date,
        priority=body.priority,
    )
