"""Messages without files: text, places, contacts, forwards, copies, and "typing"."""

from dataclasses import dataclass

from siaga.simulator.journal import Json
from siaga.simulator.keyboards import checked_markup
from siaga.simulator.posting import find_message, is_service, post, reply_part, target_chat, target_thread
from siaga.simulator.refusals import refuse
from siaga.simulator.state import Chat, Stored, World
from siaga.simulator.text.formatting import format_text
from siaga.simulator.validate import Request
from siaga.simulator.views import bot_view

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_LATITUDE = 90
MAX_LONGITUDE = 180
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
NOT_COPIED = {
    "message_id",
    "date",
    "chat",
    "from",
    "reply_to_message",
    "reply_markup",
    "message_thread_id",
    "is_topic_message",
    "edit_date",
    "media_group_id",
}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes and what goes with every kind of message."""

    chat: Chat
    thread: int | None
    extra: Json


def destination(world: World, request: Request) -> Destination:
    """Chat, topic, replied message and keyboard, each checked. Raises `RefusalError`."""
    params = request.params
    chat = target_chat(world, params["chat_id"])
    thread = target_thread(chat, params.get("message_thread_id"))
    extra: Json = {}
    if reply := params.get("reply_parameters"):
        source = world.chat(reply.get("chat_id", chat.id))
        extra |= reply_part(source, reply["message_id"])
        if not extra and not reply.get("allow_sending_without_reply"):
            refuse("message to be replied not found")
    if markup := checked_markup(params.get("reply_markup"), private=chat.private):
        extra["reply_markup"] = markup
    if params.get("protect_content"):
        extra["has_protected_content"] = True
    if effect := params.get("message_effect_id"):
        extra["effect_id"] = effect
    return Destination(chat, thread, extra)


def send(world: World, to: Destination, content: Json) -> Json:
    """Spends the rate limit, posts, and returns the Message."""
    world.limits.spend(to.chat.id)
    stored = post(world, to.chat, world.bot(), content | to.extra, to.thread)
    return bot_view(to.chat, stored)


def text_content(world: World, params: Json) -> Json:
    """`text` and `entities` of a message. Raises `RefusalError`."""
    text, entities = format_text(
        params["text"], params.get("parse_mode"), params.get("entities"), world.users()
    )
    if not text:
        refuse("message text is empty")
    if len(text) > MAX_TEXT:
        refuse("message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if options := params.get("link_preview_options"):
        content["link_preview_options"] = options
    return content


def caption_content(world: World, params: Json) -> Json:
    """`caption` and `caption_entities`; nothing where there is no caption. Raises `RefusalError`."""
    caption, entities = format_text(
        params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities"), world.users()
    )
    if len(caption) > MAX_CAPTION:
        refuse("message caption is too long")
    content: Json = {}
    if caption:
        content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
        if params.get("show_caption_above_media"):
            content["show_caption_above_media"] = True
    if params.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def send_message(world: World, request: Request) -> object:
    """A text."""
    content = text_content(world, request.params)
    return send(world, destination(world, request), content)


def send_location(world: World, request: Request) -> object:
    """A point on the map."""
    return send(world, destination(world, request), {"location": _location(request.params)})


def send_venue(world: World, request: Request) -> object:
    """A point with a name; the message carries `location` as well."""
    params = request.params
    location = _location(params)
    venue: Json = {"location": location, "title": params["title"], "address": params["address"]}
    for name in ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type"):
        if name in params:
            venue[name] = params[name]
    return send(world, destination(world, request), {"venue": venue, "location": location})


def send_contact(world: World, request: Request) -> object:
    """A phone number with a name."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: request.params[name] for name in names if name in request.params}
    return send(world, destination(world, request), {"contact": contact})


def send_chat_action(world: World, request: Request) -> object:
    """Show "typing" or its like; it costs nothing and leaves nothing."""
    chat = target_chat(world, request.params["chat_id"])
    thread = target_thread(chat, request.params.get("message_thread_id"))
    if request.params["action"] not in ACTIONS:
        refuse("wrong parameter action in request")
    world.journal.event("typing", chat.id, thread, action=request.params["action"])
    return True


def forward_message(world: World, request: Request) -> object:
    """The message with its origin."""
    stored = _source(world, request, "forward")
    origin = {"type": "user", "sender_user": stored.raw["from"], "date": stored.raw["date"]}
    return send(world, destination(world, request), content_of(stored) | {"forward_origin": origin})


def copy_message(world: World, request: Request) -> object:
    """The message as if the bot had written it; a new caption may replace the old one."""
    stored = _source(world, request, "copy")
    content = content_of(stored)
    if "caption" in request.params:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= caption_content(world, request.params)
    return {"message_id": send(world, destination(world, request), content)["message_id"]}


def can_be_copied(stored: Stored) -> bool:
    """Whether a message may leave its chat: protected content and Telegram's own messages may not."""
    return not stored.deleted and not stored.raw.get("has_protected_content") and not is_service(stored.raw)


def _source(world: World, request: Request, purpose: str) -> Stored:
    chat = world.chat(request.params["from_chat_id"])
    stored = find_message(chat, request.params["message_id"], purpose)
    if not can_be_copied(stored):
        refuse(f"message can't be {'forwarded' if purpose == 'forward' else 'copied'}")
    return stored


def content_of(stored: Stored) -> Json:
    """What a copy says and shows."""
    return {name: value for name, value in stored.raw.items() if name not in NOT_COPIED}


def _location(params: Json) -> Json:
    if abs(params["latitude"]) > MAX_LATITUDE or abs(params["longitude"]) > MAX_LONGITUDE:
        refuse("wrong location specified")
    names = (
        "latitude",
        "longitude",
        "horizontal_accuracy",
        "live_period",
        "heading",
        "proximity_alert_radius",
    )
    return {name: params[name] for name in names if name in params}
