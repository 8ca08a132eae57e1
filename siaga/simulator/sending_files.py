"""What a person sends as files: photos, albums, documents, voice notes."""

import asyncio
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Response, UploadFile
from pydantic import Field

from siaga.simulator.acting import with_entities
from siaga.simulator.console import TheWorld
from siaga.simulator.journal import Json
from siaga.simulator.people import ThePerson
from siaga.simulator.phone import To, write_messages
from siaga.simulator.refusals import RefusalError, impossible

router = APIRouter(prefix="/sim/people/{uid}")

MAX_ALBUM = 10


class Captioned(To):
    """What may come with a file."""

    caption: str | None = None


class PhotosIn(Captioned):
    """One photo, or an album; `raw` takes the bytes as a photo whatever they are: a bomb, a text.

    `captions` are an album's, one for each photo in order; `caption` stands on the first.
    """

    files: list[UploadFile]
    captions: list[str] = Field(default_factory=list)
    raw: bool = False


class DocumentIn(Captioned):
    """A file; `size` may claim more bytes than there are."""

    file: UploadFile
    mime_type: str | None = None
    size: int | None = None


class VoiceIn(To):
    """A voice note of `duration` seconds."""

    file: UploadFile
    duration: int = 3


@router.post("/photos")
async def send_photos(
    world: TheWorld, person: ThePerson, wanted: Annotated[PhotosIn, Form()], response: Response
) -> list[Json]:
    """Sends photos, each in its own message."""
    if not 1 <= len(wanted.files) <= MAX_ALBUM:
        impossible(400, "an album has up to ten photos")
    contents: list[Json] = []
    for file in wanted.files:
        data = await file.read()
        try:
            add = world.files.add_raw_photo if wanted.raw else world.files.add_photo
            contents.append({"photo": await asyncio.to_thread(add, data)})
        except RefusalError as error:
            impossible(400, f"{file.filename} is no photo: {error}")
    if contents[1:]:
        group = {"media_group_id": str(secrets.randbelow(10**17) + 10**17)}
        contents = [content | group for content in contents]
    captions = wanted.captions or [wanted.caption or ""]
    for content, caption in zip(contents, captions, strict=False):
        content.update(with_entities("caption", caption))
    return write_messages(world, person, wanted, contents, response)


@router.post("/documents")
async def send_document(
    world: TheWorld, person: ThePerson, wanted: Annotated[DocumentIn, Form()], response: Response
) -> Json:
    """Sends a file."""
    file = wanted.file
    kind = wanted.mime_type or file.content_type or "application/octet-stream"
    document = world.files.add_document(await file.read(), file.filename or "file", kind, wanted.size)
    content = {"document": document} | with_entities("caption", wanted.caption)
    return write_messages(world, person, wanted, [content], response)[0]


@router.post("/voice")
async def send_voice(
    world: TheWorld, person: ThePerson, wanted: Annotated[VoiceIn, Form()], response: Response
) -> Json:
    """Sends a voice note."""
    kind = wanted.file.content_type or "audio/ogg"
    voice = world.files.add_voice(await wanted.file.read(), kind, wanted.duration)
    return write_messages(world, person, wanted, [{"voice": voice}], response)[0]
