"""Copies of several messages at once; albums stay albums."""

from collections import Counter
from itertools import pairwise

from siaga.simulator.journal import Json
from siaga.simulator.methods.media import new_album
from siaga.simulator.methods.sending import can_be_copied, content_of
from siaga.simulator.posting import post, target_chat, target_thread
from siaga.simulator.refusals import refuse
from siaga.simulator.state import Stored, World
from siaga.simulator.validate import Request

MOST = 100


def copy_messages(world: World, request: Request) -> object:
    """The ids of the copies, in order; what is gone, or must not leave its chat, is skipped in silence."""
    params = request.params
    chat = target_chat(world, params["chat_id"])
    thread = target_thread(chat, params.get("message_thread_id"))
    found = _sources(world, params)
    world.limits.spend(chat.id, len(found))
    sizes = Counter(album for one in found if (album := _album(one)))
    albums = {album: new_album() for album, size in sizes.items() if size > 1}
    bare = bool(params.get("remove_caption"))
    protected = {"has_protected_content": True} if params.get("protect_content") else {}
    copies = []
    for stored in found:
        content = _without_caption(content_of(stored)) if bare else content_of(stored)
        marks = albums.get(_album(stored), {}) | protected
        copies.append(post(world, chat, world.bot(), content | marks, thread))
    return [{"message_id": stored.id} for stored in copies]


def _sources(world: World, params: Json) -> list[Stored]:
    """The messages that can be copied. Raises `RefusalError` for ids that are no list of rising numbers."""
    numbers = params["message_ids"]
    if not numbers:
        refuse("message identifiers are not specified")
    if len(numbers) > MOST:
        refuse("too many message identifiers specified")
    if any(later <= sooner for sooner, later in pairwise(numbers)):
        refuse("message identifiers must be in a strictly increasing order")
    chat = world.chat(params["from_chat_id"])
    known = [chat.messages[number] for number in numbers if number in chat.messages]
    found = [stored for stored in known if can_be_copied(stored)]
    if not found:
        refuse("there are no messages to copy")
    return found


def _album(stored: Stored) -> str:
    return str(stored.raw.get("media_group_id", ""))


def _without_caption(content: Json) -> Json:
    return {name: value for name, value in content.items() if not name.startswith("caption")}
