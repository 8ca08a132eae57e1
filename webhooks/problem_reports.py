"""What was reported at machines, and a dispatcher's decision about it: the same as in chat."""

import dataclasses
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from db.problem_decisions import assign_problem, dismiss_problem
from db.queries.new_assignments import NewAssignment, new_assignment
from db.queries.problems import (
    ProblemDetail,
    ProblemFilter,
    count_problems,
    list_problems,
    problem_by_id,
)
from db.session import SYSTEM
from domain.assignments import TaskType
from domain.errors import InvalidInput, NotFound
from domain.priorities import Priority
from domain.problems import ProblemKind, ProblemStatus
from domain.roles import Permission
from webhooks.answers import settled
from webhooks.assignment_rows import file_url
from webhooks.assignment_shapes import Offered
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Identity, Input, LongText, Moment, Name, Output, Page, Paged, PathId, QueryId
from webhooks.offers import offer_of
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin/problem-reports", tags=["assignments"])

PLACE = "/api/v1/admin/problem-reports"


class ReportOut(Output):
    """One report as somebody sent it."""

    id: int
    kind: ProblemKind
    description: str
    contact: str
    photo: str | None
    reporter_name: str | None
    reported_at: datetime


class ProblemOut(Output):
    """A repair proposal: what was reported at one machine until somebody decided."""

    id: int
    organization_id: int
    rvm_machine_id: int
    machine_uuid: UUID
    machine_name: str
    machine_address: str | None
    status: ProblemStatus
    assignment_id: int | None
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str | None
    created_at: datetime
    reports: list[ReportOut]


class AssignProblemIn(Offered):
    """Either `assignment_id`, an open task at the machine, or what a new repair starts from."""

    assignment_id: Identity | None = Field(default=None, examples=[12])
    scheduled_date: Moment | None = Field(default=None, examples=["2026-01-12T09:00:00+07:00"])
    priority: Priority = Priority.MEDIUM
    description: LongText = ""


class DismissProblemIn(Input):
    """Why no task is needed."""

    reason: Name = Field(examples=["Tested on site: it works."])


@router.get("", summary="Repair proposals of the caller's organizations")
async def list_all(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    rvm_machine_id: QueryId = None,
    status: Annotated[list[ProblemStatus] | None, Query(description="Repeat it for several.")] = None,
) -> Page[ProblemOut]:
    """Newest first; later reports of the same machine are part of the open one."""
    wanted = ProblemFilter(
        organizations=caller.organizations_with(Permission.MANAGE_ASSIGNMENTS, organization_id),
        statuses=status or (),
        machine_id=rvm_machine_id,
    )
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await list_problems(session, wanted, limit=paging.limit, offset=paging.offset)
        total = await count_problems(session, wanted)
    items = [_out(one) for one in found]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/{report_id}", summary="One repair proposal")
async def get_one(report_id: PathId, web: Web, caller: Reader) -> ProblemOut:
    """404 also for a report of another organization; of a folded report its proposal."""
    return _out(await _managed(web, caller, report_id))


@router.post("/{report_id}/assign", summary="Make a repair of it, or link an open task")
async def assign(
    report_id: PathId, body: AssignProblemIn, web: Web, caller: Writer, move: Move
) -> ProblemOut:
    """The report's photos are attached to the task. 409 when it was decided otherwise meanwhile."""
    found = await _managed(web, caller, report_id)
    order = await _order(web, caller, found, body) if body.assignment_id is None else None
    source, number = await move.take(), body.assignment_id or 0
    if order is not None:
        number = await _new_task(web, order, source.text, f"{PLACE}/{found.report_id}")
    async with web.settings.database.transaction(SYSTEM) as session:
        await assign_problem(
            session, found.report_id, number, actor_id=caller.person.user_id, source=source.text
        )
    return _out(await _managed(web, caller, report_id))


@router.post("/{report_id}/dismiss", summary="Close it without a task")
async def dismiss(
    report_id: PathId, body: DismissProblemIn, web: Web, caller: Writer, move: Move
) -> ProblemOut:
    """409 when a task takes care of it already."""
    found = await _managed(web, caller, report_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        await dismiss_problem(
            session, found.report_id, body.reason, actor_id=caller.person.user_id, source=source.text
        )
    return _out(await _managed(web, caller, report_id))


async def _managed(web: WebState, caller: Caller, report_id: int) -> ProblemDetail:
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await problem_by_id(session, report_id)
    if found is None:
        raise NotFound(noun="problem")
    caller.require(Permission.MANAGE_ASSIGNMENTS, found.organization_id)
    return found


async def _order(web: WebState, caller: Caller, found: ProblemDetail, body: AssignProblemIn) -> NewAssignment:
    """Return the repair that is asked for; raises ``InvalidInput`` when it cannot be."""
    if body.scheduled_date is None:
        raise InvalidInput(field="scheduled_date", problem="required")
    return NewAssignment(
        machine_id=found.machine_id,
        assigned_by=caller.person.user_id,
        task_type=TaskType.REPAIR,
        priority=body.priority,
        scheduled_date=body.scheduled_date,
        offer=await offer_of(web, found.organization_id, found.machine_id, body),
        description=body.description or found.latest.description,
    )


async def _new_task(web: WebState, order: NewAssignment, source: str, see: str) -> int:
    async with web.settings.database.transaction(SYSTEM) as session:
        state = await new_assignment(session, order, source)
    return (await settled(web.settings.gateway.create_assignment(source, state), see=see)).assignment_id


def _out(found: ProblemDetail) -> ProblemOut:
    row = dataclasses.asdict(found)
    reports = [
        ReportOut.model_validate(
            dataclasses.asdict(line)
            | {"id": line.report_id, "photo": file_url(line.file_id) if line.file_id else None}
        )
        for line in found.lines
    ]
    renamed = {"id": found.report_id, "rvm_machine_id": found.machine_id, "reports": reports}
    return ProblemOut.model_validate(row | renamed)
