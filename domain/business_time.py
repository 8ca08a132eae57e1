"""Business time: what of a span counts when an office keeps hours (WORDS 6, service calendar).

Everything here is arithmetic on aware datetimes: no clock is read. Spans are half-open, ``[start, end)``; a
span's business time is the length of its intersection with the calendar's open hours. Daylight saving is the
zone's: an interval lasts as long as its wall clock says it does on that day.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.local_time import MINUTES_A_DAY, moment

HORIZON_DAYS = 3660
"""A calendar that is closed for ten years has no due time."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours on one weekday (Monday is 0), in minutes since local midnight; ``to_minute`` up to 1440."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office works: weekly hours, several intervals a day, less its holidays; or always.

    ``holidays`` are local dates in ISO form (a payload carries no ``date``, DESIGN 3.11).
    """

    time_zone: str
    hours: list[Hours] = field(default_factory=list)
    holidays: list[str] = field(default_factory=list)
    always: bool = False
    """Round the clock, holidays included: urgent tickets."""


class NeverOpen(ValueError):
    """The calendar has no open hours, so no due time exists."""


def problems(calendar: Calendar) -> list[str]:
    """Return what is wrong with a calendar, as codes: ``bad_interval``, ``overlap``, ``never_open``."""
    found: set[str] = set()
    if any(not _is_interval(one) for one in calendar.hours):
        found.add("bad_interval")
    ordered = sorted(calendar.hours, key=lambda one: (one.weekday, one.from_minute))
    for before, after in itertools.pairwise(ordered):
        if before.weekday == after.weekday and after.from_minute < before.to_minute:
            found.add("overlap")
    if not calendar.always and not calendar.hours:
        found.add("never_open")
    return sorted(found)


def _is_interval(hours: Hours) -> bool:
    return hours.weekday in range(7) and 0 <= hours.from_minute < hours.to_minute <= MINUTES_A_DAY


def open_spans(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open spans from ``start`` on, in UTC, in order, the first one cut at ``start``.

    A calendar that is always open yields one span of ten years; one that never is yields nothing.
    """
    first = start.astimezone(UTC)
    if calendar.always:
        yield first, first + timedelta(days=HORIZON_DAYS)
        return
    zone, holidays = ZoneInfo(calendar.time_zone), frozenset(calendar.holidays)
    day = start.astimezone(zone).date() - timedelta(days=1)
    for _ in range(HORIZON_DAYS):
        for opens, closes in _day(calendar, day, zone, holidays):
            if closes > first:
                yield max(opens, first), closes
        day += timedelta(days=1)


def business_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Return the business time between two moments in seconds; 0 when ``end`` is not after ``start``."""
    total = 0.0
    last = end.astimezone(UTC)
    if last <= start.astimezone(UTC):
        return total
    for opens, closes in open_spans(calendar, start):
        if opens >= last:
            break
        total += (min(closes, last) - opens).total_seconds()
    return total


def after_business(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """Return the first moment, in UTC, at which ``seconds`` of business time have passed since ``start``.

    Raises:
        NeverOpen: the calendar gives not that much time within ten years.
    """
    if seconds <= 0:
        return start.astimezone(UTC)
    left = seconds
    for opens, closes in open_spans(calendar, start):
        length = (closes - opens).total_seconds()
        if length >= left:
            return opens + timedelta(seconds=left)
        left -= length
    raise NeverOpen(calendar.time_zone)


def after_business_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Return the same wall-clock time ``days`` working days later, or the first open moment after it.

    A working day is a local date with open hours; every date is one when the calendar is always open.

    Raises:
        NeverOpen: there are not that many within ten years.
    """
    zone, holidays = ZoneInfo(calendar.time_zone), frozenset(calendar.holidays)
    local, left = start.astimezone(zone), days
    day = local.date()
    for _ in range(HORIZON_DAYS):
        if left == 0:
            at = datetime.combine(day, local.time(), zone)
            return opens_next(calendar, at) or at
        day += timedelta(days=1)
        left -= calendar.always or bool(_day(calendar, day, zone, holidays))
    raise NeverOpen(calendar.time_zone)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Return whether the office works at this moment."""
    return next((opens <= at for opens, _ in open_spans(calendar, at)), False)


def opens_next(calendar: Calendar, at: datetime) -> datetime | None:
    """Return when the office works next, ``at`` itself while it does; None when it never does."""
    return next((opens for opens, _ in open_spans(calendar, at)), None)


def _day(
    calendar: Calendar, day: date, zone: ZoneInfo, holidays: frozenset[str]
) -> list[tuple[datetime, datetime]]:
    if day.isoformat() in holidays:
        return []
    spans = [
        (moment(day, one.from_minute, zone), moment(day, one.to_minute, zone))
        for one in sorted(calendar.hours, key=lambda one: one.from_minute)
        if one.weekday == day.weekday()
    ]
    return [(opens, closes) for opens, closes in spans if opens < closes]
