"""What customers send along: pictures, documents, voices, stored up to what Telegram gives to bots."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message

from bot.context import SiagaContext
from db.files import record_document, record_picture
from db.images import Picture, reencode
from db.session import Scope
from domain.defaults import TICKET_FILE_LIMIT_MB
from domain.errors import FileTooBig, Refusal
from domain.ticket_drafts import DraftPart


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as Telegram names it; ``kind`` as in ``DraftPart``."""

    kind: str
    file_id: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What the messages of an update say and bring; ``too_big`` files are only passed on."""

    parts: Sequence[DraftPart]
    too_big: int = 0

    @property
    def words(self) -> str:
        """Return what is said."""
        return "\n".join(part.text for part in self.parts if part.text)

    @property
    def file_ids(self) -> list[int]:
        """Return the stored files, in the order they came."""
        return [part.file_id for part in self.parts if part.file_id is not None]

    @property
    def file_message_ids(self) -> list[int]:
        """Return of each stored file the message that brought it."""
        return [part.message_id for part in self.parts if part.file_id is not None]

    @property
    def message_ids(self) -> list[int]:
        """Return the messages."""
        return [part.message_id for part in self.parts]


def file_in(message: Message) -> SentFile | None:
    """Return the file that a message brings; None when it brings none that a ticket takes."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return SentFile("photo", best.file_id, "image/jpeg")
    if (document := message.document) is not None:
        return SentFile("document", document.file_id, document.mime_type or "application/octet-stream")
    if (sound := message.voice or message.audio) is not None:
        return SentFile("voice", sound.file_id, sound.mime_type or "audio/ogg")
    if (film := message.video or message.video_note or message.animation) is not None:
        return SentFile("video", film.file_id, getattr(film, "mime_type", None) or "video/mp4")
    return None


def says_something(messages: Sequence[Message]) -> bool:
    """Return whether messages hold words or files: a sticker or a place is neither."""
    return any(one.text or file_in(one) is not None for one in messages)


async def bring(context: SiagaContext, organization_id: int) -> Brought:
    """Store what this update's messages bring, for an organization's tickets."""
    parts, too_big = list[DraftPart](), 0
    for message in context.album:
        sent = file_in(message)
        number: int | None = None
        if sent is not None:
            try:
                number = await _store(context, sent, organization_id)
            except FileTooBig:
                too_big += 1
        text = (message.text or message.caption or "").strip()
        parts.append(DraftPart(message.message_id, text, sent.kind if sent else "", number))
    return Brought(parts, too_big)


async def _store(context: SiagaContext, sent: SentFile, organization_id: int) -> int:
    """Return the number of a stored copy; a picture is written anew, so that nothing hidden survives."""
    content = await context.download(sent.file_id, TICKET_FILE_LIMIT_MB)
    picture: Picture | None = None
    if sent.media_type.startswith("image/"):
        try:
            picture = await asyncio.to_thread(reencode, content)
        except Refusal:
            picture = None  # it claims to be one and is none: kept as any other document
    kept = content if picture is None else picture.content
    sha256 = await asyncio.to_thread(context.files.put, kept)
    async with context.transaction(Scope.of([organization_id])) as session:
        if picture is None:
            media_type = (
                "application/octet-stream" if sent.media_type.startswith("image/") else sent.media_type
            )
            return await record_document(
                session,
                sha256=sha256,
                media_type=media_type[:100],
                size_bytes=len(kept),
                organization_id=organization_id,
            )
        stored, _ = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=organization_id,
            created_by=context.me.user_id,
        )
        return stored.file_id
