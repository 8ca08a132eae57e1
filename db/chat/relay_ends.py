"""What becomes of a relay after it was written: it arrives, is withdrawn, or waits for the group's return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import touch_cards
from db.chat.origins import without_command
from db.chat.queue import Due
from db.chat.relay_targets import TEMPLATES
from db.chat.relays import DROP, redraw
from db.chat.wake import wake_senders
from db.models.chat import Delivery
from db.models.helpdesk import TicketMessage
from domain.chat import DeliveryClass, Loudness, SendPriority, Thing
from domain.relays import RelayDirection
from domain.ticket_records import TicketRecord

WITHDRAWN = "relays/withdrawn"
"""Not a text: the relayed message is deleted."""
_HIDE = text(
    """
    update ticket_activities set is_internal = true
    where ticket_id = :ticket and case when cast(:chat as bigint) = 0 then id = cast(:line as bigint)
      else details #>> '{origin,chat}' = cast(cast(:chat as bigint) as text)
        and details #> '{origin,messages}' @> cast(:message as jsonb) end
    """
)
"""What was withdrawn is shown to the customer no more, in the card and in the story."""
_READER = text("select user_id from telegram_accounts where telegram_id = :chat")
_RELEASE = text(
    """
    update deliveries set due_at = clock_timestamp()
    where thing = 'ticket' and thing_id = :ticket and template = :template
      and state = 'due' and due_at > clock_timestamp() and attempts = 0
    """
)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken back, and whether a reader may have seen it."""

    words: str
    had_left: bool


async def release(session: AsyncSession, ticket_id: int) -> None:
    """Let what is held leave now: what the customer is told next must not overtake it."""
    given = {"ticket": ticket_id, "template": TEMPLATES[RelayDirection.TO_CUSTOMER]}
    await session.execute(_RELEASE, given)


async def arrived(session: AsyncSession, due: Due, sent: Mapping[int, int], message_id: int) -> None:
    """Relays were sent as one message; what joined, changed or was withdrawn meanwhile changes it again.

    ``sent``: how many versions each relay had when it left.
    """
    held = await session.scalar(select(Delivery.context).where(Delivery.id == due.id)) or {}
    query = select(TicketMessage).where(
        TicketMessage.id.in_([*sent, *held.get("messages", ())]), TicketMessage.to_message_id.is_(None)
    )
    rows = list(await session.scalars(query.order_by(TicketMessage.id).with_for_update()))
    for row in rows:
        row.to_message_id = message_id
        if row.withdrawn_at is not None:
            await _delete_twin(session, row)
    await session.flush()
    if rows and held.get("held"):
        await touch_cards(session, (Thing.TICKET, rows[0].ticket_id))
    if any(sent.get(row.id) != len(row.texts) for row in rows):
        await redraw(session, rows[-1], due.user_id, f"late-{due.id}")


async def album_arrived(
    session: AsyncSession, due: Due, sent: Mapping[int, int], message_ids: Sequence[int]
) -> None:
    """An album was copied: each of its pictures has its twin, and the first one gets the name of who speaks.

    A copy takes no other caption along, so the customer's are put below their pictures again. Which pictures
    were skipped because they are gone is not told: then all are the first one.
    """
    query = select(TicketMessage).where(TicketMessage.id.in_(sent), TicketMessage.to_message_id.is_(None))
    rows = list(await session.scalars(query.order_by(TicketMessage.id).with_for_update()))
    whole = len(rows) == len(message_ids)
    for row, message_id in zip(rows, message_ids if whole else [message_ids[0]] * len(rows), strict=True):
        row.to_message_id = message_id
        if row.withdrawn_at is not None:
            await _delete_twin(session, row)
    await session.flush()
    if rows and due.context.get("held"):
        await touch_cards(session, (Thing.TICKET, rows[0].ticket_id))
    for row in rows:
        unsaid = row.direction == RelayDirection.TO_CUSTOMER and row.texts[-1]["text"]
        if row is rows[0] or unsaid or sent[row.id] != len(row.texts):
            await redraw(session, row, due.user_id, f"album-{due.id}")


async def edited(session: AsyncSession, record: TicketRecord) -> None:
    """A message was changed after it was relayed: keep both versions, and change its twins."""
    query = select(TicketMessage).where(
        TicketMessage.from_chat_id == record.origin_chat_id,
        TicketMessage.from_message_id.in_(record.origin_message_ids),
        TicketMessage.withdrawn_at.is_(None),
    )
    for row in list(await session.scalars(query.with_for_update())):
        newest = row.texts[-1]
        words = without_command(record.note)
        if newest["text"] == words:
            continue
        row.texts = [*row.texts, newest | {"text": words, "at": record.at.isoformat()}]
        await session.flush()
        if row.to_message_id is not None:
            reader = await session.scalar(_READER, {"chat": row.to_chat_id})
            await redraw(session, row, reader, f"{record.source}-{row.id}")
    await wake_senders(session)


async def withdraw(session: AsyncSession, chat_id: int, message_id: int, at: datetime) -> Withdrawn | None:
    """Take back what was relayed from a message, for every reader; return what, None: nothing was.

    What was said in no chat is the line ``message_id`` of the chat 0. What has not left does not leave; what
    has is deleted. Doing it twice changes nothing.
    """
    query = select(TicketMessage).where(
        TicketMessage.from_chat_id == chat_id,
        TicketMessage.from_message_id == message_id,
        TicketMessage.direction == RelayDirection.TO_CUSTOMER,
    )
    rows = list(await session.scalars(query.with_for_update()))
    for row in rows:
        await _take_back(session, row, at)
    await session.flush()
    if not rows:
        return None
    given = {"chat": chat_id, "message": f"[{message_id}]", "line": message_id, "ticket": rows[0].ticket_id}
    await session.execute(_HIDE, given)
    had_left = any(row.to_message_id is not None for row in rows)
    return Withdrawn(str(rows[0].texts[-1]["text"]), had_left)


async def unrelay(
    session: AsyncSession, ticket_id: int, messages: Sequence[tuple[int, int]], at: datetime
) -> None:
    """Delete every copy of messages (chat, message): what they showed is to be seen no more."""
    origin = tuple_(TicketMessage.from_chat_id, TicketMessage.from_message_id)
    query = select(TicketMessage).where(TicketMessage.ticket_id == ticket_id, origin.in_(messages))
    for row in list(await session.scalars(query.with_for_update())) if messages else ():
        await _take_back(session, row, at)
    await session.flush()


async def _take_back(session: AsyncSession, row: TicketMessage, at: datetime) -> None:
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = at
    if row.to_message_id is not None:
        await _delete_twin(session, row)
        return
    given = {"chat": row.to_chat_id, "twin": -1, "only": f"[{row.id}]", "why": "withdrawn"}
    await session.execute(DROP, given)


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
