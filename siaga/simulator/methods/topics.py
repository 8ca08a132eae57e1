"""Forum topics."""

from siaga.simulator.journal import Json
from siaga.simulator.methods.editing import remove
from siaga.simulator.posting import need_admin, post, target_chat
from siaga.simulator.refusals import refuse
from siaga.simulator.state import Chat, Topic, World
from siaga.simulator.validate import Request

COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
MAX_NAME = 128


def create_forum_topic(world: World, request: Request) -> object:
    """The topic; its id is the id of the service message that opens it."""
    chat = _forum(world, request)
    name = _name(request.params["name"])
    color = request.params.get("icon_color", COLORS[0])
    if color not in COLORS:
        refuse("TOPIC_ICON_COLOR_INVALID")
    world.limits.spend(chat.id)
    created: Json = {"name": name, "icon_color": color}
    if icon := request.params.get("icon_custom_emoji_id"):
        created["icon_custom_emoji_id"] = icon
    opening = post(world, chat, world.bot(), {"forum_topic_created": created})
    topic = Topic(opening.id, name, color, icon)
    chat.topics[topic.id] = topic
    world.journal.event("topic", chat.id, topic.id, topic=topic.shown())
    return topic.shown()


def edit_forum_topic(world: World, request: Request) -> object:
    """Another name or icon; a rename counts towards the group's rate limit."""
    chat, topic = _topic(world, request)
    name = _name(request.params.get("name", topic.name))
    icon = request.params.get("icon_custom_emoji_id", topic.icon_custom_emoji_id) or None
    if (name, icon) == (topic.name, topic.icon_custom_emoji_id):
        refuse("TOPIC_NOT_MODIFIED")
    edited: Json = {}
    if name != topic.name:
        edited["name"] = name
    if icon != topic.icon_custom_emoji_id:
        edited["icon_custom_emoji_id"] = icon or ""
    world.limits.spend(chat.id)
    topic.name, topic.icon_custom_emoji_id = name, icon
    _tell(world, chat, topic, {"forum_topic_edited": edited})
    return True


def close_forum_topic(world: World, request: Request) -> object:
    """Nobody but administrators writes there any more."""
    return _set_closed(world, request, "forum_topic_closed", closed=True)


def reopen_forum_topic(world: World, request: Request) -> object:
    """Everybody may write again."""
    return _set_closed(world, request, "forum_topic_reopened", closed=False)


def delete_forum_topic(world: World, request: Request) -> object:
    """The topic goes with its messages."""
    chat, topic = _topic(world, request)
    del chat.topics[topic.id]
    for stored in chat.messages.values():
        if stored.raw.get("message_thread_id") == topic.id and not stored.deleted:
            remove(world, chat, stored)
    world.journal.event("topic", chat.id, topic.id, topic=None)
    return True


def _set_closed(world: World, request: Request, service: str, *, closed: bool) -> bool:
    chat, topic = _topic(world, request)
    if topic.closed == closed:
        refuse("TOPIC_NOT_MODIFIED")
    world.limits.spend(chat.id)
    topic.closed = closed
    _tell(world, chat, topic, {service: {}})
    return True


def _tell(world: World, chat: Chat, topic: Topic, service: Json) -> None:
    post(world, chat, world.bot(), service, topic.id)
    world.journal.event("topic", chat.id, topic.id, topic=topic.shown() | {"closed": topic.closed})


def _forum(world: World, request: Request) -> Chat:
    chat = target_chat(world, request.params["chat_id"])
    if not chat.is_forum:
        refuse("the chat is not a forum")
    need_admin(chat, "create a topic")
    return chat


def _topic(world: World, request: Request) -> tuple[Chat, Topic]:
    chat = _forum(world, request)
    topic = chat.topics.get(request.params["message_thread_id"])
    if topic is None:
        refuse("message thread not found")
    return chat, topic


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= MAX_NAME:
        refuse("TOPIC_TITLE_EMPTY" if not name.strip() else "TOPIC_TITLE_TOO_LONG")
    return name.strip()
