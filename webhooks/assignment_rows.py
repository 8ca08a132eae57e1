"""What the admins' and the technicians' side of assignments share: rows as JSON, and moves."""

import dataclasses
from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from db.queries.assignments import (
    AssignmentDetail,
    AssignmentFilter,
    assignment_by_id,
    count_assignments,
    list_assignments,
)
from domain.assignments import AssignmentCommand, AssignmentMove, AssignmentStatus
from domain.errors import NotFound
from domain.roles import Permission
from webhooks.answers import settled
from webhooks.assignment_shapes import AssignmentOut, AssignmentViewOut
from webhooks.auth import Caller
from webhooks.inputs import Page, Paging
from webhooks.state import WebState

StatusFilter = Annotated[list[AssignmentStatus] | None, Query(description="Repeat it for several.")]


def assignment_out(detail: AssignmentDetail) -> AssignmentOut:
    """Return a row as the API tells it."""
    row = dataclasses.asdict(detail)
    renamed = {"id": detail.assignment_id, "rvm_machine_id": detail.machine_id}
    return AssignmentOut.model_validate(row | renamed | {"photos": [file_url(one) for one in detail.photos]})


def file_url(file_id: int) -> str:
    """Return where a file is fetched with a token."""
    return f"/api/v1/files/{file_id}"


async def assignment_page(
    web: WebState, caller: Caller, wanted: AssignmentFilter, paging: Paging
) -> Page[AssignmentOut]:
    """Return a part of the list in the caller's scope."""
    async with web.settings.database.transaction(caller.tenants) as session:
        rows: Sequence[AssignmentDetail] = await list_assignments(
            session, wanted, limit=paging.limit, offset=paging.offset
        )
        total = await count_assignments(session, wanted)
    items = [assignment_out(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def visible_assignment(web: WebState, caller: Caller, assignment_id: int) -> AssignmentDetail:
    """Return an assignment of the caller's organizations; raises ``NotFound``."""
    async with web.settings.database.transaction(caller.tenants) as session:
        detail = await assignment_by_id(session, assignment_id)
    if detail is None:
        raise NotFound(noun="assignment")
    return detail


def command(caller: Caller, detail: AssignmentDetail, move: AssignmentMove) -> AssignmentCommand:
    """Return a bare move by this person; who holds the task is for the workflow to judge."""
    person = caller.person
    manages = person.may(Permission.MANAGE_ASSIGNMENTS, detail.organization_id)
    return AssignmentCommand(move, person.user_id, person.name, actor_may_manage=manages)


async def moved(
    web: WebState, source: str, detail: AssignmentDetail, order: AssignmentCommand, *, see: str
) -> AssignmentViewOut:
    """Ask for a move and return the assignment after it."""
    call = web.settings.gateway.move_assignment(source, detail.assignment_id, order)
    return AssignmentViewOut.model_validate(await settled(call, see=see))
