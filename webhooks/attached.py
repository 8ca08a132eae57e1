"""Files that come to a ticket over HTTP: what they are is told by their bytes, not by their sender."""

import asyncio

from fastapi import Request
from starlette.datastructures import UploadFile

from db.files import record_document, record_picture
from db.images import Picture, reencode
from db.queries.tickets import TicketDetail
from domain.defaults import PHOTO_LIMIT_MB
from domain.errors import FileTooBig, InvalidInput, NotAPhoto
from webhooks.auth import Caller
from webhooks.state import WebState

UNKNOWN = "application/octet-stream"
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
"""What a browser may open in place; anything else is handed out to be saved."""
_SIGNS = ((b"%PDF-", "application/pdf"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"))
_MP4 = slice(4, 8)


async def file_of(request: Request) -> bytes:
    """Return the bytes of a raw body or of a form's first file.

    Raises:
        InvalidInput: there are none.
        FileTooBig: it is over the limit.
    """
    content = b""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            part = next((one for one in form.values() if isinstance(one, UploadFile)), None)
            content = await part.read() if part is not None else b""
    else:
        content = await request.body()
    if not content:
        raise InvalidInput(field="file", problem="missing")
    if len(content) > PHOTO_LIMIT_MB * 1024 * 1024:
        raise FileTooBig(limit_mb=PHOTO_LIMIT_MB)
    return content


async def keep_file(web: WebState, caller: Caller, ticket: TicketDetail, content: bytes) -> int:
    """Store a file for a ticket and return its number; a picture is written anew, so nothing hidden stays.

    Raises:
        ImageTooLarge: a picture over the limit.
    """
    picture = await _picture(web, content)
    kept = content if picture is None else picture.content
    sha256 = await asyncio.to_thread(web.settings.store.put, kept)
    async with web.settings.database.transaction(caller.tenants) as session:
        if picture is None:
            return await record_document(
                session,
                sha256=sha256,
                media_type=_kind(content),
                size_bytes=len(content),
                organization_id=ticket.organization_id,
            )
        stored, _ = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=ticket.organization_id,
            created_by=caller.person.user_id,
        )
        return stored.file_id


async def _picture(web: WebState, content: bytes) -> Picture | None:
    try:
        async with web.pictures:
            return await asyncio.to_thread(reencode, content)
    except NotAPhoto:
        return None


def _kind(content: bytes) -> str:
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if content[_MP4] == b"ftyp":
        return "video/mp4"
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if "\x00" in text else "text/plain"


def disposition(media_type: str) -> str:
    """Return how a browser shall take a file."""
    return "inline" if media_type in SHOWN else "attachment"
