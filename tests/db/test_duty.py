"""Duty and quiet hours as the database tells them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from db.duty import set_quiet, set_shifts, switch_duty
from db.queries.duty import duties_of, offer_due_at, on_duty
from db.queries.people import person_by_telegram
from db.queries.quiet import quiet_until
from db.session import SYSTEM, Database, Scope
from domain.duty import Shift
from domain.quiet import QuietHours

ZONE = ZoneInfo("Asia/Jakarta")
MONDAY_9 = datetime(2026, 11, 30, 9, tzinfo=ZONE)
EVENING = datetime(2026, 11, 30, 22, 30, tzinfo=ZONE)
OFFICE = [Shift(day, 8 * 60, 17 * 60) for day in range(5)]


async def _member(database: Database, telegram_id: int) -> tuple[int, int]:
    async with database.transaction(SYSTEM) as session:
        known = await person_by_telegram(session, telegram_id)
    assert known is not None
    return known.person.user_id, known.person.memberships[0].organization_id


async def test_shifts_and_the_switch_decide_who_is_asked_and_how_long_an_offer_stands(
    demo_database: Database,
) -> None:
    budi, organization = await _member(demo_database, 9004)
    admin, _ = await _member(demo_database, 9002)
    async with demo_database.transaction(Scope.of([organization])) as session:
        assert {budi, admin} <= await on_duty(session, organization, EVENING)
        await set_shifts(session, budi, organization, OFFICE, MONDAY_9)
        assert budi in await on_duty(session, organization, MONDAY_9)
        assert budi not in await on_duty(session, organization, EVENING)
        assert admin in await on_duty(session, organization, EVENING)
        due = await offer_due_at(session, organization, [budi], EVENING, 3600)
        assert due == datetime(2026, 12, 1, 9, tzinfo=ZONE)

        off = await switch_duty(session, budi, organization, on=False, now=MONDAY_9)
        assert off.switch is not None
        assert off.switch.until == MONDAY_9.replace(hour=17)
        assert budi not in await on_duty(session, organization, MONDAY_9)
        # A new week carries the switch along; being on duty anyway takes it back.
        longer = [Shift(day, 8 * 60, 20 * 60) for day in range(5)]
        kept = await set_shifts(session, budi, organization, longer, MONDAY_9)
        assert kept.switch is not None
        assert kept.switch.until == MONDAY_9.replace(hour=20)
        # Who is away until a moment of their own stays so, whatever week they get meanwhile.
        leave = MONDAY_9 + timedelta(days=14)
        await switch_duty(session, budi, organization, on=False, now=MONDAY_9, until=leave)
        away = await set_shifts(session, budi, organization, OFFICE, MONDAY_9)
        assert away.switch is not None
        assert away.switch.until == leave
        assert not away.on_duty(leave - timedelta(minutes=1))
        await switch_duty(session, budi, organization, on=True, now=MONDAY_9)
        assert (await duties_of(session, organization, [budi]))[budi].switch is None

        assert await offer_due_at(session, organization, [], MONDAY_9, 60) == MONDAY_9.replace(minute=1)
        await session.execute(text("update memberships set is_active = false, suspended_at = now()"))
        assert await on_duty(session, organization, MONDAY_9) == set()


async def test_quiet_hours_are_the_persons_own_then_the_organizations(demo_database: Database) -> None:
    budi, organization = await _member(demo_database, 9004)
    dawn = datetime(2026, 12, 1, 6, tzinfo=ZONE)
    async with demo_database.transaction(SYSTEM) as session:
        await session.execute(text("delete from settings where key like 'quiet%'"))
        assert await quiet_until(session, budi, MONDAY_9) is None
        assert await quiet_until(session, budi, EVENING) == dawn
        assert await quiet_until(session, budi, dawn.replace(hour=5).astimezone(UTC)) == dawn
        assert await quiet_until(session, budi, dawn) is None
        await session.execute(
            text("insert into settings (organization_id, key, value) values (:o, 'quiet_to_hour', 5.5)"),
            {"o": organization},
        )
        assert await quiet_until(session, budi, EVENING) == dawn.replace(hour=5, minute=30)
        await set_quiet(session, budi, QuietHours(23 * 60, 7 * 60))
        assert await quiet_until(session, budi, EVENING) is None
        await set_quiet(session, budi, QuietHours(0, 0))
        assert await quiet_until(session, budi, EVENING.replace(hour=0)) is None
        await set_quiet(session, budi, None)
        assert await quiet_until(session, budi, EVENING) == dawn.replace(hour=5, minute=30)
        # Who works, by a shift or by hand, is not asleep.
        night = [Shift(day, 22 * 60, 30 * 60) for day in range(7)]
        await set_shifts(session, budi, organization, night, MONDAY_9)
        assert await quiet_until(session, budi, EVENING) is None
        assert await quiet_until(session, budi, EVENING.replace(hour=21)) == EVENING.replace(
            hour=22, minute=0
        )
        await set_shifts(session, budi, organization, OFFICE, MONDAY_9)
        assert await quiet_until(session, budi, EVENING) is not None
        await switch_duty(session, budi, organization, on=True, now=EVENING)
        assert await quiet_until(session, budi, EVENING) is None
