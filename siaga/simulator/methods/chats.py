"""Chats and members, pins, reactions, callback answers."""

from siaga.simulator.journal import Json
from siaga.simulator.methods.reactions import is_allowed
from siaga.simulator.posting import announce, find_message, need_admin, post, target_chat
from siaga.simulator.refusals import refuse
from siaga.simulator.state import World
from siaga.simulator.validate import Request
from siaga.simulator.views import bot_view, chat_json, member_json

CALLBACK_LIFE_S = 30
MAX_ANSWER = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_chat(world: World, request: Request) -> object:
    """ChatFullInfo."""
    chat = world.chat(request.params["chat_id"])
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full: Json = chat_json(world, chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, chat.private),
    }
    if not chat.private:
        full["permissions"] = {"can_send_messages": True}
        full["join_to_send_messages"] = True
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    if pinned:
        full["pinned_message"] = bot_view(chat, pinned)
    return full


def get_chat_member(world: World, request: Request) -> object:
    """A ChatMember; somebody who was never there has left."""
    chat = world.chat(request.params["chat_id"])
    user = world.users().get(request.params["user_id"])
    if user is None:
        refuse("member not found")
    return member_json(world, chat, user)


def get_chat_administrators(world: World, request: Request) -> object:
    """Owner and administrators of a group, other bots left out."""
    chat = world.chat(request.params["chat_id"])
    if chat.private:
        refuse("there are no administrators in the private chat")
    admins = [user for user, status in chat.members.items() if status in ("creator", "administrator")]
    found = [member_json(world, chat, world.people[user].user) for user in admins]
    if chat.bot_status == "administrator":
        found.append(member_json(world, chat, world.bot()))
    return found


def pin_chat_message(world: World, request: Request) -> object:
    """Pins, and says so in the chat."""
    chat = target_chat(world, request.params["chat_id"])
    need_admin(chat, "manage pinned messages in the chat")
    stored = find_message(chat, request.params["message_id"], "pin")
    if stored.id not in chat.pinned:
        chat.pinned.append(stored.id)
        thread = stored.raw.get("message_thread_id")
        post(world, chat, world.bot(), {"pinned_message": bot_view(chat, stored)}, thread)
    return True


def unpin_chat_message(world: World, request: Request) -> object:
    """Unpins that message, or the newest pinned one."""
    chat = target_chat(world, request.params["chat_id"])
    need_admin(chat, "manage pinned messages in the chat")
    number = request.params.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        refuse("message to unpin not found")
    chat.pinned.remove(number)
    return True


def set_message_reaction(world: World, request: Request) -> object:
    """At most one of the allowed emoji; an empty list takes it back."""
    chat = target_chat(world, request.params["chat_id"])
    stored = chat.messages.get(request.params["message_id"])
    if stored is None or stored.deleted:
        refuse("message to react not found")
    reaction = request.params.get("reaction", [])
    if len(reaction) > 1:
        refuse("REACTIONS_TOO_MANY")
    if any(not is_allowed(one.get("emoji", "")) for one in reaction):
        refuse("REACTION_INVALID")
    stored.reactions.pop(world.settings.bot_id, None)
    if reaction:
        stored.reactions[world.settings.bot_id] = reaction[0]["emoji"]
    announce(world, chat, stored, "reaction")
    return True


def answer_callback_query(world: World, request: Request) -> object:
    """Once per tap, while it is fresh."""
    params = request.params
    callback = world.callbacks.get(params["callback_query_id"])
    if callback is None or callback.answer is not None:
        refuse(TOO_OLD)
    if world.clock.now() - callback.asked_at > CALLBACK_LIFE_S:
        refuse(TOO_OLD)
    if len(params.get("text", "")) > MAX_ANSWER:
        refuse("MESSAGE_TOO_LONG")
    url = params.get("url", "")
    if url and not url.startswith((f"https://t.me/{world.settings.username}?", "tg://")):
        refuse("URL_INVALID")
    callback.answer = {
        "text": params.get("text", ""),
        "show_alert": params.get("show_alert", False),
        "url": url or None,
    }
    callback.answered.set()
    if params.get("text"):
        toast = {
            "user": callback.user_id,
            "text": params["text"],
            "show_alert": callback.answer["show_alert"],
        }
        world.journal.event("toast", callback.chat_id, **toast)
    return True
