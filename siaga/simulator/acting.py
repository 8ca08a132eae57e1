"""What people do with their phones, and what the bot is told of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from siaga.simulator.journal import Json
from siaga.simulator.keyboards import buttons
from siaga.simulator.methods.sending import MAX_TEXT
from siaga.simulator.posting import (
    announce,
    change_bot_status,
    find_message,
    post,
    reply_part,
    tell_bot,
)
from siaga.simulator.refusals import impossible
from siaga.simulator.state import Callback, Chat, Person, Stored, World
from siaga.simulator.text.formatting import detect
from siaga.simulator.views import bot_view, chat_json, person_view


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a chat a message goes: a topic, an answer to a message."""

    chat: Chat
    thread: int | None = None
    reply_to: int | None = None


def find_person(world: World, user_id: int) -> Person:
    """Raises `RefusalError` 404."""
    person = world.people.get(user_id)
    if person is None:
        impossible(404, f"there is no person {user_id}")
    return person


def chats_of(world: World, person: Person) -> list[Chat]:
    """The private chat with the bot first, then the groups the person is in."""
    groups = [chat for chat in world.chats.values() if person.id in chat.members]
    return [world.chats[person.id], *groups]


def chat_of(world: World, person: Person, chat_id: int | None) -> Chat:
    """One of the person's chats; the private one by default. Raises `RefusalError` 404."""
    found = {chat.id: chat for chat in chats_of(world, person)}.get(chat_id or person.id)
    if found is None:
        impossible(404, f"{person.user['first_name']} is not in the chat {chat_id}")
    return found


def write(world: World, person: Person, spot: Spot, contents: list[Json]) -> list[Stored] | None:
    """The person sends messages, one update each. None while the phone has no signal: it sends later.

    Raises `RefusalError` when the bot is blocked or the topic is not open.
    """
    chat, thread = spot.chat, spot.thread
    if chat.private and person.blocked:
        impossible(403, "the bot is blocked: unblock it first")
    if thread and (thread not in chat.topics or chat.topics[thread].closed):
        impossible(400, f"there is no open topic {thread}")

    def send() -> list[Stored]:
        if chat.private:
            person.started = True
        reply = reply_part(chat, spot.reply_to)
        sent = [post(world, chat, person.user, content | reply, thread) for content in contents]
        for stored in sent:
            tell_bot(world, chat, stored)
        return sent

    return when_online(person, send)


def when_online(person: Person, action: Callable[[], list[Stored]]) -> list[Stored] | None:
    """Does it now, or leaves it on a phone without signal."""
    if person.offline:
        person.waiting.append(action)
        return None
    return action()


def set_offline(world: World, person: Person, *, offline: bool) -> None:
    """Back online, everything waiting goes out in order and what came meanwhile shows."""
    if person.offline == offline:
        return
    if offline:
        chats = chats_of(world, person)
        person.frozen = {chat.id: [person_view(one) for one in chat.messages.values()] for chat in chats}
        person.offline = True
        return
    person.offline = False
    seen = {view["message_id"]: view["sim"] for view in person.frozen.get(person.id, ())}
    person.frozen = {}
    for stored in world.chats[person.id].messages.values():
        before = seen.get(stored.id)
        if before is None or before["seq"] != stored.seq:
            kind = "deleted" if stored.deleted else "edited" if before else "message"
            world.journal.event(kind, person.id, message=person_view(stored))
    waiting, person.waiting = person.waiting, []
    for action in waiting:
        action()


def text_message(text: str) -> Json:
    """A typed text with the entities Telegram finds in it. Raises `RefusalError`."""
    plain = text.strip()
    if not plain or len(plain) > MAX_TEXT:
        impossible(400, "a message has 1 to 4096 characters")
    return with_entities("text", plain)


def with_entities(name: str, text: str | None) -> Json:
    """`text` or `caption` with its entities; nothing for no text."""
    if not text:
        return {}
    entities = detect(text)
    found = {"entities" if name == "text" else f"{name}_entities": entities} if entities else {}
    return {name: text, **found}


def edit(world: World, person: Person, chat: Chat, message_id: int, changes: Json) -> Stored:
    """The person changes an own message. Raises `RefusalError`."""
    stored = find_message(chat, message_id, "edit")
    if stored.raw["from"]["id"] != person.id:
        impossible(403, "people edit their own messages only")
    if person.offline:
        impossible(503, "no signal")
    kept = {name: value for name, value in stored.raw.items() if name not in ("entities", "edit_date")}
    stored.raw = kept | changes | {"edit_date": world.clock.date()}
    stored.edited = True
    announce(world, chat, stored, "edited")
    tell_bot(world, chat, stored, "edited_message")
    return stored


def set_blocked(world: World, person: Person, *, blocked: bool) -> None:
    """Blocking or unblocking the bot, with its `my_chat_member` update."""
    if person.blocked == blocked:
        return
    person.blocked = blocked
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    change_bot_status(world, world.chats[person.id], person, old, new)
    world.journal.event("people", person.id)


def react(world: World, person: Person, chat: Chat, message_id: int, emoji: str | None) -> Stored:
    """The person puts an emoji on a message, or takes it back."""
    stored = find_message(chat, message_id, "react")
    before = stored.reactions.pop(person.id, None)
    if emoji:
        stored.reactions[person.id] = emoji
    announce(world, chat, stored, "reaction")
    if chat.private or chat.bot_status == "administrator":
        payload: dict[str, Any] = {
            "chat": chat_json(world, chat),
            "message_id": message_id,
            "user": person.user,
            "date": world.clock.date(),
            "old_reaction": [{"type": "emoji", "emoji": before}] if before else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        world.updates.push("message_reaction", payload)
    return stored


def find_button(stored: Stored, data: str | None, text: str | None) -> Json:
    """The inline button with that data, or that label (a part of it will do). Raises 404."""
    shown = list(buttons(stored.raw.get("reply_markup")))
    if data is not None:
        fitting = [button for button in shown if button.get("callback_data") == data]
    else:
        wanted = (text or "").lower()
        fitting = [button for button in shown if wanted and wanted in button["text"].lower()]
        fitting.sort(key=lambda button: bool(button["text"] != text))
    if not fitting:
        labels = ", ".join(button["text"] for button in shown) or "none"
        impossible(404, f"message {stored.id} has no such button; its buttons: {labels}")
    return fitting[0]


def press(world: World, person: Person, chat: Chat, stored: Stored, data: str) -> Callback:
    """A tap on a callback button: the bot gets a callback query with the message as it stands."""
    callback = Callback(str(secrets.randbelow(9 * 10**17) + 10**17), person.id, chat.id, world.clock.now())
    world.callbacks[callback.id] = callback
    query = {
        "id": callback.id,
        "from": person.user,
        "message": bot_view(chat, stored),
        "chat_instance": str(-chat.id * 1_000_003),
        "data": data,
    }
    if chat.private or chat.bot_status in ("administrator", "member"):
        world.updates.push("callback_query", query)
    return callback
