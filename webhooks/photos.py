"""Photos sent by people: read from the request, written anew, kept by reference (DESIGN 3.8)."""

import asyncio
import hashlib

from fastapi import Request
from starlette.datastructures import UploadFile

from db.files import note_refused_photo, record_picture
from db.images import reencode
from db.queries.assignments import AssignmentDetail, photo_used_before
from domain.errors import NotAPhoto, NotYours, PhotoAlreadyUsed, Refusal
from webhooks.auth import Caller
from webhooks.state import WebState


async def photo_of(request: Request) -> bytes:
    """Return the bytes of a raw body, or of a form's first file; raises ``NotAPhoto`` when there is none."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        for part in form.values():
            if isinstance(part, UploadFile):
                return await part.read()
    raise NotAPhoto


async def keep_photo(
    web: WebState, caller: Caller, detail: AssignmentDetail, content: bytes, *, repeated: bool
) -> int:
    """Store a photo and return its file id; a repeated request finds what the first one stored.

    Raises:
        NotYours: the assignment is somebody else's.
        PhotoAlreadyUsed: the identical file was sent before.
        FileTooBig, ImageTooLarge, NotAPhoto: it is over a limit, or no image.
    """
    if detail.assigned_to != caller.person.user_id and not repeated:
        raise NotYours(holder=detail.assigned_to_name)
    original = hashlib.sha256(content).hexdigest()
    async with web.settings.database.transaction(caller.tenants) as session:
        used_in = await photo_used_before(session, detail.organization_id, original)
    if used_in is not None and not (repeated and used_in == detail.assignment_id):
        raise PhotoAlreadyUsed(assignment_id=used_in)
    try:
        async with web.pictures:
            picture = await asyncio.to_thread(reencode, content)
    except Refusal as refusal:
        await _note(web, caller, detail, original, refusal)
        raise
    sha256 = await asyncio.to_thread(web.settings.store.put, picture.content)
    async with web.settings.database.transaction(caller.tenants) as session:
        stored, _ = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=detail.organization_id,
            original_sha256=original,
            created_by=caller.person.user_id,
        )
    return stored.file_id


async def _note(
    web: WebState, caller: Caller, detail: AssignmentDetail, sha256: str, refusal: Refusal
) -> None:
    """Remember a photo that was not taken in; the same bytes again are the same failure."""
    async with web.settings.database.transaction(caller.tenants) as session:
        await note_refused_photo(
            session,
            organization_id=detail.organization_id,
            assignment_id=detail.assignment_id,
            actor_id=caller.person.user_id,
            source=f"http-{sha256}",
            code=refusal.code,
        )
