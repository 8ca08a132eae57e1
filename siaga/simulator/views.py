"""How a message, a chat and a member look to the bot and to the people."""

from typing import Any

from siaga.simulator.journal import Json
from siaga.simulator.state import Chat, Person, Stored, World

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


def chat_json(world: World, chat: Chat) -> Json:
    """The Chat inside messages and updates."""
    if chat.private:
        user = world.people[chat.id].user
        names: Json = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
        return {"id": chat.id, "type": "private", **names}
    shown: Json = {"id": chat.id, "type": chat.type, "title": chat.title}
    return shown | {"is_forum": True} if chat.is_forum else shown


def bot_view(chat: Chat, stored: Stored) -> Json:
    """The Message the bot gets: only inline keyboards; in a topic, the message that opened it."""
    raw = {name: value for name, value in stored.raw.items() if name != "reply_markup"}
    markup = stored.raw.get("reply_markup", {})
    if "inline_keyboard" in markup:
        raw["reply_markup"] = markup
    thread = raw.get("message_thread_id")
    opening = chat.messages.get(thread) if thread else None
    if opening and "reply_to_message" not in raw and opening is not stored:
        raw["reply_to_message"] = opening.raw
    return raw


def person_view(stored: Stored) -> Json:
    """The Message with any keyboard, plus `sim`: what the simulator knows about it."""
    sim = {
        "deleted": stored.deleted,
        "edited": stored.edited,
        "seq": stored.seq,
        "reactions": [{"user": user, "emoji": emoji} for user, emoji in stored.reactions.items()],
    }
    return stored.raw | {"sim": sim}


def member_json(world: World, chat: Chat, user: Json) -> Json:
    """The ChatMember of a person or of the bot."""
    if user["id"] == world.settings.bot_id:
        status = chat.bot_status
    else:
        status = "member" if user["id"] == chat.id else chat.members.get(user["id"], "left")
    return member_as(status, user)


def member_as(status: str, user: Json) -> Json:
    """A ChatMember of that status."""
    member: Json = {"status": status, "user": user}
    if status == "administrator":
        rights = dict.fromkeys(ADMIN_RIGHTS, True)
        return member | rights | {"can_be_edited": False, "is_anonymous": False}
    if status == "creator":
        return member | {"is_anonymous": False}
    return member | {"until_date": 0} if status == "kicked" else member


def person_json(person: Person) -> Json:
    """A person as the person side shows them."""
    user = person.user
    return {
        "id": person.id,
        "first_name": user["first_name"],
        "last_name": user.get("last_name"),
        "username": user.get("username"),
        "language_code": user.get("language_code"),
        "blocked": person.blocked,
        "offline": person.offline,
    }


def topics_json(chat: Chat) -> list[dict[str, Any]]:
    """A forum's topics, with `closed`."""
    return [topic.shown() | {"closed": topic.closed} for topic in chat.topics.values()]
