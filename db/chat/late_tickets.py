"""Many tickets late at once are one card a person, and one sound: later ones are edited into it.

A Monday morning, or an outage of the helpdesk, breaks fifty promises within minutes. Each has its ladder and
its line in the timeline; what a person gets is one living card that lists them (``Thing.LATE_TICKETS``).
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.calls import call_off
from db.chat.cards import CardRow, ensure_card, touch_cards
from db.queries.late_tickets import late_tickets, readers_of
from domain.chat import DeliveryClass, Loudness, Thing
from domain.defaults import FOLD_S

_THING = Thing.LATE_TICKETS
_RANG = text(
    """
    select exists (
      select from deliveries
      where chat_id = :chat and card_id = :card and sent_at > clock_timestamp() - make_interval(secs => :fold)
        and message_id is not null and loudness = any(cast(:loud as varchar[]))
    )
    """
)
"""Looked up right before a call leaves, when the one before it has its outcome: a chat gets one at a time."""
_ABOUT_TO_RING = text(
    """
    select c.thing_id from cards c join deliveries d on d.card_id = c.id
    where c.thing = :thing and c.thing_id = any(cast(:users as bigint[])) and c.retired_at is null
      and d.state = 'due' and d.loudness <> 'edit'
    """
)
_AS_LOUD = {Loudness.SOUND: ["sound", "page"], Loudness.PAGE: ["page"]}


async def call_about_late(
    session: AsyncSession,
    user_id: int,
    *,
    loudness: Loudness,
    source: str,
    not_before: datetime | None,
) -> bool:
    """Bring a person's card of late tickets to them; return False for whoever cannot be written to."""
    return await ensure_card(
        session,
        _THING,
        user_id,
        user_id,
        loudness=loudness,
        source=source,
        delivery_class=DeliveryClass.ALARM,
        not_before=not_before,
    )


async def refresh_late(
    session: AsyncSession, ticket_id: int, now: datetime, *, also: Iterable[int] = ()
) -> None:
    """A ticket's promise changed: cards that list it follow; who has nothing late any more is not rung."""
    users = sorted({*await readers_of(session, ticket_id), *also})
    if not users:
        return
    await touch_cards(session, *((_THING, user) for user in users))
    for user in set(await session.scalars(_ABOUT_TO_RING, {"thing": _THING, "users": users})):
        if not await late_tickets(session, user, now):
            await call_off(session, _THING, user)


async def folds(session: AsyncSession, card: CardRow, loudness: Loudness) -> bool:
    """Return whether a call is to be edited in: the card came as a message, as loudly, a short while ago."""
    if card.thing != _THING or loudness not in _AS_LOUD:
        return False
    given = {"chat": card.chat_id, "card": card.id, "fold": FOLD_S, "loud": _AS_LOUD[loudness]}
    return bool(await session.scalar(_RANG, given))
