"""A member's week as a message with buttons, and writing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.context import SiagaContext
from bot.keyboards import Button, button, columns, named
from bot.rights import require
from bot.shifts_text import hours, week, weekday
from db.chat.deliveries import announce
from db.duty import set_shifts
from db.queries.duty import duties_of
from db.queries.people import person_row
from domain.duty import Shift
from domain.errors import NotFound
from domain.notices import NOTICES
from domain.roles import Permission

ABOUT = "shifts"
DAYS = range(7)
WORKDAYS = range(5)
PATTERNS = ((8 * 60, 17 * 60), (7 * 60, 15 * 60), (15 * 60, 23 * 60), (23 * 60, 31 * 60))
"""Common hours: the office day, and the three shifts of a day."""
TOLD_AFTER = timedelta(minutes=2)
"""Somebody whose week an admin changes is told once the taps are over."""


@dataclass(frozen=True, slots=True)
class Week:
    """A member's week in one organization."""

    user_id: int
    name: str
    organization_id: int
    shifts: tuple[Shift, ...]


async def week_of(context: SiagaContext, user_id: int, organization_id: int) -> Week:
    """Return a member's week, one's own or as an admin anybody's.

    Raises:
        NotAllowed: it is neither.
        NotFound: they are no member there.
    """
    own = user_id == context.me.user_id
    require(context, Permission.BE_ON_DUTY if own else Permission.MANAGE_PEOPLE, organization_id)
    async with context.transaction() as session:
        row = await person_row(session, user_id, organization_id)
        duties = await duties_of(session, organization_id, [user_id])
    if row is None:
        raise NotFound(noun="person")
    return Week(user_id, row.name, organization_id, duties[user_id].shifts)


async def write_week(context: SiagaContext, held: Week, shifts: Iterable[Shift]) -> None:
    """Replace the week and show it; somebody else is told of it."""
    now, wanted = datetime.now(UTC), tuple(sorted(shifts))
    async with context.transaction() as session:
        duty = await set_shifts(session, held.user_id, held.organization_id, wanted, now)
        if held.user_id != context.me.user_id:
            await announce(
                session,
                template="shifts_changed",
                user_id=held.user_id,
                organization_id=held.organization_id,
                source=f"shifts-{held.user_id}-{held.organization_id}-{now:%Y%m%d%H}",
                context={"organization_id": held.organization_id, "actor_id": context.me.user_id},
                loudness=NOTICES["shifts_changed"].loudness,
                not_before=now + TOLD_AFTER,
            )
    await show_week(context, Week(held.user_id, held.name, held.organization_id, duty.shifts))


async def show_week(context: SiagaContext, held: Week) -> None:
    """Show a week: in the tapped message, else as a new one."""
    words = {
        "name": "" if held.user_id == context.me.user_id else held.name,
        "week": week(held.shifts, context.language),
    }
    await context.edit("replies/shifts", keyboard=_keyboard(context, held), **words)


def with_day(shifts: Iterable[Shift], day: int, *, works: bool) -> list[Shift]:
    """Return the week with a day on or off; a new day has the hours of the first one that has any."""
    week = list(shifts)
    others = [shift for shift in week if shift.weekday != day]
    if not works:
        return others
    if len(others) < len(week):
        return week
    first = min(others, default=None)
    like = [shift for shift in others if first is not None and shift.weekday == first.weekday]
    hours = [(shift.starts_minute, shift.ends_minute) for shift in like] or [PATTERNS[0]]
    return [*others, *(Shift(day, starts, ends) for starts, ends in hours)]


def with_hours(shifts: Iterable[Shift], pattern: int) -> list[Shift]:
    """Return the week with these hours on every day that has some; on Monday to Friday when none has."""
    days = sorted({shift.weekday for shift in shifts}) or WORKDAYS
    return [Shift(day, *PATTERNS[pattern]) for day in days]


def _keyboard(context: SiagaContext, held: Week) -> list[list[Button]]:
    worked = {shift.weekday for shift in held.shifts}
    who = (held.user_id, held.organization_id)
    days = [
        named(
            f"{'✅' if day in worked else '▫️'} {weekday(day, context.language)}",
            ABOUT,
            "day",
            *who,
            day,
            int(day not in worked),
        )
        for day in DAYS
    ]
    patterns = [
        named(hours(*pattern, context.language), ABOUT, "hours", *who, number)
        for number, pattern in enumerate(PATTERNS)
    ]
    rows = [*columns(days, 4), *columns(patterns, 2), [button("shifts_type", ABOUT, "type", *who)]]
    if held.shifts:
        rows[-1].append(button("shifts_always", ABOUT, "always", *who))
    return rows
