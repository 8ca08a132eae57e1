"""What a claimed delivery sends: the latest row, rendered for its reader, and whether it edits or is new."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Document, NoticeView, Reader
from bot.dialogs.asking import Asker
from bot.html_text import first_line
from bot.markup import markup, without_taps
from bot.parts import Parts
from bot.relaying import deletion, is_deletion, is_relay, relay_of
from bot.render import Audience
from bot.rooms import Nowhere, Place, Rooms, Step
from db.chat import cards
from db.chat.bumps import out_of_sight
from db.chat.cards import SHRUNK, CardRow
from db.chat.late_tickets import folds
from db.chat.queue import Due
from db.queries.people import person_by_id
from db.queries.quiet import quiet_until
from domain.chat import DeliveryClass, Loudness, Thing
from domain.defaults import BUMP_AGE_S, BUMP_MESSAGES, QUIET_FROM_HOUR, QUIET_TO_HOUR, TIME_ZONE
from domain.people import Person
from domain.quiet import QuietHours

GROUPS_QUIET = QuietHours(round(QUIET_FROM_HOUR * 60), round(QUIET_TO_HOUR * 60))
"""A group has no settings of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One call to make. ``edit``: the message it changes; None: a new message."""

    text: str
    markup: Mapping[str, Any] | None = None
    edit: int | None = None
    reply_to: int | None = None
    silent: bool = False
    photo: str | None = None
    """SHA-256 of a stored picture."""
    document: Document | None = None
    card: CardRow | None = None
    """The card this shows."""
    content_hash: str = ""
    shrinks: int | None = None
    """The card's former message, which becomes one line once this is sent."""
    forget_s: float | None = None
    forget_text: str = ""
    place: Place | None = None
    """The ticket's room that it goes into."""
    copies: tuple[int, int] | None = None
    """Chat and number of a message that is copied, with the text as its caption."""
    album: tuple[int, ...] = ()
    """The messages of an album, copied together instead; ``bare``: without their captions."""
    bare: bool = False
    relays: Mapping[int, int] = field(default_factory=dict)
    """The relays that it is, and how many versions each has."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is to be sent. ``done``: because it is shown already."""

    reason: str
    done: bool = False
    card: CardRow | None = None


class Composer:
    """Turns deliveries into calls."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._cards = {**parts.content.cards, Thing.DIALOG: Asker(parts).card}
        self._rooms = Rooms(parts.renderer, parts.settings.language)

    async def compose(self, session: AsyncSession, due: Due) -> Outgoing | Nothing | Step:
        """Load the latest row and render it; the session has the system scope."""
        if due.content is not None:
            return self._reply(due)
        if is_deletion(due):
            return deletion(due)
        return await self._compose(session, due) if due.chat_id >= 0 else await self._in_group(session, due)

    async def _in_group(self, session: AsyncSession, due: Due) -> Outgoing | Nothing | Step:
        place = await self._rooms.enter(session, due)
        if isinstance(place, Step):
            return place
        if isinstance(place, Nowhere):
            return Nothing(place.reason)
        outgoing = await self._compose(session, due)
        if place is None or isinstance(outgoing, Nothing):
            return outgoing
        below = outgoing.reply_to or place.below
        return replace(outgoing, place=place, reply_to=below)

    async def _compose(self, session: AsyncSession, due: Due) -> Outgoing | Nothing:
        reader = await self._reader(session, due)
        if reader is None:
            return Nothing("the reader is suspended")
        if due.card_id is not None:
            return await self._card(session, due, reader)
        if due.template == SHRUNK:
            return await self._shrunk(session, due, reader)
        if is_relay(due):
            return await self._relay(session, due, reader)
        return await self._notice(session, due, reader)

    def _reply(self, due: Due) -> Outgoing:
        content = self._parts.sealer.unseal(due.content or {})
        document = content.get("document")
        return Outgoing(
            text=content["text"],
            markup=content.get("markup"),
            photo=content.get("photo"),
            document=Document(**document) if document else None,
            edit=due.edit_message_id,
            forget_s=(due.content or {}).get("forget_s"),
            forget_text=(due.content or {}).get("forget_text", ""),
        )

    async def _reader(self, session: AsyncSession, due: Due) -> Reader | None:
        if due.user_id is None:
            language = str(due.context.get("language") or self._parts.settings.language)
            return Reader(None, language, TIME_ZONE, due.chat_id)
        known = await person_by_id(session, due.user_id)
        if known is None or not known.is_active:
            return None
        person: Person = known.person
        return Reader(person, person.language, person.time_zone, due.chat_id)

    async def _card(self, session: AsyncSession, due: Due, reader: Reader) -> Outgoing | Nothing:
        card = await cards.card_by_id(session, due.card_id or 0)
        view = await self._view(session, card.thing, card.thing_id, reader) if card else None
        if card is None or view is None:
            await cards.retire(session, due.card_id or 0)
            return Nothing("there is nothing to show")
        reader = replace(reader, language=view.language or reader.language)
        shown = self._shown(
            view, reader, card, repeated=due.repeated and due.delivery_class == DeliveryClass.ALARM
        )
        if card.message_id is None:
            return replace(shown, silent=await _silent(session, due.loudness, reader))
        if due.loudness == Loudness.EDIT or await folds(session, card, due.loudness):
            age = timedelta(seconds=BUMP_AGE_S)
            if view.final or not await out_of_sight(session, card, BUMP_MESSAGES, age):
                same = shown.content_hash == card.content_hash
                return (
                    Nothing("shown already", done=True, card=card)
                    if same
                    else replace(shown, edit=card.message_id)
                )
        silent = await _silent(session, due.loudness, reader)
        return replace(shown, silent=silent, reply_to=card.message_id, shrinks=card.message_id)

    def _shown(self, view: CardView, reader: Reader, card: CardRow, *, repeated: bool) -> Outgoing:
        keyboard = without_taps(view.keyboard) if view.final else view.keyboard
        text = self._text(view, reader)
        drawn = markup(keyboard, _audience(reader), reader.chat_id, self._parts.renderer, self._parts.signer)
        digest = hashlib.sha256(json.dumps([text, drawn], sort_keys=True).encode()).hexdigest()
        if repeated:
            text = self._parts.renderer.html("machinery/repeated", _audience(reader), {"text": text})
        return Outgoing(text=text, markup=drawn, card=card, content_hash=digest)

    async def _shrunk(self, session: AsyncSession, due: Due, reader: Reader) -> Outgoing:
        thing = due.thing
        view = await self._view(session, thing, due.thing_id or 0, reader) if thing else None
        line = first_line(self._text(view, reader)) if view else ""
        text = self._parts.renderer.html(SHRUNK, _audience(reader), {"line": line})
        return Outgoing(text=text, edit=due.edit_message_id)

    async def _notice(self, session: AsyncSession, due: Due, reader: Reader) -> Outgoing | Nothing:
        template = due.template or ""
        view = await self._view(session, due.thing, due.thing_id or 0, reader) if due.thing else None
        row = view.row if view else None
        builder = self._parts.content.notices.get(template)
        extra = await builder(session, row, due.context, reader) if builder else NoticeView()
        if extra is None:
            return Nothing("there is nothing to say")
        folder = template if "/" in template else f"notices/{template}"
        variables = {**due.context, **extra.context, "thing": row}
        has_file = extra.photo is not None or extra.document is not None
        text = self._parts.renderer.html(folder, _audience(reader), variables, caption=has_file)
        if due.repeated:
            text = self._parts.renderer.html("machinery/repeated", _audience(reader), {"text": text})
        card = await cards.card_of(session, due.thing, due.thing_id or 0, due.chat_id) if due.thing else None
        return Outgoing(
            text=text,
            markup=markup(
                extra.keyboard, _audience(reader), due.chat_id, self._parts.renderer, self._parts.signer
            ),
            photo=extra.photo,
            document=extra.document,
            reply_to=card.message_id if card else None,
            silent=await _silent(session, due.loudness, reader),
        )

    async def _relay(self, session: AsyncSession, due: Due, reader: Reader) -> Outgoing | Nothing:
        relay = await relay_of(session, due, reader, self._parts.renderer)
        if relay is None:
            return Nothing("it was withdrawn")
        text = relay.text
        if due.repeated:
            text = self._parts.renderer.html("machinery/repeated", _audience(reader), {"text": text})
        return Outgoing(
            text=text,
            edit=due.edit_message_id,
            reply_to=relay.reply_to,
            silent=await _silent(session, due.loudness, reader),
            copies=relay.copies,
            relays=relay.versions,
            album=relay.album,
            bare=relay.bare,
        )

    async def _view(
        self, session: AsyncSession, thing: Thing, thing_id: int, reader: Reader
    ) -> CardView | None:
        builder = self._cards.get(thing)
        return await builder(session, thing_id, reader) if builder else None

    def _text(self, view: CardView, reader: Reader) -> str:
        variables = {**view.context, "thing": view.row}
        return self._parts.renderer.html(view.template, _audience(reader), variables)


def _audience(reader: Reader) -> Audience:
    return Audience(reader.language, reader.time_zone, reader.person)


async def _silent(session: AsyncSession, loudness: Loudness, reader: Reader) -> bool:
    """Return whether a new message makes no sound: quiet ones, and in quiet hours all but pages (WORDS 6)."""
    if loudness != Loudness.SOUND:
        return loudness != Loudness.PAGE
    now = datetime.now(UTC)
    if reader.person is None:
        return GROUPS_QUIET.until(now, reader.time_zone) is not None
    return await quiet_until(session, reader.person.user_id, now) is not None
