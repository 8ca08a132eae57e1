"""What belongs to a ticket: its timeline and its files."""

from fastapi import APIRouter, Request

from db.queries.tickets import AttachmentLine, TicketDetail, attachments, timeline
from domain.errors import NotAllowed, NotFound
from domain.roles import Permission
from domain.tickets import TicketMove
from webhooks.attached import file_of, keep_file
from webhooks.auth import Caller, Reader, Writer
from webhooks.documentation import raw_body
from webhooks.idempotency import Move
from webhooks.inputs import Caption, PathId
from webhooks.state import Web, WebState
from webhooks.ticket_rows import command, is_staff, moved, visible_ticket
from webhooks.ticket_shapes import ActivityIn, ActivityOut, AttachmentOut, TicketViewOut

router = APIRouter(prefix="/tickets/{ticket_id}", tags=["helpdesk"])


@router.get("/activities", summary="The timeline")
async def list_activities(ticket_id: PathId, web: Web, caller: Reader) -> list[ActivityOut]:
    """Oldest first; internal lines for staff only."""
    ticket = await visible_ticket(web, caller, ticket_id)
    internal = caller.sight.sees_internal(ticket.organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        lines = await timeline(session, ticket_id, internal=internal)
    return [ActivityOut.model_validate(line) for line in lines]


@router.post("/activities", summary="Say something, or note it for the staff", status_code=201)
async def add_activity(
    ticket_id: PathId, body: ActivityIn, web: Web, caller: Writer, move: Move
) -> TicketViewOut:
    """Words of a customer who is waited for are the answer. `internal` never leaves the helpdesk."""
    ticket = await visible_ticket(web, caller, ticket_id)
    if body.internal and not is_staff(caller, ticket.organization_id):
        raise NotAllowed(permission=Permission.WORK_ON_TICKETS.value)
    verb = TicketMove.NOTE if body.internal else TicketMove.COMMENT
    order = command(caller, ticket, verb, note=body.note)
    return await moved(web, await move.take(), ticket, order)


@router.get("/attachments", summary="The files")
async def list_attachments(ticket_id: PathId, web: Web, caller: Reader) -> list[AttachmentOut]:
    """In the order they came; what stays inside for staff only."""
    ticket = await visible_ticket(web, caller, ticket_id)
    return [_out(row) for row in await _attached(web, caller, ticket)]


@router.post(
    "/attachments",
    summary="Add a file",
    status_code=201,
    openapi_extra=raw_body(
        "multipart/form-data", "image/jpeg", "application/pdf", "application/octet-stream"
    ),
)
async def add_attachment(  # noqa: PLR0913 - the dependencies of a move
    *, ticket_id: PathId, request: Request, web: Web, caller: Writer, move: Move, caption: Caption = ""
) -> TicketViewOut:
    """At most 20 MB. A picture is written anew as JPEG."""
    ticket = await visible_ticket(web, caller, ticket_id)
    content = await file_of(request)
    source = await move.take(content)
    file_id = await keep_file(web, caller, ticket, content)
    order = command(caller, ticket, TicketMove.ATTACH, file_ids=[file_id], note=caption)
    return await moved(web, source, ticket, order)


@router.delete("/attachments/{attachment_id}", summary="Remove a file for good")
async def remove_attachment(
    ticket_id: PathId, attachment_id: PathId, web: Web, caller: Writer, move: Move
) -> TicketViewOut:
    """By staff, where it shows a patient say; the line that it was there stays."""
    ticket = await visible_ticket(web, caller, ticket_id)
    if attachment_id not in {row.attachment_id for row in await _attached(web, caller, ticket)}:
        raise NotFound(noun="attachment")
    order = command(caller, ticket, TicketMove.DETACH, attachment_id=attachment_id)
    return await moved(web, await move.take(), ticket, order)


async def _attached(web: WebState, caller: Caller, ticket: TicketDetail) -> list[AttachmentLine]:
    internal = caller.sight.sees_internal(ticket.organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        return await attachments(session, ticket.ticket_id, internal=internal)


def _out(row: AttachmentLine) -> AttachmentOut:
    url = None if row.file_id is None else f"/api/v1/files/{row.file_id}"
    told = AttachmentOut.model_validate(row)
    return told.model_copy(update={"url": url})
