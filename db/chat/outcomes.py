"""What becomes of a delivery that was claimed: sent, failed, unknown, again (DESIGN 3.6)."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import LOUDER
from db.chat.deliveries import NOT_DELIVERED, tell_causer
from db.chat.queue import Due
from db.chat.rates import hold
from domain.chat import DeliveryClass

CARD_AGAIN_S = 60.0
"""A card whose first send has no answer is sent again after this (DESIGN 3.6)."""
_LONGEST_WAIT_S = 60.0
KEEPS_PLACE_FOR = 5
"""Attempts for which a delivery holds its chat, so that nothing overtakes it; then the others go first."""

_SENT = text(
    """
    update deliveries set state = 'sent', message_id = :message, error = null, content = null,
      sent_at = case when :left then clock_timestamp() end,
      thread_id = coalesce(cast(:thread as bigint), thread_id) where id = :delivery
    """
)
_FAILED = text("update deliveries set state = :state, error = :error, content = null where id = :delivery")
_OTHER_DUE = text(
    f"""
    update deliveries as other set
      loudness = case when {LOUDER.format("mine.loudness")} > {LOUDER.format("other.loudness")}
                 then mine.loudness else other.loudness end,
      priority = least(other.priority, mine.priority)
    from deliveries mine where mine.id = :delivery and other.id <> mine.id
      and other.card_id = mine.card_id and other.state in ('due', 'uncertain')
    returning other.id
    """  # noqa: S608 - constants of this package
)
_AGAIN = text(
    """
    update deliveries set state = :state, error = :error,
      due_at = case when :stays then due_at else clock_timestamp() + cast(:delay as interval) end,
      uncertain_at = case when :uncertain then clock_timestamp() else uncertain_at end
    where id = :delivery
    """
)
_WIPE = text("update deliveries set content = null where id = :delivery")
_BLOCKED = text(
    """
    update telegram_accounts set blocked_at = coalesce(blocked_at, clock_timestamp())
    where telegram_id = :chat
    """
)
_UNBLOCKED = text(
    "update telegram_accounts set blocked_at = null where telegram_id = :chat and blocked_at is not null"
)
_FAIL_CHAT = text(
    """
    update deliveries set state = 'failed', error = :error, content = null
    where chat_id = :chat and state in ('due', 'uncertain', 'sending')
    returning id, source, user_id, template
    """
)


async def sent(
    session: AsyncSession,
    due: Due,
    message_id: int | None = None,
    *,
    thread_id: int | None = None,
    left: bool = True,
) -> None:
    """The delivery is done; ``message_id`` when it made a new message, ``thread_id`` where it was put.

    ``left``: it took a call, which counts in the chat's rate; else everything was shown already.
    """
    given = {"delivery": due.id, "message": message_id, "thread": thread_id, "left": left}
    await session.execute(_SENT, given)


async def failed(session: AsyncSession, due: Due, error: str, *, dropped: bool = False) -> None:
    """The delivery cannot be sent; ``dropped``: it need not be."""
    state = "dropped" if dropped else "failed"
    await session.execute(_FAILED, {"delivery": due.id, "error": error, "state": state})


async def again(session: AsyncSession, due: Due, error: str, *, wait_s: float | None = None) -> None:
    """Nothing was sent: the delivery is due again after ``wait_s``, else after a wait that doubles."""
    delay = min(_LONGEST_WAIT_S, 0.5 * 2.0 ** min(due.attempts, 10)) if wait_s is None else wait_s
    stays = due.attempts <= KEEPS_PLACE_FOR
    if stays:
        await hold(session, due.chat_id, delay)
    await _requeue(session, due, "due", delay, error, stays=stays)


async def unknown(session: AsyncSession, due: Due, error: str, *, first_send: bool) -> None:
    """Nobody knows whether it was sent. An edit is repeated; a first send as its class says (DESIGN 3.6)."""
    if not first_send:
        await _requeue(session, due, "due", 1.0, error)
    elif due.delivery_class == DeliveryClass.CARD:
        await _requeue(session, due, "uncertain", CARD_AGAIN_S, error, uncertain=True)
    elif due.delivery_class == DeliveryClass.ALARM:
        await _requeue(session, due, "due", 1.0, error, uncertain=True)
    else:
        await _requeue(session, due, "uncertain", 0.0, error, uncertain=True)
        await session.execute(_WIPE, {"delivery": due.id})


async def blocked(session: AsyncSession, due: Due, error: str) -> None:
    """The reader shut the bot out: remember it, fail what waits there, tell whoever caused each message."""
    await session.execute(_BLOCKED, {"chat": due.chat_id})
    rows = list(await session.execute(_FAIL_CHAT, {"chat": due.chat_id, "error": error}))
    for row in rows:
        if row.source and row.user_id is not None and row.template != NOT_DELIVERED:
            await tell_causer(session, row.source, row.user_id, "blocked")


async def chat_opened(session: AsyncSession, chat_id: int, *, open_now: bool) -> None:
    """A person let the bot in again, or shut it out (``my_chat_member``)."""
    await session.execute(_UNBLOCKED if open_now else _BLOCKED, {"chat": chat_id})


async def _requeue(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    due: Due,
    state: str,
    delay_s: float,
    error: str,
    *,
    uncertain: bool = False,
    stays: bool = False,
) -> None:
    if await _stands_for(session, due, error):
        return
    given = {"delivery": due.id, "state": state, "delay": timedelta(seconds=delay_s), "error": error}
    try:
        async with session.begin_nested():
            await session.execute(_AGAIN, given | {"uncertain": uncertain, "stays": stays})
    except IntegrityError:
        # Touched in between: the index that allows a card one due delivery says so.
        if not await _stands_for(session, due, error):
            raise


async def _stands_for(session: AsyncSession, due: Due, error: str) -> bool:
    """Drop a card's delivery when the card was touched meanwhile: the newer one stands for both."""
    if due.card_id is None or not await session.scalar(_OTHER_DUE, {"delivery": due.id}):
        return False
    await session.execute(_FAILED, {"delivery": due.id, "error": f"merged: {error}", "state": "dropped"})
    return True


async def send_anew(session: AsyncSession, due: Due) -> None:
    """A reply's message to edit is gone: let it be a new message."""
    await session.execute(
        text("update deliveries set edit_message_id = null where id = :delivery"), {"delivery": due.id}
    )
