"""Putting messages into chats, changing them, and telling whoever should know."""

from typing import Any

from siaga.simulator.journal import Json
from siaga.simulator.refusals import refuse, refuse_forbidden
from siaga.simulator.state import Chat, Person, Stored, World
from siaga.simulator.views import bot_view, chat_json, member_as, person_view


def post(
    world: World,
    chat: Chat,
    sender: Json,
    content: Json,
    thread: int | None = None,
) -> Stored:
    """A new message in a chat, visible to its people. The bot is told by `tell_bot`.

    The message that opens a topic is the first in it.
    """
    message_id = world.message_id(chat)
    thread = message_id if "forum_topic_created" in content else thread
    raw: Json = {
        "message_id": message_id,
        "date": world.clock.date(),
        "chat": chat_json(world, chat),
        "from": sender,
    }
    if thread:
        raw |= {"message_thread_id": thread, "is_topic_message": True}
    stored = Stored(raw | content)
    chat.messages[stored.id] = stored
    announce(world, chat, stored, "message")
    return stored


def announce(world: World, chat: Chat, stored: Stored, kind: str) -> None:
    """Notes the change and tells the chat page; a phone without signal hears of it later."""
    stored.seq = world.journal.seq + 1
    stored.created = stored.created or stored.seq
    person = world.people.get(chat.id)
    if person and person.offline:
        world.journal.event("chats", chat.id)
        return
    thread = stored.raw.get("message_thread_id")
    world.journal.event(kind, chat.id, thread, message=person_view(stored))


def tell_bot(world: World, chat: Chat, stored: Stored, kind: str = "message") -> None:
    """An update about a person's message, if the bot is in the chat and may read it."""
    if chat.private or bot_reads(world, chat, stored.raw):
        world.updates.push(kind, bot_view(chat, stored))


def bot_reads(world: World, chat: Chat, raw: Json) -> bool:
    """Group privacy: without admin rights the bot gets commands, replies to it and service messages."""
    if chat.bot_status not in ("administrator", "member"):
        return False
    if chat.bot_status == "administrator" or not chat.privacy:
        return True
    bot = world.bot()
    replied = raw.get("reply_to_message", {}).get("from", {}).get("id")
    text = raw.get("text") or raw.get("caption") or ""
    if text.startswith("/"):
        command = text.split(maxsplit=1)[0]
        return "@" not in command or command.endswith(f"@{bot['username']}")
    return bool(replied == bot["id"] or is_service(raw))


def is_service(raw: Json) -> bool:
    """Whether Telegram itself wrote it."""
    return any(name in raw for name in SERVICE_FIELDS)


SERVICE_FIELDS = (
    "new_chat_members",
    "left_chat_member",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def target_chat(world: World, chat_id: int | str) -> Chat:
    """The chat the bot may write to. Raises `RefusalError` for strangers, blocks and bans."""
    chat = world.chat(chat_id)
    if chat.private:
        person = world.people[chat.id]
        if person.blocked:
            refuse_forbidden("bot was blocked by the user")
        if not person.started:
            refuse_forbidden("bot can't initiate conversation with a user")
    elif chat.upgraded_to is not None:
        refuse("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to)
    elif chat.bot_status == "kicked":
        refuse_forbidden(f"bot was kicked from the {chat.type} chat")
    elif chat.bot_status == "left":
        refuse_forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def target_thread(chat: Chat, thread: int | None) -> int | None:
    """The topic to write to. Raises `RefusalError`."""
    if not thread:
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        refuse("message thread not found")
    if topic.closed and chat.bot_status != "administrator":
        refuse("TOPIC_CLOSED")
    return thread


def find_message(chat: Chat, message_id: int | None, purpose: str) -> Stored:
    """A message that still exists. Raises `RefusalError` "message to <purpose> not found"."""
    stored = chat.messages.get(message_id or 0)
    if stored is None or stored.deleted:
        refuse(f"message to {purpose} not found")
    return stored


def reply_part(chat: Chat, message_id: int | None) -> Json:
    """`reply_to_message` for a new message; nothing when the message is gone."""
    replied = chat.messages.get(message_id or 0)
    if replied is None or replied.deleted:
        return {}
    view = bot_view(chat, replied)
    view.pop("reply_to_message", None)
    return {"reply_to_message": view}


def need_admin(chat: Chat, what: str) -> None:
    """Raises `RefusalError` unless the bot administers the group."""
    if not chat.private and chat.bot_status != "administrator":
        refuse(f"not enough rights to {what}")


def change_bot_status(world: World, chat: Chat, actor: Person, old: str, new: str) -> None:
    """The `my_chat_member` update; `chat.bot_status` has been changed by the caller or stays."""
    bot = world.bot()
    payload: dict[str, Any] = {
        "chat": chat_json(world, chat),
        "from": actor.user,
        "date": world.clock.date(),
        "old_chat_member": member_as(old, bot),
        "new_chat_member": member_as(new, bot),
    }
    world.updates.push("my_chat_member", payload)
