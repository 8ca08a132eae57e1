"""The report of a completed task, for who dispatched it and for who did it."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from db.files import file_by_id
from db.papers.report import MEDIA_TYPE, render_report
from db.queries.assignments import AssignmentDetail
from db.queries.reports import CompletionReport, completion_report
from db.report_files import pictures_of
from db.session import SYSTEM
from domain.assignments import AssignmentStatus
from domain.errors import NotFound, NotPossibleNow
from domain.roles import Permission
from webhooks.assignment_rows import visible_assignment
from webhooks.auth import Caller, Reader
from webhooks.inputs import PathId
from webhooks.state import Web, WebState

router = APIRouter(tags=["assignments"])

Language = Annotated[
    Literal["id", "en"] | None, Query(description="Without it, the language of the dispatcher.")
]
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(
    "/admin/assignments/{assignment_id}/report",
    summary="The completion report",
    response_class=Response,
    responses=_PDF,
)
async def of_dispatcher(
    assignment_id: PathId, web: Web, caller: Reader, language: Language = None
) -> Response:
    """One PDF. 409 while the task is not completed."""
    detail = await visible_assignment(web, caller, assignment_id)
    caller.require(Permission.MANAGE_ASSIGNMENTS, detail.organization_id)
    return await _report(web, caller, detail, language)


@router.get(
    "/technician/assignments/{assignment_id}/report",
    summary="The report of the caller's own task",
    response_class=Response,
    responses=_PDF,
)
async def of_technician(
    assignment_id: PathId, web: Web, caller: Reader, language: Language = None
) -> Response:
    """One PDF. 404 for somebody else's task, 409 while it is not completed."""
    detail = await visible_assignment(web, caller, assignment_id)
    caller.require(Permission.DO_ASSIGNMENTS, detail.organization_id)
    if detail.assigned_to != caller.person.user_id:
        raise NotFound(noun="assignment")
    return await _report(web, caller, detail, language)


async def _report(web: WebState, caller: Caller, detail: AssignmentDetail, language: str | None) -> Response:
    """Return the kept report, or one made now: before the completion settles, or in another language."""
    async with web.settings.database.transaction(caller.tenants) as session:
        report = await completion_report(session, detail.assignment_id, language)
    if report is None:
        completed = AssignmentStatus.COMPLETED.value
        raise NotPossibleNow(noun="assignment", status=detail.status.value, move=completed)
    content = await _kept(web, report, language)
    name = f"{detail.task_type}-{detail.assignment_id}.pdf"
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


async def _kept(web: WebState, report: CompletionReport, language: str | None) -> bytes:
    store = web.settings.store
    if report.file_id is not None and language is None:
        async with web.settings.database.transaction(SYSTEM) as session:
            file = await file_by_id(session, report.file_id)
        if file is not None:
            return await asyncio.to_thread(store.get, file.sha256)
    address = web.settings.addresses.printed(report.machine_uuid)
    async with web.pictures:
        return await asyncio.to_thread(lambda: render_report(report, pictures_of(report, store), address))
