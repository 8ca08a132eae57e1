"""Changing and deleting messages."""

from siaga.simulator.journal import Json
from siaga.simulator.keyboards import checked_markup
from siaga.simulator.methods.media import media_content
from siaga.simulator.methods.sending import caption_content, text_content
from siaga.simulator.posting import announce, find_message, target_chat
from siaga.simulator.refusals import refuse
from siaga.simulator.state import Chat, Stored, World
from siaga.simulator.validate import Request
from siaga.simulator.views import bot_view

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
TEXT = ("text", "entities", "link_preview_options")
CAPTION = ("caption", "caption_entities", "show_caption_above_media", "has_media_spoiler")
MEDIA = ("photo", "document")
MAX_DELETED = 100
DELETABLE_S = 48 * 3600


def edit_message_text(world: World, request: Request) -> object:
    """Another text. Without `reply_markup` the keyboard goes."""
    content = text_content(world, request.params)
    chat, stored = _edited(world, request)
    if "text" not in stored.raw:
        refuse("there is no text in the message to edit")
    return _apply(world, request, (chat, stored), TEXT, content)


def edit_message_caption(world: World, request: Request) -> object:
    """Another caption, or none."""
    content = caption_content(world, request.params)
    chat, stored = _edited(world, request)
    if not any(kind in stored.raw for kind in MEDIA):
        refuse("there is no caption in the message to edit")
    return _apply(world, request, (chat, stored), CAPTION, content)


def edit_message_media(world: World, request: Request) -> object:
    """Another photo or document, with its caption."""
    chat, stored = _edited(world, request)
    if not any(kind in stored.raw for kind in MEDIA):
        refuse("there is no media in the message to edit")
    content = media_content(world, request, request.params["media"])
    return _apply(world, request, (chat, stored), (*CAPTION, *MEDIA), content)


def edit_message_reply_markup(world: World, request: Request) -> object:
    """Another keyboard, or none."""
    chat, stored = _edited(world, request)
    return _apply(world, request, (chat, stored), (), {})


def _edited(world: World, request: Request) -> tuple[Chat, Stored]:
    """The bot's own message that is to change. Raises `RefusalError`."""
    params = request.params
    if "inline_message_id" in params:
        refuse("MESSAGE_ID_INVALID")
    if "chat_id" not in params:
        refuse("chat_id is empty")
    if "message_id" not in params:
        refuse("message identifier is not specified")
    chat = target_chat(world, params["chat_id"])
    stored = find_message(chat, params["message_id"], "edit")
    by_bot = stored.raw["from"]["id"] == world.settings.bot_id
    plain_keyboard = "inline_keyboard" not in stored.raw.get("reply_markup", {"inline_keyboard": []})
    if not by_bot or plain_keyboard or "forward_origin" in stored.raw:
        refuse("message can't be edited")
    return chat, stored


def _apply(
    world: World, request: Request, found: tuple[Chat, Stored], replaced: tuple[str, ...], content: Json
) -> Json:
    """Replaces those fields and the keyboard, unless nothing would change."""
    chat, stored = found
    markup = checked_markup(request.params.get("reply_markup"), private=chat.private)
    if markup and "inline_keyboard" not in markup:
        refuse("inline keyboard expected")
    kept = {name: value for name, value in stored.raw.items() if name not in (*replaced, "reply_markup")}
    changed = kept | content | ({"reply_markup": markup} if markup else {})
    if changed == stored.raw:
        refuse(NOT_MODIFIED)
    world.limits.spend(chat.id)
    stored.raw = changed | {"edit_date": world.clock.date()}
    stored.edited = stored.edited or bool(replaced)
    announce(world, chat, stored, "edited")
    return bot_view(chat, stored)


def delete_message(world: World, request: Request) -> object:
    """One message, up to 48 hours old."""
    chat = target_chat(world, request.params["chat_id"])
    stored = find_message(chat, request.params["message_id"], "delete")
    _check_deletable(world, chat, stored)
    remove(world, chat, stored)
    return True


def delete_messages(world: World, request: Request) -> object:
    """Up to 100 messages; those that are gone or too old are passed over."""
    chat = target_chat(world, request.params["chat_id"])
    numbers = request.params["message_ids"]
    if not 1 <= len(numbers) <= MAX_DELETED:
        refuse("too many messages to delete" if numbers else "message identifiers are not specified")
    for number in numbers:
        stored = chat.messages.get(number)
        if stored and not stored.deleted and _deletable(world, chat, stored):
            remove(world, chat, stored)
    return True


def remove(world: World, chat: Chat, stored: Stored) -> None:
    """The message is gone for everybody."""
    stored.deleted = True
    if stored.id in chat.pinned:
        chat.pinned.remove(stored.id)
    announce(world, chat, stored, "deleted")


def _check_deletable(world: World, chat: Chat, stored: Stored) -> None:
    if not _deletable(world, chat, stored):
        refuse("message can't be deleted for everyone")


def _deletable(world: World, chat: Chat, stored: Stored) -> bool:
    own = stored.raw["from"]["id"] == world.settings.bot_id
    allowed = own or chat.private or chat.bot_status == "administrator"
    return allowed and world.clock.now() - stored.raw["date"] < DELETABLE_S
