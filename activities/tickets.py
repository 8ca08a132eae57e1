"""What the workflow ``ticket`` does to the world: one transaction a move, with its cards and notices."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.refusals import refusals
from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.chat.relay_ends import edited, release, unrelay
from db.chat.relays import relay
from db.chat.rooms import open_room
from db.files import drop_unused
from db.moves import tickets as moves
from db.queries.ticket_watchers import watchers
from db.session import SYSTEM, Database
from db.store import LocalStore
from domain.chat import Loudness, Thing
from domain.notices import NOTICES
from domain.ticket_records import TicketRecord
from domain.tickets import TicketMove

_TO_CUSTOMER = {
    TicketMove.ASK: "ticket_asked",
    TicketMove.SOLVE: "ticket_solved",
    TicketMove.REMIND: "ticket_reminder",
    TicketMove.EXPIRE: "ticket_expired",
    TicketMove.CLOSE: "ticket_closed",
    TicketMove.MERGE: "ticket_merged",
    TicketMove.SORT: "ticket_sorted",
}
"""What the customer must know or answer, when somebody else did it (WORDS 5, bump rule)."""
_TO_HOLDER = {
    TicketMove.FORWARD: "ticket_forwarded",
    TicketMove.HAND_OVER: "ticket_handed_over",
    TicketMove.BACK: "ticket_back",
    TicketMove.ANSWER: "ticket_answered",
    TicketMove.REOPEN: "ticket_reopened",
    TicketMove.CONFIRM: "ticket_confirmed",
    TicketMove.RATE: "ticket_rated",
    TicketMove.WARN: "ticket_warned",
}


class TicketActivities:
    """Database activities of tickets."""

    def __init__(self, database: Database, store: LocalStore) -> None:
        self._database = database
        self._store = store

    @activity.defn
    async def record_ticket_move(self, record: TicketRecord) -> None:
        """Write a move; the second time with the same source nothing happens."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                await moves.project(session, record)
                if await moves.record_activity(session, record) is not None:
                    await self._follow(session, record)
            if record.move == TicketMove.DETACH:
                await self._drop_bytes(record)

    async def _follow(self, session: AsyncSession, record: TicketRecord) -> None:
        """Write what a move brings along beside its line."""
        await moves.attach(session, record)
        if record.move == TicketMove.DETACH:
            await self._detach(session, record)
        await self._tell(session, record)
        await relay(session, record)
        if record.move == TicketMove.EDIT:
            await edited(session, record)

    async def _detach(self, session: AsyncSession, record: TicketRecord) -> None:
        """Take a file off the ticket and its copies out of the chats."""
        gone = await moves.detach(session, record)
        if gone is None:
            return
        await unrelay(session, record.row.ticket_id, gone.messages, record.at)
        if (sha256 := await drop_unused(session, gone.file_id)) is not None:
            await moves.note_bytes(session, record, sha256)

    async def _drop_bytes(self, record: TicketRecord) -> None:
        """Delete the bytes once the removal stands; a repeat after a crash finds them on its line."""
        async with self._database.transaction(SYSTEM) as session:
            sha256 = await moves.bytes_to_drop(session, record)
        if sha256 is not None:
            await asyncio.to_thread(self._store.drop, sha256)

    async def _tell(self, session: AsyncSession, record: TicketRecord) -> None:
        """Refresh the cards and tell whoever must know or act."""
        row = record.row
        if record.move == TicketMove.OPEN and row.customer_id is not None:
            await ensure_card(
                session,
                Thing.TICKET,
                row.ticket_id,
                row.customer_id,
                # Who opened it waits for it; of what others opened for them they have to hear.
                loudness=Loudness.SILENT if record.actor_id == row.customer_id else Loudness.SOUND,
                source=f"ticket-{row.number}-{record.source}",
            )
        given_back = record.move == TicketMove.HAND_OVER and row.tech_id is None and row.expert_id is None
        if given_back or record.move in (TicketMove.OPEN, TicketMove.REOPEN):
            source = f"room-{row.number}-{record.source}"
            await open_room(session, row.ticket_id, row.organization_id, source=source)
        await touch_cards(session, (Thing.TICKET, row.ticket_id))
        if template := _TO_CUSTOMER.get(record.move):
            await release(session, row.ticket_id)
            for reader in await watchers(session, row.ticket_id):
                await self._notice(session, record, template, reader)
        if template := _TO_HOLDER.get(record.move):
            holder = row.tech_id if row.tech_id is not None else row.expert_id
            await self._notice(session, record, template, holder)

    async def _notice(
        self, session: AsyncSession, record: TicketRecord, template: str, user_id: int | None
    ) -> None:
        if user_id is None or user_id == record.actor_id:
            return
        await announce(
            session,
            template=template,
            user_id=user_id,
            organization_id=record.row.organization_id,
            source=f"ticket-{record.row.number}-{record.source}",
            context={
                "reason": record.reason,
                "note": record.note,
                "actor_id": record.actor_id,
                "cause": record.cause,
            },
            loudness=NOTICES[template].loudness,
            delivery_class=NOTICES[template].delivery_class,
            thing=Thing.TICKET,
            thing_id=record.row.ticket_id,
        )
