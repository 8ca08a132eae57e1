"""Cards: one live message per thing and chat, brought up to date by deliveries (DESIGN 6, WORDS 5).

``ensure_card`` and ``touch_cards`` are called in the transaction that writes a move.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import record_undeliverable, telegram_of
from db.chat.wake import SENDS, wake_senders
from domain.chat import DeliveryClass, Loudness, SendPriority, Thing

LOUDER = "array_position(array['edit', 'silent', 'sound', 'page']::varchar[], {0})"

_PLACED = """
    on conflict (thing, thing_id, chat_id) where retired_at is null do update set user_id = excluded.user_id
    returning id, chat_id, thread_id, user_id
"""
_PLACE = text(
    f"""
    insert into cards (thing, thing_id, chat_id, thread_id, user_id)
    values (:thing, :thing_id, :chat, :thread, :user) {_PLACED}
    """  # noqa: S608 - constants of this module
)
_QUEUED = f"""
  queued as (
    insert into deliveries as due
      (source, user_id, chat_id, thread_id, card_id, priority, loudness, delivery_class, due_at)
    select cast(:source as varchar), user_id, chat_id, thread_id, id, :priority, :loudness, :class,
      coalesce(cast(:not_before as timestamptz), now())
    from card where not exists (
      select from deliveries seen where seen.source = cast(:source as varchar)
        and seen.user_id is not distinct from card.user_id and seen.template is null
    )
    on conflict (card_id) where card_id is not null and state in ('due', 'uncertain') do update set
      priority = least(due.priority, excluded.priority),
      loudness = case when {LOUDER.format("excluded.loudness")} > {LOUDER.format("due.loudness")}
                 then excluded.loudness else due.loudness end,
      delivery_class = case when due.state = 'due' and excluded.delivery_class = 'alarm'
                       then 'alarm' else due.delivery_class end,
      due_at = case
        when cast(:not_before as timestamptz) is null and due.attempts = 0 then least(due.due_at, now())
        when {LOUDER.format("excluded.loudness")} > {LOUDER.format("due.loudness")} then excluded.due_at
        else due.due_at end
    returning source
  ), merged as (
    insert into deliveries (source, user_id, chat_id, card_id, priority, loudness, delivery_class, state,
      error)
    select cast(:source as varchar), user_id, chat_id, id, :priority, :loudness, 'card', 'dropped', 'merged'
    from card, queued where cast(:source as varchar) <> coalesce(queued.source, '')
    on conflict do nothing
  )
"""  # noqa: S608 - constants of this module
_QUEUE = text(
    f"""
    with card as (select id, chat_id, thread_id, user_id from cards where id = :card), {_QUEUED}
    select pg_notify(:channel, '') from queued
    """  # noqa: S608 - constants of this module
)
_ENSURE = text(
    f"""
    with account as (
      select telegram_id from telegram_accounts where user_id = :user and blocked_at is null
    ), card as (
      insert into cards (thing, thing_id, chat_id, user_id)
      select :thing, :thing_id, telegram_id, :user from account {_PLACED}
    ), {_QUEUED}
    select (select count(pg_notify(:channel, '')) from queued), exists (select from account) as reached
    """  # noqa: S608 - constants of this module
)
_TOUCH = text(
    """
    with touched as (
      select c.* from unnest(cast(:things as varchar[]), cast(:ids as bigint[])) as wanted(thing, thing_id)
      join cards c on c.thing = wanted.thing and c.thing_id = wanted.thing_id
      left join telegram_accounts a on a.telegram_id = c.chat_id
      where c.retired_at is null and a.blocked_at is null and (:groups or c.chat_id > 0)
      order by c.thing, c.thing_id, c.id  -- who touches the same cards waits instead of dying
      for no key update of c
    ), marked as (
      update cards set updated_at = clock_timestamp() from touched where cards.id = touched.id
    ), queued as (
      insert into deliveries (user_id, chat_id, thread_id, card_id, priority, loudness, delivery_class)
      select user_id, chat_id, thread_id, id, :priority, 'edit', 'card' from touched
      on conflict (card_id) where card_id is not null and state in ('due', 'uncertain') do nothing
      returning id
    )
    select pg_notify(:channel, '') where exists (select from queued)
    """
)
"""A delivery that is due already stands for the touch. If it was rendered before this transaction ended, its
outcome is recorded after that, sees the mark, and makes the card due again (``overtaken.py``)."""
_FIND = text(
    """
    select * from cards
    where thing = :thing and thing_id = :thing_id and chat_id = :chat and retired_at is null
    """
)
_FORGET = text("update cards set message_id = null, content_hash = null where id = :card")
_BY_ID = text("select * from cards where id = :card")
_ADOPT = text(
    """
    with card as (
      update cards set message_id = :message, sent_at = clock_timestamp(), content_hash = null
      where id = :card and message_id is null returning id
    )
    update deliveries set state = 'sent', sent_at = clock_timestamp() from card
    where deliveries.card_id = card.id and deliveries.state = 'uncertain' returning deliveries.id
    """
)
_SHRINK = text(
    """
    insert into deliveries (source, user_id, chat_id, thread_id, template, thing, thing_id, edit_message_id,
                            priority, loudness, delivery_class)
    values (:source, :user, :chat, :thread, :template, :thing, :thing_id, :message,
            :priority, 'edit', 'chatter')
    on conflict do nothing
    """
)
_SHOWN = text(
    """
    update cards set message_id = :message, content_hash = :hash, updated_at = clock_timestamp(),
      sent_at = case when :anew then clock_timestamp() else sent_at end
    where id = :card
    """
)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A live card; ``message_id`` is None until its first send has an answer."""

    id: int
    thing: Thing
    thing_id: int
    chat_id: int
    thread_id: int | None
    user_id: int | None
    message_id: int | None
    content_hash: str | None
    sent_at: datetime | None
    updated_at: datetime
    """When it was touched or shown last."""


async def ensure_card(  # noqa: PLR0913 - each is one thing the card is
    session: AsyncSession,
    thing: Thing,
    thing_id: int,
    user_id: int,
    *,
    loudness: Loudness,
    source: str,
    priority: SendPriority = SendPriority.CARD,
    delivery_class: DeliveryClass = DeliveryClass.CARD,
    not_before: datetime | None = None,
) -> bool:
    """Give a reader a card of the thing in the private chat; the same source does it once.

    ``EDIT`` brings an existing card up to date in place, anything louder sends it again at the bottom;
    ``not_before``: it waits until then. A reader who cannot be written to gets none, which is returned as
    False: a failed delivery says so, and whoever caused it is told.
    """
    priority = SendPriority.PAGE if loudness == Loudness.PAGE else priority
    given = {"thing": thing, "thing_id": thing_id, "user": user_id}
    given |= _delivery(loudness, source, priority, delivery_class, not_before)
    if (await session.execute(_ENSURE, given)).one().reached:
        return True
    reason = "blocked" if await telegram_of(session, user_id) else "not_linked"
    await record_undeliverable(session, user_id, source=source, template=None, reason=reason)
    return False


async def touch_cards(session: AsyncSession, *touched: tuple[Thing, int], in_groups: bool = True) -> None:
    """Bring all live cards of the things up to date, silently; many touches become one edit.

    Without ``in_groups`` only those in private chats: nothing has changed that a group's shows.
    """
    given = {"things": [thing for thing, _ in touched], "ids": [number for _, number in touched]}
    given |= {"priority": SendPriority.CARD, "channel": SENDS, "groups": in_groups}
    await session.execute(_TOUCH, given)


async def place_card(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    thing: Thing,
    thing_id: int,
    chat_id: int,
    *,
    user_id: int | None,
    thread_id: int | None = None,
) -> int:
    """Return the id of the thing's live card in a chat, made if there is none; nothing is sent by this."""
    given = {"thing": thing, "thing_id": thing_id, "chat": chat_id, "thread": thread_id, "user": user_id}
    return int((await session.execute(_PLACE, given)).scalar_one())


async def queue_card(  # noqa: PLR0913 - each is one thing the delivery is
    session: AsyncSession,
    card: int,
    *,
    loudness: Loudness,
    source: str | None,
    priority: SendPriority,
    delivery_class: DeliveryClass = DeliveryClass.CARD,
    not_before: datetime | None = None,
) -> None:
    """Make a card due; joins a delivery of the card that is due already, as loud as the louder of both."""
    given = _delivery(loudness, source, priority, delivery_class, not_before)
    await session.execute(_QUEUE, {"card": card} | given)


def _delivery(
    loudness: Loudness,
    source: str | None,
    priority: SendPriority,
    delivery_class: DeliveryClass,
    not_before: datetime | None,
) -> dict[str, object]:
    how = {"loudness": loudness, "source": source, "priority": priority, "class": delivery_class}
    return how | {"not_before": not_before, "channel": SENDS}


async def card_of(session: AsyncSession, thing: Thing, thing_id: int, chat_id: int) -> CardRow | None:
    """Return the thing's live card in a chat."""
    found = await session.execute(_FIND, {"thing": thing, "thing_id": thing_id, "chat": chat_id})
    return None if (row := found.one_or_none()) is None else _card(row)


async def card_by_id(session: AsyncSession, card: int) -> CardRow | None:
    """Return a card."""
    row = (await session.execute(_BY_ID, {"card": card})).one_or_none()
    return None if row is None else _card(row)


async def tapped(session: AsyncSession, thing: Thing, thing_id: int, chat_id: int, message_id: int) -> None:
    """Set a tapped message right: an unknown copy becomes the card, or shrinks when the card is elsewhere."""
    card = await card_of(session, thing, thing_id, chat_id)
    if card is not None and card.message_id == message_id:
        return
    if card is not None and card.message_id is None:
        adopted = await session.scalar(_ADOPT, {"card": card.id, "message": message_id})
        if adopted:
            await touch_cards(session, (thing, thing_id))
        return
    await shrink_message(
        session, thing, thing_id, chat_id, message_id, user_id=card.user_id if card else None
    )


async def shrink_message(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    thing: Thing,
    thing_id: int,
    chat_id: int,
    message_id: int,
    *,
    user_id: int | None,
    thread_id: int | None = None,
) -> None:
    """Let a former copy of a card shrink to a line without buttons."""
    given = {"source": f"moved-{chat_id}-{message_id}", "user": user_id, "chat": chat_id, "thread": thread_id}
    about = {"thing": thing, "thing_id": thing_id, "message": message_id, "template": SHRUNK}
    await session.execute(_SHRINK, given | about | {"priority": SendPriority.DIGEST})
    await wake_senders(session)


SHRUNK = "machinery/moved"
"""Template of a card's former copy: the first line of the card and where it went."""


async def shown(session: AsyncSession, card: int, message_id: int, content_hash: str, *, anew: bool) -> None:
    """Record what a card shows now, and in which message; ``anew``: that message was just sent."""
    given = {"card": card, "message": message_id, "hash": content_hash, "anew": anew}
    await session.execute(_SHOWN, given)


async def lost_message(session: AsyncSession, card: int) -> None:
    """Forget a card's message: it was deleted, the next send is a first one."""
    await session.execute(_FORGET, {"card": card})


async def retire(session: AsyncSession, card: int) -> None:
    """End a card whose thing is gone."""
    end = text("update cards set retired_at = clock_timestamp() where id = :card")
    await session.execute(end, {"card": card})
    await session.execute(
        text(
            "update deliveries set state = 'dropped' where card_id = :card and state in ('due', 'uncertain')"
        ),
        {"card": card},
    )


def _card(row: object) -> CardRow:
    values = {name: getattr(row, name) for name in CardRow.__slots__}
    return CardRow(**values | {"thing": Thing(values["thing"])})
