"""Assignments as technicians and operators see and move them (seed 002): the same verbs as in chat."""

import dataclasses
from datetime import UTC, datetime

from fastapi import APIRouter, Request

from db.queries.assignments import AssignmentDetail, AssignmentFilter
from db.queries.files import has_own_file
from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import AssignmentCommand, AssignmentMove
from domain.checklists import ChecklistAnswer, CheckOutcome, ItemKind
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.roles import Permission
from webhooks.assignment_rows import (
    StatusFilter,
    assignment_out,
    assignment_page,
    command,
    file_url,
    moved,
    visible_assignment,
)
from webhooks.assignment_shapes import (
    AssignmentOut,
    AssignmentViewOut,
    CheckIn,
    CompleteIn,
    DeclineIn,
    HandBackIn,
    PhotoOut,
    PostponeIn,
    StartIn,
)
from webhooks.auth import Caller, Reader, Writer
from webhooks.documentation import raw_body
from webhooks.idempotency import Move, SourceOfMove
from webhooks.inputs import Caption, Page, Paged, PathId
from webhooks.photos import keep_photo, photo_of
from webhooks.state import Web, WebState

router = APIRouter(prefix="/technician/assignments", tags=["technician"])

PLACE = "/api/v1/technician/assignments"


@router.get("", summary="What the caller is offered, holds or did")
async def list_own(
    web: Web, caller: Reader, paging: Paged, status: StatusFilter = None
) -> Page[AssignmentOut]:
    """By scheduled date, earliest first."""
    if not any(caller.person.may(Permission.DO_ASSIGNMENTS, number) for number in caller.organizations):
        raise NotAllowed(permission=Permission.DO_ASSIGNMENTS.value)
    wanted = AssignmentFilter(assigned_to=caller.person.user_id, statuses=status or ())
    return await assignment_page(web, caller, wanted, paging)


@router.get("/{assignment_id}", summary="One of the caller's assignments")
async def get_own(assignment_id: PathId, web: Web, caller: Reader) -> AssignmentOut:
    """404 for somebody else's."""
    detail = await _done_by(web, caller, assignment_id)
    if not detail.concerns(caller.person.user_id):
        raise NotFound(noun="assignment")
    return assignment_out(detail)


@router.put("/{assignment_id}/accept", summary="Accept the offer")
async def accept(assignment_id: PathId, web: Web, caller: Writer, move: Move) -> AssignmentViewOut:
    """409 when somebody else was first."""
    detail = await _done_by(web, caller, assignment_id)
    return await _move(web, move, detail, command(caller, detail, AssignmentMove.ACCEPT))


@router.put("/{assignment_id}/decline", summary="Decline the offer")
async def decline(
    assignment_id: PathId, body: DeclineIn, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """The dispatcher is told and chooses again."""
    detail = await _done_by(web, caller, assignment_id)
    order = command(caller, detail, AssignmentMove.DECLINE)
    return await _move(
        web, move, detail, dataclasses.replace(order, reason=body.reason.value, note=body.note)
    )


@router.put("/{assignment_id}/start", summary="Start on site")
async def start(
    assignment_id: PathId, web: Web, caller: Writer, move: Move, body: StartIn | None = None
) -> AssignmentViewOut:
    """An installation, maintenance or repair sets the machine to maintenance."""
    detail = await _done_by(web, caller, assignment_id)
    order = command(caller, detail, AssignmentMove.START)
    if body is not None:
        order = dataclasses.replace(order, proof=_proof(detail, body), reason=body.reason)
    return await _move(web, move, detail, order)


@router.put("/{assignment_id}/check", summary="Answer steps of the checklist")
async def check(
    assignment_id: PathId, body: CheckIn, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """Several at once, in any order, again until the completion: the last answer counts."""
    detail = await _done_by(web, caller, assignment_id)
    answers = [ChecklistAnswer(**answer.model_dump()) for answer in body.answers]
    await _own_photos(web, caller, detail, answers)
    given = {answer.code for answer in answers}
    if body.all_ok:
        ticks = [one for one in detail.steps_open if one.kind == ItemKind.TICK and one.code not in given]
        answers += [ChecklistAnswer(one.code, CheckOutcome.OK) for one in ticks]
    order = dataclasses.replace(command(caller, detail, AssignmentMove.CHECK), answers=answers)
    return await _move(web, move, detail, order)


@router.put("/{assignment_id}/complete", summary="Complete")
async def complete(
    assignment_id: PathId, body: CompleteIn, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """409 `photo_required`, `checklist_open`, or `self_test_failing` for an installation."""
    detail = await _done_by(web, caller, assignment_id)
    order = command(caller, detail, AssignmentMove.COMPLETE)
    order = dataclasses.replace(order, note=body.completion_notes, reason=body.override_reason)
    return await _move(web, move, detail, order)


@router.put("/{assignment_id}/undo", summary="Take a completion back")
async def undo(assignment_id: PathId, web: Web, caller: Writer, move: Move) -> AssignmentViewOut:
    """Until `undo_until`; after it 409 `undo_too_late`."""
    detail = await _done_by(web, caller, assignment_id)
    return await _move(web, move, detail, command(caller, detail, AssignmentMove.UNDO))


@router.put("/{assignment_id}/postpone", summary="Name a later time for an accepted task")
async def postpone(
    assignment_id: PathId, body: PostponeIn, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """The dispatcher is told."""
    detail = await _done_by(web, caller, assignment_id)
    order = dataclasses.replace(
        command(caller, detail, AssignmentMove.POSTPONE),
        scheduled_date=body.scheduled_date,
        reason=body.reason.value,
        note=body.note,
    )
    return await _move(web, move, detail, order)


@router.put("/{assignment_id}/hand-back", summary="Give an accepted task back")
async def hand_back(
    assignment_id: PathId, body: HandBackIn, web: Web, caller: Writer, move: Move
) -> AssignmentViewOut:
    """Its photos stay; the dispatcher chooses again."""
    detail = await _done_by(web, caller, assignment_id)
    order = command(caller, detail, AssignmentMove.HAND_BACK)
    return await _move(
        web, move, detail, dataclasses.replace(order, reason=body.reason.value, note=body.note)
    )


@router.post(
    "/{assignment_id}/upload-photo",
    summary="Add a photo",
    status_code=201,
    openapi_extra=raw_body("multipart/form-data", "image/jpeg", "image/png", "image/webp"),
)
async def upload_photo(  # noqa: PLR0913 - the dependencies of a move
    *,
    assignment_id: PathId,
    request: Request,
    web: Web,
    caller: Writer,
    move: Move,
    caption: Caption = "",
) -> PhotoOut:
    """At most 20 MB and 50 megapixels; written anew as JPEG. The identical file is refused a second time."""
    detail = await _done_by(web, caller, assignment_id)
    content = await photo_of(request)
    source = await move.take(content)
    file_id = await keep_photo(web, caller, detail, content, repeated=source.repeated)
    order = dataclasses.replace(
        command(caller, detail, AssignmentMove.PHOTO), file_ids=[file_id], note=caption
    )
    view = await moved(web, source.text, detail, order, see=f"{PLACE}/{assignment_id}")
    return PhotoOut(assignment=view, file_id=file_id, url=file_url(file_id))


def _proof(detail: AssignmentDetail, body: StartIn) -> Proof | None:
    """Return what a start shows; raises ``InvalidInput`` for the code of another machine."""
    if body.method == ArrivalMethod.NONE:
        return None
    if body.method == ArrivalMethod.QR and body.machine_uuid != detail.machine_uuid:
        raise InvalidInput(field="machine_uuid", problem="other_machine")
    at = body.at or datetime.now(UTC)
    return Proof(body.method, at, body.latitude, body.longitude, body.accuracy_m)


async def _own_photos(
    web: WebState, caller: Caller, detail: AssignmentDetail, answers: list[ChecklistAnswer]
) -> None:
    """Let only photos of this task or of the caller be answers; raises ``NotFound``."""
    async with web.settings.database.transaction(caller.tenants) as session:
        for answer in answers:
            if answer.file_id is None or answer.file_id in detail.photos:
                continue
            if not await has_own_file(session, answer.file_id, caller.person.user_id):
                raise NotFound(noun="file")


async def _done_by(web: WebState, caller: Caller, assignment_id: int) -> AssignmentDetail:
    detail = await visible_assignment(web, caller, assignment_id)
    caller.require(Permission.DO_ASSIGNMENTS, detail.organization_id)
    return detail


async def _move(
    web: WebState, move: SourceOfMove, detail: AssignmentDetail, order: AssignmentCommand
) -> AssignmentViewOut:
    source = await move.take()
    return await moved(web, source.text, detail, order, see=f"{PLACE}/{detail.assignment_id}")
