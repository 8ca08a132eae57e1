"""A helpdesk with its builders: what a test of tickets says only in passing."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from db.models.promises import BusinessCalendar
from db.queries.helpdesk import categories, modules, ticket_policy
from db.queries.new_tickets import NewTicket, new_ticket
from db.queries.tickets import ActivityLine, TicketDetail, ticket_by_id, timeline
from db.session import SYSTEM
from domain.business_time import Hours
from domain.defaults import SERVICE_HOURS
from domain.priorities import Priority
from domain.ticket_records import Sorting, TicketCommand
from domain.tickets import TicketDraft, TicketMove, TicketSource, TicketView
from tests.workflows.field import Field, answered

STAFF = ("Maya", "Rina", "Bayu", "Dimas")
JAKARTA = ZoneInfo("Asia/Jakarta")


@dataclass
class Desk:
    """One test's helpdesk."""

    field: Field
    pharmacy: int
    organization: int

    @classmethod
    async def of(cls, field: Field) -> Self:
        """Return the demo's helpdesk, with the pharmacy of Sari and Putri."""
        async with field.database.transaction(SYSTEM) as session:
            row = (
                await session.execute(text("select id, organization_id from pharmacies order by id limit 1"))
            ).one()
            # Promises are told by weekday: a public holiday of the year the test runs in would move them.
            days = {"time_zone": "Asia/Jakarta", "holidays": [], "organization_id": row.organization_id}
            hours = [asdict(Hours(*one)) for one in SERVICE_HOURS]
            await session.execute(insert(BusinessCalendar).values(**days, hours=hours))
        return cls(field, row.id, row.organization_id)

    async def until(self, day: int, hour: int, minute: int = 0) -> None:
        """Let time pass until the next such weekday (Monday is 0) and hour in Jakarta."""
        now = (await self.field.now()).astimezone(JAKARTA)
        at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        at += timedelta(days=(day - now.weekday()) % 7)
        await self.field.temporal.sleep((at if at > now else at + timedelta(days=7)) - now)

    async def a_ticket(self, priority: Priority = Priority.HIGH, **changes: Any) -> TicketView:  # noqa: ANN401 - fields
        """Open a ticket as Sari."""
        source = self.field.source()
        async with self.field.database.transaction(SYSTEM) as session:
            module, category = (await modules(session, self.organization))[0], None
            category = (await categories(session, self.organization))[0]
            order = NewTicket(
                pharmacy_id=self.pharmacy,
                opened_by=self.field.people["Sari"],
                customer_id=self.field.people["Sari"],
                source=TicketSource.CUSTOMER,
                priority=priority,
                module_id=module.id,
                category_id=category.id,
                draft=TicketDraft("Kasir tidak bisa cetak struk.\nSudah dicoba dua kali.", **changes),
            )
            state = await new_ticket(session, order, source)
        return await answered(lambda: self.field.gateway.tickets.open(source, state))

    def command(self, move: TicketMove, by: str, **changes: Any) -> TicketCommand:  # noqa: ANN401 - fields
        """Return a move by a person."""
        return TicketCommand(
            move,
            self.field.people[by],
            by,
            actor_is_staff=by in STAFF,
            actor_may_review=by in STAFF and by != "Dimas",
            **changes,
        )

    async def move(
        self,
        ticket: TicketView,
        move: TicketMove,
        by: str = "Rina",
        *,
        source: str = "",
        **changes: Any,  # noqa: ANN401 - fields
    ) -> TicketView:
        """Do a move as a person; raises the refusal it meets."""
        command, source = self.command(move, by, **changes), source or self.field.source()
        return await answered(lambda: self.field.gateway.tickets.move(source, ticket.number, command))

    async def sorting(self, priority: Priority) -> Sorting:
        """Return another priority with its promises."""
        async with self.field.database.transaction(SYSTEM) as session:
            policy = await ticket_policy(session, self.organization, priority)
        return Sorting(priority=priority, policy=policy)

    async def row(self, ticket: TicketView) -> TicketDetail:
        """Return the ticket's row."""
        async with self.field.database.transaction(SYSTEM) as session:
            row = await ticket_by_id(session, ticket.ticket_id)
        assert row is not None
        return row

    async def story(self, ticket: TicketView) -> list[ActivityLine]:
        """Return the ticket's timeline, internal lines included."""
        async with self.field.database.transaction(SYSTEM) as session:
            return await timeline(session, ticket.ticket_id, internal=True)

    async def moves(self, ticket: TicketView) -> list[str]:
        """Return the moves of the timeline, in order."""
        return [line.move.value for line in await self.story(ticket)]


def local(at: datetime | None) -> str:
    """Return a moment as Jakarta's weekday and clock: ``Mon 09:00``."""
    return "" if at is None else f"{at.astimezone(JAKARTA):%a %H:%M}"
