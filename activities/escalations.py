"""What escalation does to the world: who is called now, their cards, and the story for ``/why``."""

import logging

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.refusals import refusals
from db.chat.calls import call_off
from db.chat.cards import ensure_card, touch_cards
from db.chat.late_tickets import call_about_late, refresh_late
from db.moves import escalations as moves
from db.queries.called import called_now
from db.queries.quiet import quiet_until
from db.session import SYSTEM, Database
from domain import ids
from domain.chat import DeliveryClass, Loudness, Thing
from domain.escalations import EscalationMove, EscalationRecord, RungCall, RungCalled

logger = logging.getLogger(__name__)


class EscalationActivities:
    """Database activities of ladders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def call_rung(self, call: RungCall) -> RungCalled:
        """Look up whom a rung calls and give each a card; a repeat answers with who was called."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                number = await moves.open_ladder(session, call)
                known = await moves.former_call(session, number, call.version)
                if known is not None:
                    return known
                users = await called_now(
                    session,
                    call.owner,
                    call.owner_id,
                    organization_id=call.organization_id,
                    audience=call.audience,
                    at=call.at,
                )
                # In one order everywhere: people have one card for many tickets, which are late at once.
                silent = [user for user in sorted(users) if not await self._page(session, call, number, user)]
                called = RungCalled(number, users, silent)
                await moves.record_call(session, call, called)
                await touch_cards(session, (Thing.ESCALATION, number))
                return called

    async def _page(self, session: AsyncSession, call: RungCall, number: int, user: int) -> bool:
        """Make a person's card due, in the morning when they rest; return whether they can be written to.

        What is late with tickets is one card for each person; each task has its own.
        """
        loudness = Loudness.PAGE if call.urgent else Loudness.SOUND
        source = moves.call_source(number, call.version)
        rests = None if call.urgent else await quiet_until(session, user, call.at)
        if call.owner == Thing.TICKET:
            return await call_about_late(session, user, loudness=loudness, source=source, not_before=rests)
        return await ensure_card(
            session,
            Thing.ESCALATION,
            number,
            user,
            loudness=loudness,
            source=source,
            delivery_class=DeliveryClass.ALARM,
            not_before=rests,
        )

    @activity.defn
    async def record_escalation(self, record: EscalationRecord) -> None:
        """Write an answer or the end; the second time with the same source nothing happens."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                if not await moves.record(session, record):
                    return
                if record.answer != EscalationMove.SNOOZE or record.ended:
                    await call_off(session, Thing.ESCALATION, record.escalation_id)
                await touch_cards(session, (Thing.ESCALATION, record.escalation_id))
                if (ticket := await moves.ticket_of(session, record.escalation_id)) is not None:
                    await refresh_late(session, ticket, record.at)


async def tell_unreached(client: Client, database: Database) -> int:
    """Tell ladders whose present call reached nobody; return how many (DESIGN 3.6).

    Looked for, not sent along with each outcome: so it survives a killed sender and an outage of Temporal. It
    is told again until the ladder has moved on, which its row shows.
    """
    async with database.transaction(SYSTEM) as session:
        ladders = await moves.unreached(session)
    for owner_workflow_id, version in ladders:
        run = client.get_workflow_handle(ids.escalation_id(owner_workflow_id))
        try:
            await run.signal("not_delivered", version)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            logger.info("%s has no ladder any more", owner_workflow_id)
    return len(ladders)
