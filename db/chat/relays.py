"""Relays: what customer and staff say to each other, carried between their chats (WORDS 5).

The activity that writes a line of the timeline writes here, in the same transaction, what is carried where.
Only words that both sides read are carried: a note of the staff has no way into this module. What a relay
shows is read from its rows when it leaves, so an edit or a withdrawal that comes before is kept to.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.origins import Origin, albums_of, origins
from db.chat.relay_targets import TEMPLATES, Target, customers, staff
from db.chat.wake import wake_senders
from db.models.chat import Delivery
from db.models.helpdesk import TicketMessage
from db.queries.relays import twin_of
from db.queries.staff_groups import room_of
from domain.chat import DeliveryClass, Loudness, SendPriority, Thing
from domain.relays import BURST_S, JOINED_LENGTH, SLICE_LENGTH, RelayDirection
from domain.ticket_records import TicketRecord
from domain.tickets import TicketMove

_FROM_CUSTOMER = frozenset({TicketMove.OPEN, TicketMove.COMMENT, TicketMove.ANSWER})
_JOIN = text(
    """
    update deliveries
    set context = jsonb_set(context, '{messages}', context -> 'messages' || cast(:new as jsonb))
    where template = :template and chat_id = :chat and state in ('due', 'sending')
      and context -> 'messages' @> cast(:last as jsonb) returning id
    """
)
DROP = text(
    """
    update deliveries set state = 'dropped', error = :why
    where chat_id = :chat and state = 'due' and template like 'relays/%'
      and (edit_message_id = :twin or context -> 'messages' = cast(:only as jsonb))
    """
)


async def relay(session: AsyncSession, record: TicketRecord) -> None:
    """Carry what a move said to the other side; most moves say nothing that is carried."""
    if record.by_staff and record.move in (TicketMove.COMMENT, TicketMove.ASK):
        direction, targets = RelayDirection.TO_CUSTOMER, await customers(session, record)
    elif record.move in _FROM_CUSTOMER and not record.by_staff:
        direction, targets = RelayDirection.TO_STAFF, await staff(session, record)
    else:
        return
    said = await _said(session, record)
    for target in targets:
        for part in albums_of(said) if target.takes_albums else [[one] for one in said]:
            if len(part) > 1:
                await _carry_album(session, record, direction, target, part)
            else:
                await _carry(session, record, direction, target, part[0])
    if targets:
        await wake_senders(session)


async def _said(session: AsyncSession, record: TicketRecord) -> list[Origin]:
    """Return the messages that said it; of a ticket's first ones, and of a question, the files alone."""
    if record.move == TicketMove.OPEN:
        draft = record.draft
        if draft is None:
            return []
        lanes = [str(draft.origin_chat_id)]
        first = await origins(session, draft.origin_chat_id, draft.origin_message_ids, lanes)
        return [one for one in first if one.media]
    lanes = await _lanes(session, record)
    found = await origins(session, record.origin_chat_id, record.origin_message_ids, lanes)
    if record.move == TicketMove.ASK:
        # The words of a question stand in its own message, with the button that answers it.
        return [replace(one, text="") for one in found if one.media]
    return found or [Origin(0, await _line(session, record), record.note)]


async def _lanes(session: AsyncSession, record: TicketRecord) -> list[str]:
    """Return the lanes in which the messages that said it were received."""
    chat = str(record.origin_chat_id)
    room = await room_of(session, record.row.ticket_id) if record.by_staff else None
    return [chat] if room is None or room.thread_id is None else [chat, f"{chat}:{room.thread_id}"]


async def _line(session: AsyncSession, record: TicketRecord) -> int:
    """Return the number of the timeline's line: what was not said in a chat is told apart by it."""
    query = text("select id from ticket_activities where ticket_id = :ticket and source = :source")
    given = {"ticket": record.row.ticket_id, "source": record.source}
    return int((await session.execute(query, given)).scalar_one())


async def _carry(
    session: AsyncSession, record: TicketRecord, direction: RelayDirection, target: Target, said: Origin
) -> None:
    last = await _last(session, record.row.ticket_id, target.chat_id)
    number = await _noted(session, record, direction, target, said)
    if number is None or target.waits:
        return
    reply_to = await twin_of(session, said.chat_id, said.reply_to, target.chat_id) if said.reply_to else None
    burst = last is not None and reply_to is None and _continues(last, record, direction, said)
    if last is not None and burst and await _joined(session, last, number, target, record):
        return
    for start in range(0, max(1, len(said.text)), SLICE_LENGTH):
        await _queue(
            session,
            record,
            target,
            template=TEMPLATES[direction],
            source=f"{record.source}-relay-{number}-{start}",
            context={"messages": [number], "reply_to": reply_to, "start": start, "held": target.hold_s > 0},
        )


async def _carry_album(
    session: AsyncSession, record: TicketRecord, direction: RelayDirection, target: Target, said: list[Origin]
) -> None:
    """Carry the pictures of an album together; each is a row, so that each has its twin."""
    noted = [await _noted(session, record, direction, target, one) for one in said]
    numbers = [number for number in noted if number is not None]
    if numbers and not target.waits:
        await _queue(
            session,
            record,
            target,
            template=TEMPLATES[direction],
            source=f"{record.source}-relay-{numbers[0]}-0",
            context={"messages": numbers, "reply_to": None, "album": True, "held": target.hold_s > 0},
        )


async def _noted(
    session: AsyncSession, record: TicketRecord, direction: RelayDirection, target: Target, said: Origin
) -> int | None:
    """Write down what is carried where; None: it was before."""
    return await session.scalar(
        insert(TicketMessage)
        .values(
            organization_id=record.row.organization_id,
            ticket_id=record.row.ticket_id,
            direction=direction,
            user_id=record.actor_id,
            from_chat_id=said.chat_id,
            from_message_id=said.message_id,
            to_chat_id=target.chat_id,
            texts=[
                {
                    "text": said.text,
                    "at": record.at.isoformat(),
                    "media": said.media,
                    "said_at": said.said_at,
                }
            ],
        )
        .on_conflict_do_nothing()
        .returning(TicketMessage.id)
    )


async def _last(session: AsyncSession, ticket_id: int, chat_id: int) -> TicketMessage | None:
    """Return what was carried last about a ticket, if it went to this chat."""
    query = select(TicketMessage).where(TicketMessage.ticket_id == ticket_id)
    row = await session.scalar(query.order_by(TicketMessage.id.desc()).limit(1))
    return row if row is not None and row.to_chat_id == chat_id else None


def _continues(last: TicketMessage, record: TicketRecord, direction: RelayDirection, said: Origin) -> bool:
    """Return whether words belong to the burst before them: one customer's within three seconds (WORDS 5)."""
    before = last.texts[-1]
    since_s = said.said_at - before["said_at"]
    return (
        direction == RelayDirection.TO_STAFF
        and (last.direction, last.user_id) == (direction, record.actor_id)
        and not (said.media or before["media"] or last.withdrawn_at)
        and 0 <= since_s <= BURST_S
        and len(before["text"]) + len(said.text) <= JOINED_LENGTH
    )


async def _joined(
    session: AsyncSession, last: TicketMessage, number: int, target: Target, record: TicketRecord
) -> bool:
    """Put words into the relay before them: it waits still, or is edited once the burst is over.

    One that is being sent just now takes them in when it has arrived (``relay_ends.arrived``).
    """
    ids = {"new": f"[{number}]", "last": f"[{last.id}]"}
    given = ids | {"template": TEMPLATES[last.direction], "chat": target.chat_id}
    if await session.scalar(_JOIN, given):
        return True
    # It may have arrived since it was read.
    await session.refresh(last, ["to_message_id"])
    if last.to_message_id is None:
        return False
    row = await session.get(TicketMessage, number)
    if row is not None:
        row.to_message_id = last.to_message_id
        await session.flush()
        await redraw(session, row, target.user_id, record.source, delay_s=BURST_S)
    return True


async def redraw(
    session: AsyncSession, row: TicketMessage, user_id: int | None, source: str, *, delay_s: float = 0.0
) -> None:
    """Edit a relayed message to what its rows say now; edits that wait are one."""
    twin = row.to_message_id
    await session.execute(DROP, {"chat": row.to_chat_id, "twin": twin, "only": "[-1]", "why": "superseded"})
    await session.execute(
        insert(Delivery)
        .values(
            source=f"{source}-redraw-{row.id}",
            user_id=user_id,
            chat_id=row.to_chat_id,
            template=TEMPLATES[row.direction],
            context={"twin": twin},
            thing=Thing.TICKET,
            thing_id=row.ticket_id,
            edit_message_id=twin,
            priority=SendPriority.CARD,
            loudness=Loudness.EDIT,
            delivery_class=DeliveryClass.CHATTER,
            due_at=text(f"clock_timestamp() + interval '{float(delay_s)} seconds'"),
        )
        .on_conflict_do_nothing()
    )


async def _queue(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    record: TicketRecord,
    target: Target,
    *,
    template: str,
    source: str,
    context: dict[str, Any],
) -> None:
    await session.execute(
        insert(Delivery)
        .values(
            source=source,
            organization_id=record.row.organization_id,
            user_id=target.user_id,
            chat_id=target.chat_id,
            template=template,
            context=context,
            thing=Thing.TICKET,
            thing_id=record.row.ticket_id,
            priority=SendPriority.CARD if record.move == TicketMove.OPEN else SendPriority.REPLY,
            loudness=Loudness.SOUND,
            # A message of a customer must arrive: a repeat that may be a second copy says so.
            delivery_class=DeliveryClass.ALARM,
            due_at=text(f"clock_timestamp() + interval '{float(target.hold_s)} seconds'"),
        )
        .on_conflict_do_nothing()
    )
