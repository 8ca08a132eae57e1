"""What a person can do with the phone: write, send files and places, tap, react."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from siaga.simulator import acting
from siaga.simulator.acting import Spot, chat_of
from siaga.simulator.console import TheWorld
from siaga.simulator.journal import Json
from siaga.simulator.people import ThePerson
from siaga.simulator.posting import find_message
from siaga.simulator.refusals import RefusalError, impossible
from siaga.simulator.state import Person, World
from siaga.simulator.views import person_view

MAX_PAYLOAD = 64

router = APIRouter(prefix="/sim/people/{uid}")


class To(BaseModel):
    """Where a message goes: the private chat by default."""

    chat: int | None = None
    thread: int | None = None
    reply_to: int | None = None


class TextIn(To):
    """A typed text."""

    text: str


class StartIn(BaseModel):
    """A deep link `t.me/<bot>?start=<payload>`."""

    payload: str = ""


class VenueIn(BaseModel):
    """A named place."""

    title: str
    address: str


class LocationIn(To):
    """A place; with `live_period` (seconds) a live one, with `venue` a named one."""

    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None
    live_period: int | None = None
    venue: VenueIn | None = None


class ContactIn(To):
    """A phone number; the person's own by default."""

    phone_number: str
    first_name: str | None = None
    last_name: str | None = None
    user_id: int | None = None


class TapIn(BaseModel):
    """A tap on an inline button by its data, or by its label or a part of it.

    `stale` delivers `data` even where the message no longer shows it: a phone that is behind.
    """

    chat: int | None = None
    message_id: int
    data: str | None = None
    text: str | None = None
    offline: bool = False
    stale: bool = False
    timeout_s: float = 15


class ReactIn(BaseModel):
    """An emoji on a message; null takes it back."""

    chat: int | None = None
    message_id: int
    emoji: str | None


def write_messages(
    world: World, person: Person, to: To, contents: list[Json], response: Response
) -> list[Json]:
    """Sends; while the phone has no signal the answer is 202 and the messages go out later."""
    spot = Spot(chat_of(world, person, to.chat), to.thread, to.reply_to)
    sent = acting.write(world, person, spot, contents)
    if sent is None:
        response.status_code = 202
        return [{"queued": True}]
    return [person_view(stored) for stored in sent]


@router.post("/messages")
async def send_text(world: TheWorld, person: ThePerson, wanted: TextIn, response: Response) -> Json:
    """Writes a text."""
    return write_messages(world, person, wanted, [acting.text_message(wanted.text)], response)[0]


@router.post("/start")
async def start(world: TheWorld, person: ThePerson, wanted: StartIn, response: Response) -> Json:
    """Follows a deep link; it also unblocks the bot."""
    allowed = all(
        character.isascii() and (character.isalnum() or character in "_-") for character in wanted.payload
    )
    if not allowed or len(wanted.payload) > MAX_PAYLOAD:
        impossible(400, "a start payload has up to 64 of A-Z a-z 0-9 _ -")
    acting.set_blocked(world, person, blocked=False)
    return write_messages(world, person, To(), [acting.text_message(f"/start {wanted.payload}")], response)[0]


@router.put("/messages/{message_id}")
async def edit_text(world: TheWorld, person: ThePerson, message_id: int, wanted: TextIn) -> Json:
    """Changes an own text."""
    chat = chat_of(world, person, wanted.chat)
    return person_view(acting.edit(world, person, chat, message_id, acting.text_message(wanted.text)))


@router.post("/location")
async def send_location(world: TheWorld, person: ThePerson, wanted: LocationIn, response: Response) -> Json:
    """Shares a place."""
    names = {"latitude", "longitude", "horizontal_accuracy", "live_period"}
    location = wanted.model_dump(include=names, exclude_none=True)
    content: Json = {"location": location}
    if wanted.venue:
        content["venue"] = {"location": location, **wanted.venue.model_dump()}
    return write_messages(world, person, wanted, [content], response)[0]


@router.put("/location/{message_id}")
async def move(world: TheWorld, person: ThePerson, message_id: int, wanted: LocationIn) -> Json:
    """Moves a live location."""
    chat = chat_of(world, person, wanted.chat)
    before = find_message(chat, message_id, "edit").raw.get("location", {})
    if "live_period" not in before:
        impossible(400, f"message {message_id} is no live location")
    names = {"latitude", "longitude", "horizontal_accuracy"}
    location = before | wanted.model_dump(include=names, exclude_none=True)
    return person_view(acting.edit(world, person, chat, message_id, {"location": location}))


@router.post("/contact")
async def send_contact(world: TheWorld, person: ThePerson, wanted: ContactIn, response: Response) -> Json:
    """Shares a phone number."""
    own = {"first_name": person.user["first_name"], "user_id": person.id}
    names = {"phone_number", "first_name", "last_name", "user_id"}
    contact = (own if wanted.first_name is None else {}) | wanted.model_dump(include=names, exclude_none=True)
    return write_messages(world, person, wanted, [{"contact": contact}], response)[0]


@router.post("/tap")
async def tap(world: TheWorld, person: ThePerson, wanted: TapIn) -> Json:
    """Taps a button and waits for the bot's answer."""
    if person.offline or wanted.offline:
        impossible(503, "no signal")
    chat = chat_of(world, person, wanted.chat)
    if chat.private and person.blocked:
        impossible(403, "the bot is blocked: unblock it first")
    try:
        stored = find_message(chat, wanted.message_id, "tap")
    except RefusalError:
        impossible(404, f"there is no message {wanted.message_id}")
    button: Json = {"callback_data": wanted.data}
    if not (wanted.stale and wanted.data):
        button = acting.find_button(stored, wanted.data, wanted.text)
    if "copy_text" in button:
        return {"copied": button["copy_text"]["text"]}
    for kind in ("url", "web_app", "login_url"):
        if kind in button:
            return {"url": button[kind] if kind == "url" else button[kind]["url"]}
    if "callback_data" not in button:
        impossible(400, f"the button '{button['text']}' does nothing in the simulator")
    started = time.perf_counter()
    callback = acting.press(world, person, chat, stored, button["callback_data"])
    with suppress(TimeoutError):
        async with asyncio.timeout(wanted.timeout_s):
            await callback.answered.wait()
    answer = callback.answer or {"text": "", "show_alert": False, "url": None}
    elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
    told: dict[str, Any] = {"answered": callback.answer is not None, "callback_query_id": callback.id}
    return told | answer | {"elapsed_ms": elapsed_ms}


@router.post("/react")
async def react(world: TheWorld, person: ThePerson, wanted: ReactIn) -> Json:
    """Puts an emoji on a message."""
    chat = chat_of(world, person, wanted.chat)
    return person_view(acting.react(world, person, chat, wanted.message_id, wanted.emoji))
