"""Photos of a task: downloaded, re-encoded, stored, recorded, then the move (DESIGN 3.8)."""

import asyncio
import hashlib
from collections.abc import Sequence

from bot.context import SiagaContext
from bot.task_moves import move
from db.files import note_refused_photo, record_picture
from db.images import reencode
from db.queries.assignments import AssignmentDetail, move_recorded, photo_used_before
from db.session import Scope
from domain.assignments import AssignmentMove, AssignmentView
from domain.defaults import PHOTO_LIMIT_MB
from domain.errors import PhotoAlreadyUsed, Refusal


async def add_photos(
    context: SiagaContext, source: str, task: AssignmentDetail, telegram_files: Sequence[str], caption: str
) -> AssignmentView:
    """Attach photos to a task in progress and return its new view.

    Of an album each good one counts once, and the first bad one is told; when all are bad, that is raised.

    Raises:
        FileTooBig, ImageTooLarge, NotAPhoto, PhotoAlreadyUsed: no photo was good.
        Refusal: the workflow refuses.
    """
    stored: list[int] = []
    refused: list[Refusal] = []
    for file in telegram_files:
        try:
            kept = await store_photo(context, source, task, file)
            if kept in stored:
                refused.append(PhotoAlreadyUsed(assignment=task.assignment_id))
            else:
                stored.append(kept)
        except Refusal as refusal:
            refused.append(refusal)
            await _note(context, f"{source}-{len(stored) + len(refused)}", task, refusal)
    if not stored:
        raise refused[0]
    view = await move(
        context, source, task.assignment_id, AssignmentMove.PHOTO, file_ids=stored, note=caption
    )
    if refused:
        await context.refuse(refused[0])
    return view


async def _note(context: SiagaContext, source: str, task: AssignmentDetail, refusal: Refusal) -> None:
    """Remember a photo that was not taken in; one that is there already is no failure."""
    if isinstance(refusal, PhotoAlreadyUsed):
        return
    async with context.transaction() as session:
        await note_refused_photo(
            session,
            organization_id=task.organization_id,
            assignment_id=task.assignment_id,
            actor_id=context.me.user_id,
            source=source,
            code=refusal.code,
        )


async def store_photo(context: SiagaContext, source: str, task: AssignmentDetail, telegram_file: str) -> int:
    """Return the file id of one photo, verified and written anew so that nothing hidden survives.

    What a file says about its own time and place is not kept: the message's date and the proof of arrival
    count (WORDS 5).

    Raises:
        FileTooBig, ImageTooLarge, NotAPhoto, PhotoAlreadyUsed: it is no photo that counts.
    """
    content = await context.download(telegram_file, PHOTO_LIMIT_MB)
    original = hashlib.sha256(content).hexdigest()
    organization_id = task.organization_id
    async with context.transaction(Scope.of([organization_id])) as session:
        used_by = await photo_used_before(session, organization_id, original)
        repeated = await move_recorded(session, task.assignment_id, source)
    if used_by is not None and not repeated:
        raise PhotoAlreadyUsed(assignment=used_by)
    picture = await asyncio.to_thread(reencode, content)
    sha256 = await asyncio.to_thread(context.files.put, picture.content)
    async with context.transaction(Scope.of([organization_id])) as session:
        file, _ = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=organization_id,
            original_sha256=original,
            created_by=context.me.user_id,
        )
    return file.file_id
