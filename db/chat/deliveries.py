"""The outbox: messages queued in the transaction that causes them (DESIGN 3.6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.wake import wake_senders
from db.models.chat import Delivery
from db.queries.quiet import quiet_until
from domain.chat import DeliveryClass, DeliveryState, Loudness, SendPriority, Thing

NOT_DELIVERED = "machinery/not_delivered"
_FROM_CHAT = re.compile(r"tg-(\d+)")

_ACCOUNT = text(
    "select telegram_id, blocked_at is not null as blocked from telegram_accounts where user_id = :user"
)
_ADDRESS = text(
    """
    select telegram_id, blocked_at is not null as blocked, (
      select loudness from notification_priorities
      where organization_id = :organization and template = :template
    ) as loudness
    from telegram_accounts where user_id = :user
    """
)
_CAUSER = text(
    """
    select a.user_id from telegram_updates u
    join telegram_accounts a on a.telegram_id = cast(coalesce(
      u.payload #>> '{message,from,id}', u.payload #>> '{callback_query,from,id}') as bigint)
    where u.update_id = :update
    """
)
# Made once and given values when run: to make an INSERT of values takes longer than to run it.
_TABLE = cast("Table", Delivery.__table__)
_ONCE = insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)
_SUPERSEDE = text(
    """
    update deliveries set state = 'dropped', error = 'superseded', content = null
    where chat_id = :chat and edit_message_id = :message and state = 'due'
    """
)


@dataclass(frozen=True, slots=True)
class Account:
    """A linked chat; its private chat has the number of the account."""

    telegram_id: int
    blocked: bool


async def telegram_of(session: AsyncSession, user_id: int) -> Account | None:
    """Return a person's linked Telegram account."""
    row = (await session.execute(_ACCOUNT, {"user": user_id})).one_or_none()
    return None if row is None else Account(row.telegram_id, row.blocked)


async def announce(  # noqa: PLR0913 - each is one thing the message is
    session: AsyncSession,
    *,
    template: str,
    user_id: int,
    organization_id: int | None,
    source: str,
    context: Mapping[str, Any],
    loudness: Loudness,
    delivery_class: DeliveryClass = DeliveryClass.CHATTER,
    thing: Thing | None = None,
    thing_id: int | None = None,
    priority: SendPriority = SendPriority.CARD,
    answers: bool = False,
    not_before: datetime | None = None,
) -> None:
    """Send one message to one person, replying to their card of the thing when there is one.

    ``template`` is a name in the folder ``notices``; ``context`` is JSON. Source, person and template
    together send once. The organization may have set another loudness (table ``notification_priorities``);
    a page stays one. In quiet hours only a page leaves, and what ``answers`` the reader's own doing;
    ``not_before``: not earlier.
    """
    asked = {"user": user_id, "organization": organization_id, "template": template}
    account = (await session.execute(_ADDRESS, asked)).one_or_none()
    if account is None or account.blocked:
        reason = "blocked" if account else "not_linked"
        await record_undeliverable(session, user_id, source=source, template=template, reason=reason)
        return
    page = loudness == Loudness.PAGE
    held = not_before if page or answers else await _after_quiet(session, user_id, not_before)
    made = await session.scalar(
        _ONCE,
        {
            "source": source,
            "organization_id": organization_id,
            "user_id": user_id,
            "chat_id": account.telegram_id,
            "template": template,
            "context": dict(context),
            "thing": thing,
            "thing_id": thing_id,
            "priority": SendPriority.PAGE if page else priority,
            "loudness": loudness if page else Loudness(account.loudness or loudness),
            "delivery_class": delivery_class,
            **({} if held is None else {"due_at": held}),
        },
    )
    if made:
        await wake_senders(session)


async def announce_to_chat(  # noqa: PLR0913 - each is one thing the message is
    session: AsyncSession,
    *,
    template: str,
    chat_id: int,
    language: str,
    source: str,
    context: Mapping[str, Any],
    loudness: Loudness,
) -> None:
    """Send one message to a private chat of somebody without an account, in the language of their phone.

    The source has to name the chat: with the template it sends once.
    """
    made = await session.scalar(
        _ONCE,
        {
            "source": source,
            "chat_id": chat_id,
            "template": template,
            "context": {**context, "language": language},
            "priority": SendPriority.CARD,
            "loudness": loudness,
            "delivery_class": DeliveryClass.CHATTER,
        },
    )
    if made is not None:
        await wake_senders(session)


async def _after_quiet(session: AsyncSession, user_id: int, not_before: datetime | None) -> datetime | None:
    """Return when a message may leave that would not leave before a moment; None: now."""
    now = datetime.now(UTC)
    return await quiet_until(session, user_id, max(now, not_before or now)) or not_before


async def record_undeliverable(
    session: AsyncSession, user_id: int, *, source: str, template: str | None, reason: str
) -> None:
    """Record that a person cannot be written to (``not_linked``, ``blocked``) and tell who caused it."""
    made = await session.scalar(
        _ONCE,
        {
            "source": source,
            "user_id": user_id,
            "template": template,
            "priority": SendPriority.CARD,
            "loudness": Loudness.SILENT,
            "delivery_class": DeliveryClass.CHATTER,
            "state": DeliveryState.FAILED,
            "error": reason,
        },
    )
    if made is not None and template != NOT_DELIVERED:
        await tell_causer(session, source, user_id, reason)


async def tell_causer(session: AsyncSession, source: str, reader_id: int, reason: str) -> None:
    """Tell the person whose update caused a message that it did not reach its reader (WORDS 5)."""
    found = _FROM_CHAT.match(source)
    if found is None:
        return
    causer = await session.scalar(_CAUSER, {"update": int(found[1])})
    if causer is None or causer == reader_id:
        return
    reader = await session.scalar(text("select name from users where id = :user"), {"user": reader_id})
    await announce(
        session,
        template=NOT_DELIVERED,
        user_id=causer,
        organization_id=None,
        source=f"{source}-undelivered-{reader_id}",
        context={"reader": reader, "reason": reason},
        loudness=Loudness.SOUND,
        answers=True,
    )


async def queue_reply(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    *,
    source: str,
    template: str,
    chat_id: int,
    thread_id: int | None,
    user_id: int | None,
    content: Mapping[str, Any],
    edit_message_id: int | None = None,
    priority: SendPriority = SendPriority.REPLY,
    delay_s: float = 0.0,
) -> None:
    """Queue a rendered reply; a source and template send once. An edit replaces a waiting older one."""
    if edit_message_id is not None:
        await session.execute(_SUPERSEDE, {"chat": chat_id, "message": edit_message_id})
    await session.execute(
        insert(Delivery)
        .values(
            source=source,
            template=template,
            chat_id=chat_id,
            thread_id=thread_id,
            user_id=user_id,
            content=dict(content),
            edit_message_id=edit_message_id,
            priority=priority,
            loudness=Loudness.EDIT if edit_message_id is not None else Loudness.SOUND,
            delivery_class=DeliveryClass.CHATTER,
            due_at=text(f"clock_timestamp() + interval '{float(delay_s)} seconds'"),
        )
        .on_conflict_do_nothing()
    )
    await wake_senders(session)
