"""What becomes of a relay after it was written: it arrives, is withdrawn, or waits for the group's return."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.relays import DROP, TEMPLATES, redraw
from db.chat.wake import wake_senders
from db.models.chat import Delivery
from db.models.helpdesk import TicketMessage
from domain.chat import DeliveryClass, Loudness, SendPriority, Thing
from domain.relays import RelayDirection

WITHDRAWN = "relays/withdrawn"
"""Not a text: the relayed message is deleted."""
_HIDE = text(
    """
    update ticket_activities set is_internal = true
    where ticket_id = :ticket and details #>> '{origin,chat}' = cast(cast(:chat as bigint) as text)
      and details #> '{origin,messages}' @> cast(:message as jsonb)
    """
)
"""What was withdrawn is shown to the customer no more, in the card and in the story."""


async def arrived(session: AsyncSession, delivery: int, sent: Sequence[int], message_id: int) -> None:
    """Relays were sent as one message; what joined or was withdrawn while they left changes it again."""
    held = await session.scalar(select(Delivery.context).where(Delivery.id == delivery)) or {}
    query = select(TicketMessage).where(
        TicketMessage.id.in_([*sent, *held.get("messages", ())]), TicketMessage.to_message_id.is_(None)
    )
    rows = list(await session.scalars(query.order_by(TicketMessage.id)))
    for row in rows:
        row.to_message_id = message_id
        if row.withdrawn_at is not None:
            await _delete_twin(session, row)
    await session.flush()
    late = [row for row in rows if row.id not in sent]
    if late:
        await redraw(session, late[-1], None, f"late-{delivery}")


async def withdraw(session: AsyncSession, chat_id: int, message_id: int, at: datetime) -> str | None:
    """Take back what was relayed from a message, for every reader; return its words, None: nothing was.

    What has not left does not leave; what has is deleted. Doing it twice changes nothing.
    """
    query = select(TicketMessage).where(
        TicketMessage.from_chat_id == chat_id,
        TicketMessage.from_message_id == message_id,
        TicketMessage.direction == RelayDirection.TO_CUSTOMER,
    )
    rows = list(await session.scalars(query.with_for_update()))
    for row in rows:
        if row.withdrawn_at is not None:
            continue
        row.withdrawn_at = at
        if row.to_message_id is not None:
            await _delete_twin(session, row)
        else:
            given = {"chat": row.to_chat_id, "twin": -1, "only": f"[{row.id}]", "why": "withdrawn"}
            await session.execute(DROP, given)
    await session.flush()
    if not rows:
        return None
    await session.execute(_HIDE, {"chat": chat_id, "message": f"[{message_id}]", "ticket": rows[0].ticket_id})
    return str(rows[0].texts[-1]["text"])


async def _delete_twin(session: AsyncSession, row: TicketMessage) -> None:
    await session.execute(
        insert(Delivery)
        .values(
            source=f"withdrawn-{row.id}",
            chat_id=row.to_chat_id,
            template=WITHDRAWN,
            context={"twin": row.to_message_id},
            priority=SendPriority.REPLY,
            loudness=Loudness.EDIT,
            delivery_class=DeliveryClass.CHATTER,
        )
        .on_conflict_do_nothing()
    )
    await wake_senders(session)


async def resume(session: AsyncSession, chat_id: int, *, source: str) -> None:
    """A group can be written to again: send what was said meanwhile and has not arrived."""
    query = select(TicketMessage).where(
        TicketMessage.to_chat_id == chat_id,
        TicketMessage.to_message_id.is_(None),
        TicketMessage.withdrawn_at.is_(None),
        TicketMessage.direction == RelayDirection.TO_STAFF,
    )
    for row in list(await session.scalars(query.order_by(TicketMessage.id))):
        await session.execute(
            insert(Delivery)
            .values(
                source=f"{source}-relay-{row.id}",
                organization_id=row.organization_id,
                chat_id=chat_id,
                template=TEMPLATES[RelayDirection.TO_STAFF],
                context={"messages": [row.id], "reply_to": None, "start": 0},
                thing=Thing.TICKET,
                thing_id=row.ticket_id,
                priority=SendPriority.REPLY,
                loudness=Loudness.SOUND,
                delivery_class=DeliveryClass.ALARM,
            )
            .on_conflict_do_nothing()
        )
    await wake_senders(session)
