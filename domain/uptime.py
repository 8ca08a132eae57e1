"""How much of a month a machine was heard: a pure function of when it was in service and what changed.

In service: from commissioning to retirement, whatever is done at the machine meanwhile; a month that is not
over counts up to now. Offline: in service and not heard, which a machine is until its first beat. The share
is (in service - offline) / in service. Months are the machine's own: they begin at midnight in its zone, and
a month with a change of the clocks is an hour shorter or longer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to another; empty when the end is not after the beginning."""

    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return max(0.0, (self.end - self.begin).total_seconds())

    def within(self, other: "Span") -> "Span":
        """Return what both have in common."""
        return Span(max(self.begin, other.begin), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class ConnectionChange:
    """A machine was heard again, or missed."""

    at: datetime
    online: bool


@dataclass(frozen=True, slots=True)
class Uptime:
    """One machine in one month; seconds, and how many outages began in it."""

    in_service_s: float
    offline_s: float
    outages: int

    @property
    def share(self) -> float | None:
        """Return the share of the time in service in which it was heard; None when it was not in service."""
        return None if self.in_service_s == 0 else (self.in_service_s - self.offline_s) / self.in_service_s


def months(first: date, last: date, zone: str) -> Iterator[tuple[date, Span]]:
    """Return the months from that of ``first`` to that of ``last``: the first day of each, and its span."""
    day, place = first.replace(day=1), ZoneInfo(zone)
    while day <= last:
        following = (day + timedelta(days=32)).replace(day=1)
        yield day, Span(_midnight(day, place), _midnight(following, place))
        day = following


def _midnight(day: date, place: ZoneInfo) -> datetime:
    """Return a midnight as a moment: the difference of two moments is real time only in one zone."""
    return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(ZoneInfo("UTC"))


def uptime(service: Span, changes: Sequence[ConnectionChange], month: Span) -> Uptime:
    """Return a machine's uptime in a month; ``changes`` are in order, from the first beat on."""
    counted = service.within(month)
    offline_s, outages = 0.0, 0
    silent_since: datetime | None = service.begin
    for change in changes:
        if change.online and silent_since is not None:
            offline_s += Span(silent_since, change.at).within(counted).seconds
            silent_since = None
        elif not change.online and silent_since is None:
            silent_since = change.at
            outages += counted.begin <= change.at < counted.end
    if silent_since is not None:
        offline_s += Span(silent_since, counted.end).within(counted).seconds
    return Uptime(counted.seconds, offline_s, outages)
