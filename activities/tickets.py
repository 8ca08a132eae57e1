"""What the workflow ``ticket`` does to the world: one transaction a move, with its cards and notices."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.refusals import refusals
from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.chat.late_tickets import call_about_late, refresh_late
from db.chat.relay_ends import edited, release, unrelay
from db.chat.relays import relay
from db.chat.rooms import open_room
from db.moves import tickets as moves
from db.queries.quiet import quiet_until
from db.queries.ticket_watchers import watchers
from db.session import SYSTEM, Database
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
}


_TIMELESS = frozenset(
    {
        TicketMove.OPEN,
        TicketMove.NOTE,
        TicketMove.EDIT,
        TicketMove.ATTACH,
        TicketMove.DETACH,
        TicketMove.RATE,
        TicketMove.LINK,
        TicketMove.REMIND,
        TicketMove.WARN,
    }
)
"""Moves after which the cards of others say the same; so do they after what a customer adds."""


class TicketActivities:
    """Database activities of tickets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def record_ticket_move(self, record: TicketRecord) -> None:
        """Write a move; the second time with the same source nothing happens."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                await moves.project(session, record)
                if await moves.record_activity(session, record) is None:
                    return
                await moves.attach(session, record)
                if record.move == TicketMove.DETACH:
                    brought_by = await moves.detach(session, record)
                    await unrelay(session, record.row.ticket_id, brought_by, record.at)
                await self._tell(session, record)
                await relay(session, record)
                if record.move == TicketMove.EDIT:
                    await edited(session, record)

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
        await self._tell_of_time(session, record)
        if template := _TO_CUSTOMER.get(record.move):
            await release(session, row.ticket_id)
            for reader in await watchers(session, row.ticket_id):
                await self._notice(session, record, template, reader)
        holder = row.tech_id if row.tech_id is not None else row.expert_id
        if record.move == TicketMove.CLOSE and not record.by_staff:
            await self._notice(session, record, "ticket_closed_by_customer", holder)
        if template := _TO_HOLDER.get(record.move):
            await self._notice(session, record, template, holder)

    async def _tell_of_time(self, session: AsyncSession, record: TicketRecord) -> None:
        """Warn the holder, and bring the cards of what is late up to date."""
        row = record.row
        holder = row.tech_id if row.tech_id is not None else row.expert_id
        if record.move == TicketMove.WARN and holder is not None:
            await call_about_late(
                session,
                holder,
                loudness=Loudness.SOUND,
                source=f"ticket-{row.number}-{record.source}",
                not_before=await quiet_until(session, holder, record.at),
            )
        added = record.move == TicketMove.COMMENT and not record.by_staff
        if record.move not in _TIMELESS and not added:
            former = () if record.former_holder is None else (record.former_holder,)
            await refresh_late(session, row.ticket_id, record.at, also=former)

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
