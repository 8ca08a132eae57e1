"""People, their chats and what these show."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from siaga.simulator.acting import chat_of, chats_of, find_person, set_blocked, set_offline
from siaga.simulator.console import TheWorld
from siaga.simulator.journal import Json
from siaga.simulator.methods.commands import commands_for
from siaga.simulator.state import Chat, Person, World
from siaga.simulator.views import person_json, person_view, topics_json

router = APIRouter(prefix="/sim/people")
own = APIRouter(prefix="/sim/people/{uid}")


class PersonIn(BaseModel):
    """A new person; without `id` one is chosen. `started`: they have written to the bot some other day."""

    id: int | None = None
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "id"
    started: bool = False


class OfflineIn(BaseModel):
    """Whether the phone has no signal."""

    offline: bool


def the_person(world: TheWorld, uid: int) -> Person:
    """The person of the path."""
    return find_person(world, uid)


ThePerson = Annotated[Person, Depends(the_person)]


@router.post("")
async def add_person(world: TheWorld, wanted: PersonIn) -> Json:
    """Adds a person, or renames the one who has that id."""
    given = wanted.model_dump(exclude_none=True, exclude={"started"})
    user = {"id": next(world.ids.person), "is_bot": False} | given
    person = world.people.setdefault(user["id"], Person(user))
    person.user = user
    person.started |= wanted.started
    world.chats.setdefault(person.id, Chat(person.id, "private"))
    world.journal.event("people", person.id)
    return person_json(person)


@router.get("")
async def all_people(world: TheWorld) -> list[Json]:
    """Everybody, in the order they were added."""
    return [person_json(person) for person in world.people.values()]


@own.get("/chats")
async def chats(world: TheWorld, person: ThePerson) -> list[Json]:
    """The person's chat list."""
    return [_chat_row(world, person, chat) for chat in chats_of(world, person)]


@own.get("/chats/{chat_id}/messages")
async def messages(world: TheWorld, person: ThePerson, chat_id: int, thread: int | None = None) -> list[Json]:
    """What the phone shows, oldest first; deleted messages are marked, not left out."""
    shown = _shown(person, chat_of(world, person, chat_id))
    return [one for one in shown if thread is None or one.get("message_thread_id") == thread]


@own.post("/chats/{chat_id}/read")
async def read(world: TheWorld, person: ThePerson, chat_id: int) -> Json:
    """Everything so far has been seen."""
    chat = chat_of(world, person, chat_id)
    chat.read[person.id] = world.journal.seq
    world.journal.event("chats", chat.id)
    return {"ok": True}


@own.post("/block")
async def block(world: TheWorld, person: ThePerson) -> Json:
    """Blocks the bot."""
    set_blocked(world, person, blocked=True)
    return person_json(person)


@own.post("/unblock")
async def unblock(world: TheWorld, person: ThePerson) -> Json:
    """Unblocks the bot."""
    set_blocked(world, person, blocked=False)
    return person_json(person)


@own.post("/offline")
async def offline(world: TheWorld, person: ThePerson, wanted: OfflineIn) -> Json:
    """The phone loses or finds its signal."""
    set_offline(world, person, offline=wanted.offline)
    world.journal.event("people", person.id)
    return person_json(person)


def _shown(person: Person, chat: Chat) -> list[Json]:
    if person.offline:
        return person.frozen.get(chat.id, [])
    return [person_view(stored) for stored in chat.messages.values()]


def _chat_row(world: World, person: Person, chat: Chat) -> Json:
    bot = world.bot()
    title = bot["first_name"] if chat.private else chat.title
    visible = [one for one in _shown(person, chat) if not one["sim"]["deleted"]]
    read_to = chat.read.get(person.id, 0)
    unread = [
        one
        for one in chat.messages.values()
        if one.created > read_to and not one.deleted and one.raw["from"]["id"] != person.id
    ]
    row: dict[str, Any] = {
        "id": chat.id,
        "type": chat.type,
        "title": title,
        "photo_letter": title[:1].upper(),
        "unread": len(unread),
        "last_message": visible[-1] if visible else None,
        "commands": commands_for(world, chat, person.user),
        "is_forum": chat.is_forum,
        "topics": topics_json(chat),
    }
    return row | {"username": bot["username"]} if chat.private else row
