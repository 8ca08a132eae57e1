"""Photos, documents and albums, and fetching files."""

import secrets

from siaga.simulator.journal import Json
from siaga.simulator.methods.sending import caption_content, destination, send
from siaga.simulator.posting import post
from siaga.simulator.refusals import refuse, refuse_strictly
from siaga.simulator.state import World
from siaga.simulator.validate import ATTACH, Request
from siaga.simulator.views import bot_view

MAX_ALBUM = 10
SIMULATED = ("photo", "document")


def send_photo(world: World, request: Request) -> object:
    """By upload or by file id."""
    return _send_file(world, request, "photo")


def send_document(world: World, request: Request) -> object:
    """By upload or by file id."""
    return _send_file(world, request, "document")


def _send_file(world: World, request: Request, kind: str) -> Json:
    to = destination(world, request)
    caption = caption_content(world, request.params)
    content = file_content(world, request, kind, kind, request.params.get(kind))
    return send(world, to, content | caption)


def send_media_group(world: World, request: Request) -> object:
    """An album: several messages with one `media_group_id`; a group counts each of them."""
    to = destination(world, request)
    media = request.params["media"]
    if len(media) > MAX_ALBUM:
        refuse("too many messages to send as an album")
    if not media:
        refuse("there are no messages to send")
    if len(media) == 1 and world.strict:
        refuse_strictly("album size", "an album has 2 to 10 media, not 1")
    if len({item["type"] == "document" for item in media}) > 1:
        refuse("document can't be mixed with other media types")
    contents = [media_content(world, request, item) for item in media]
    world.limits.spend(to.chat.id, len(contents))
    group = new_album()
    sent = [post(world, to.chat, world.bot(), one | group | to.extra, to.thread) for one in contents]
    return [bot_view(to.chat, stored) for stored in sent]


def new_album() -> Json:
    """The mark that the messages of one album share."""
    return {"media_group_id": str(secrets.randbelow(10**17) + 10**17)}


def media_content(world: World, request: Request, item: Json) -> Json:
    """What an InputMedia becomes in a message. Raises `RefusalError`."""
    if item["type"] not in SIMULATED:
        refuse_strictly("not simulated", f"media of type {item['type']} is not simulated")
    content = file_content(world, request, item["type"], "media", item["media"])
    return content | caption_content(world, item)


def file_content(world: World, request: Request, kind: str, name: str, value: str | None) -> Json:
    """`photo` or `document` of a message, from an upload or from a file id."""
    upload = request.upload(name, value)
    if upload is None and (value is None or value.startswith(ATTACH)):
        refuse(f"there is no {kind} in the request")
    if kind == "photo":
        return {
            "photo": world.files.add_photo(upload.data)
            if upload
            else world.files.find(value or "", "Photo").photo
        }
    if upload:
        return {"document": world.files.add_document(upload.data, upload.filename, upload.content_type)}
    return {"document": world.files.find(value or "", "Document").shown}


def get_file(world: World, request: Request) -> object:
    """A path that is good for an hour."""
    return world.files.link(request.params["file_id"])
