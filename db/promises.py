"""Changing what a helpdesk promises and when it works: no workflow stands behind it (decision 14).

Every change makes the open tickets it concerns due to be re-timed (``db/retimings.py``).
"""

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.helpdesk_audit import By, Deed, note_once
from db.models.promises import BusinessCalendar, Retiming, SlaPolicy
from db.public_holidays import holidays_of
from db.queries.promises import WorkingTime, working_time
from domain.business_time import Calendar, Hours, problems
from domain.errors import InvalidInput
from domain.priorities import Priority

POLICY, CALENDAR = "sla_policy", "business_calendar"
LONGEST_S = 365 * 24 * 3600.0
HOLIDAYS_MOST = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Promise:
    """The promised times of one priority, seconds of business time."""

    first_answer_s: float
    solution_s: float
    is_always: bool = False


async def write_policy(
    session: AsyncSession, organization_id: int, priority: Priority, promise: Promise | None, by: By
) -> None:
    """Set an organization's own promise, None: go back to the default; open tickets of the priority follow.

    Raises:
        InvalidInput: ``range``: it is no time, or the answer would come after the solution.
    """
    if promise is not None and not 0 < promise.first_answer_s <= promise.solution_s <= LONGEST_S:
        raise InvalidInput(field="solution_s", problem="range")
    told = {"priority": priority, "promise": dataclasses.asdict(promise) if promise else None}
    named = By(by.actor_id, f"{by.source}-{priority}")
    if not await note_once(session, Deed(organization_id, POLICY, organization_id, "change", told), named):
        return
    if promise is None:
        mine = (SlaPolicy.organization_id == organization_id, SlaPolicy.priority == priority)
        await session.execute(delete(SlaPolicy).where(*mine))
    else:
        values = dataclasses.asdict(promise)
        row = insert(SlaPolicy).values(organization_id=organization_id, priority=priority, **values)
        keys = [SlaPolicy.organization_id, SlaPolicy.priority]
        await session.execute(row.on_conflict_do_update(index_elements=keys, set_=values))
    await ask_to_retime(session, organization_id, [priority])


async def write_calendar(session: AsyncSession, organization_id: int, wanted: WorkingTime, by: By) -> None:
    """Set when a helpdesk works; all its open tickets follow.

    Raises:
        InvalidInput: ``bad_interval``, ``overlap``, ``never_open``, an unknown zone, too many holidays.
    """
    if wanted.time_zone not in available_timezones():
        raise InvalidInput(field="time_zone", problem="unknown_zone")
    found = problems(Calendar(wanted.time_zone, list(wanted.hours)))
    if found:
        raise InvalidInput(field="hours", problem=found[0])
    if len(wanted.holidays) > HOLIDAYS_MOST:
        raise InvalidInput(field="holidays", problem="too_many")
    told = {"time_zone": wanted.time_zone, "hours": _hours(wanted.hours), "holidays": len(wanted.holidays)}
    if await note_once(session, Deed(organization_id, CALENDAR, organization_id, "change", told), by):
        await _write(session, organization_id, wanted)


async def confirm_year(session: AsyncSession, organization_id: int, year: int, by: By) -> int:
    """Take a year's public holidays into the calendar as confirmed, and return how many they are.

    Days that an admin added to the year stay.
    """
    present = await working_time(session, organization_id)
    days = {one.day: one for one in holidays_of(year)} | {one.day: one for one in present.holidays}
    confirmed = max(year, present.confirmed_year or year)
    wanted = dataclasses.replace(
        present, holidays=tuple(days[day] for day in sorted(days)), confirmed_year=confirmed
    )
    told = {"confirmed_year": year}
    if await note_once(session, Deed(organization_id, CALENDAR, organization_id, "confirm", told), by):
        await _write(session, organization_id, wanted)
    return sum(day.year == year for day in days)


async def _write(session: AsyncSession, organization_id: int, wanted: WorkingTime) -> None:
    values: dict[str, Any] = {
        "time_zone": wanted.time_zone,
        "hours": _hours(wanted.hours),
        "holidays": [{"day": one.day.isoformat(), "name": one.name} for one in wanted.holidays],
        "confirmed_year": wanted.confirmed_year,
    }
    row = insert(BusinessCalendar).values(organization_id=organization_id, **values)
    await session.execute(
        row.on_conflict_do_update(index_elements=[BusinessCalendar.organization_id], set_=values)
    )
    await ask_to_retime(session, organization_id, list(Priority))


def _hours(hours: Sequence[Hours]) -> list[dict[str, int]]:
    return [dataclasses.asdict(one) for one in hours]


async def ask_to_retime(
    session: AsyncSession, organization_id: int, priorities: Collection[Priority]
) -> None:
    """Make open tickets of these priorities due to be told; a round under way starts anew."""
    again = {"asked_at": func.now(), "due_at": func.now(), "done_up_to": 0, "is_second": False}
    for priority in priorities:
        row = insert(Retiming).values(organization_id=organization_id, priority=priority)
        keys = [Retiming.organization_id, Retiming.priority]
        await session.execute(row.on_conflict_do_update(index_elements=keys, set_=again))
