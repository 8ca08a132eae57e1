"""Assignments as those who dispatch see and change them (seed 002)."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Query, Response

from db.queries.assignments import AssignmentDetail, AssignmentFilter
from db.queries.machines import machine_by_id
from db.queries.new_assignments import NewAssignment, new_assignment
from db.queries.people import PersonRow, field_people
from db.session import SYSTEM
from domain.assignments import (
    AssignmentCommand,
    AssignmentMove,
    AssignmentStatus,
    TaskType,
)
from domain.errors import InvalidInput, NotFound, NotPossibleNow
from domain.offers import Candidate, Offer
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
from webhooks.inputs import Page, Paged, PathId, QueryId, Reason
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin/assignments", tags=["assignments"])

PLACE = "/api/v1/admin/assignments"


@router.post("/create", summary="Create an assignment", status_code=201)
async def create(
    body: AssignmentIn, web: Web, caller: Writer, move: Move, response: Response
) -> AssignmentViewOut:
    """Offers the task to `assigned_to`, by chat at once."""
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, body.rvm_machine_id)
    if machine is None:
        raise NotFound(noun="machine")
    caller.require(Permission.MANAGE_ASSIGNMENTS, machine.organization_id)
    assignee = await _assignee(web, machine.organization_id, body.assigned_to)
    source = await move.take()
    order = NewAssignment(
        machine_id=machine.machine_id,
        assigned_by=caller.person.user_id,
        task_type=body.task_type,
        priority=body.priority,
        scheduled_date=body.scheduled_date,
        offer=Offer([Candidate(assignee.user_id, assignee.name)] if assignee else []),
        description=body.description,
        expected_minutes=body.expected_minutes,
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
) -> Page[AssignmentOut]:
    """By scheduled date, earliest first."""
    wanted = AssignmentFilter(
        organizations=caller.organizations_with(Permission.MANAGE_ASSIGNMENTS, organization_id),
        statuses=status or (),
        assigned_to=assigned_to,
        machine_id=rvm_machine_id,
        task_type=task_type,
        priority=priority,
    )
    return await assignment_page(web, caller, wanted, paging)


@router.get("/{assignment_id}", summary="One assignment")
async def get_one(assignment_id: PathId, web: Web, caller: Reader) -> AssignmentOut:
    """404 also for an assignment of another organization."""
    return assignment_out(await _managed(web, caller, assignment_id))


@router.put("/{assignment_id}", summary="Offer to somebody else, or cancel")
async def change(
    assignment_id: PathId, body: AssignmentChange, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """`assigned_to` and `status` are verbs of the table; what the table has no row for is 409."""
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


async def _assignee(web: WebState, organization_id: int, user_id: int | None) -> PersonRow | None:
    if user_id is None:
        return None
    async with web.settings.database.transaction(SYSTEM) as session:
        people = await field_people(session, organization_id)
    found = next((row for row in people if row.user_id == user_id), None)
    if found is None:
        raise InvalidInput(field="assigned_to", problem="no_such_technician")
    return found


async def _order(
    web: WebState, caller: Caller, detail: AssignmentDetail, body: AssignmentChange
) -> AssignmentCommand:
    if body.status == AssignmentStatus.CANCELLED and body.assigned_to is None:
        return dataclasses.replace(command(caller, detail, AssignmentMove.CANCEL), reason=body.reason)
    if body.assigned_to is not None and body.status in (None, AssignmentStatus.PENDING):
        assignee = await _assignee(web, detail.organization_id, body.assigned_to)
        offer = command(caller, detail, AssignmentMove.OFFER)
        name = assignee.name if assignee else ""
        people = Offer([Candidate(body.assigned_to, name)])
        return dataclasses.replace(offer, offer=people, reason=body.reason)
    if body.status is None:
        raise InvalidInput(field="status", problem="required")
    raise NotPossibleNow(noun="assignment", status=detail.status.value, move=body.status.value)
