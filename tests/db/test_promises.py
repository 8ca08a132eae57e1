"""What a helpdesk's calendar says by default and in December, and who is reminded of it."""

from datetime import UTC, datetime

from sqlalchemy import func, insert, select, text, update

from db.helpdesk_audit import By
from db.holiday_notices import ask_for_holidays
from db.models.chat import Delivery
from db.models.core import User
from db.models.helpdesk import Pharmacy, Ticket, TicketCategory, TicketModule
from db.promises import confirm_year
from db.public_holidays import holidays_of
from db.queries.helpdesk import ticket_policy
from db.session import SYSTEM, Database
from domain.business_time import is_open
from domain.priorities import Priority
from domain.tickets import TicketSource

DECEMBER = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


async def _use(database: Database) -> tuple[int, int]:
    """Open a ticket and return its organization and the helpdesk's admin."""
    async with database.transaction(SYSTEM) as session:
        pharmacy = (await session.scalars(select(Pharmacy).limit(1))).one()
        maya = (await session.scalars(select(User.id).where(User.name == "Maya"))).one()
        await session.execute(
            insert(Ticket).values(
                id=1,
                number="PD-000001",
                organization_id=pharmacy.organization_id,
                pharmacy_id=pharmacy.id,
                module_id=await session.scalar(select(TicketModule.id).limit(1)),
                category_id=await session.scalar(select(TicketCategory.id).limit(1)),
                opened_by=maya,
                source=TicketSource.INTERNAL,
                priority=Priority.LOW,
                title="x",
                description="x",
            )
        )
        return pharmacy.organization_id, maya


async def test_the_admins_of_a_helpdesk_in_use_are_asked_once_in_december(demo_database: Database) -> None:
    organization, maya = await _use(demo_database)

    async def asked(now: datetime) -> int:
        async with demo_database.transaction(SYSTEM) as session:
            return await ask_for_holidays(session, now)

    assert await asked(datetime(2026, 11, 30, 3, 0, tzinfo=UTC)) == 0
    assert await asked(DECEMBER) == 1
    assert await asked(DECEMBER) == 0
    async with demo_database.transaction(SYSTEM) as session:
        assert list(await session.scalars(select(Delivery.user_id))) == [maya]
        days = await confirm_year(session, organization, 2027, By(maya, "tg-1"))
        await session.execute(text("delete from deliveries"))
    assert days == len(holidays_of(2027))
    assert await asked(DECEMBER) == 0


async def test_a_helpdesk_that_nobody_answers_for_is_not_asked_for_ever(demo_database: Database) -> None:
    await _use(demo_database)
    async with demo_database.transaction(SYSTEM) as session:
        await session.execute(update(User).values(is_active=False))
    async with demo_database.transaction(SYSTEM) as session:
        assert await ask_for_holidays(session, DECEMBER) == 0


async def test_promises_rest_on_public_holidays(demo_database: Database) -> None:
    organization, maya = await _use(demo_database)
    independence = datetime(2027, 8, 17, 3, 0, tzinfo=UTC)
    async with demo_database.transaction(SYSTEM) as session:
        await confirm_year(session, organization, 2027, By(maya, "tg-1"))
        await confirm_year(session, organization, 2027, By(maya, "tg-1"))
        policy = await ticket_policy(session, organization, Priority.LOW)
        assert not is_open(policy.calendar, independence)
        assert is_open(policy.calendar, independence.replace(day=18))
        urgent = await ticket_policy(session, organization, Priority.URGENT)
        assert is_open(urgent.calendar, independence)
        changes = select(func.count()).select_from(text("audit_events where thing = 'business_calendar'"))
        assert await session.scalar(changes) == 1
