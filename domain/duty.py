"""Who is on duty when: weekly shifts, the switch by hand, and waiting in duty time (WORDS 6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.local_time import moment

NOBODY_WITHIN = timedelta(days=14)
"""When nobody is on duty for so long, duty time passes as any other: an offer must end."""
BREAK_MOST = timedelta(hours=4)
"""A shorter gap is a break: who goes off duty before lunch is not asked after it, and who does so at dawn is
off for the day; who says it again in the evening is not off tomorrow."""

Span = tuple[datetime, datetime]
"""From and to; the end is no longer part of it."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One interval of a week, in minutes from the midnight of its day; a night's end is beyond 1440."""

    weekday: int
    """0 is Monday."""
    starts_minute: int
    ends_minute: int


@dataclass(frozen=True, slots=True)
class Switch:
    """What a person said by hand; it outweighs the shifts until ``until``, None: until it is taken back."""

    on: bool
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One person's duty: shifts in their zone (IANA name); without shifts they are always on duty."""

    zone: str
    shifts: tuple[Shift, ...] = ()
    switch: Switch | None = None

    def on_duty(self, at: datetime) -> bool:
        """Return whether the person is on duty at a moment."""
        return any(start <= at < end for start, end in self.spans(at, at + timedelta(minutes=1)))

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """Return when the person is on duty between two moments, in order and without overlaps."""
        spans = _joined(_within(self._planned(start, end), start, end))
        if self.switch is None:
            return spans
        said = (max(start, self.switch.since), min(end, self.switch.until or end))
        if said[0] >= said[1]:
            return spans
        if self.switch.on:
            return _joined([*spans, said])
        outside = [(start, said[0]), (said[1], end)]
        return _joined([part for span in outside for part in _within(spans, *span)])

    def switched(self, now: datetime, *, on: bool) -> Switch | None:
        """Return the switch that saying "on" or "off" makes; None: the shifts say so already.

        Off lasts until the end of the shift that runs or begins soon; breaks belong to it. On lasts until the
        next shift, which goes on from there. Without shifts, or when they leave no gap, off lasts until it is
        taken back.
        """
        if not self.shifts:
            return None if on else Switch(on=False, since=now)
        planned = Duty(self.zone, self.shifts).spans(now, now + NOBODY_WITHIN)
        if on:
            begins = planned[0][0]
            return None if begins == now else Switch(on=True, since=now, until=begins)
        last = planned[0]
        if last[0] - now >= BREAK_MOST:
            return None
        for span in planned[1:]:
            if span[0] - last[1] >= BREAK_MOST:
                break
            last = span
        endless = last[1] == now + NOBODY_WITHIN
        return Switch(on=False, since=now, until=None if endless else last[1])

    def changes_at(self, now: datetime) -> datetime | None:
        """Return when the person next goes on or off duty; None: not within ``NOBODY_WITHIN``."""
        horizon = now + NOBODY_WITHIN
        first = next(iter(self.spans(now, horizon)), None)
        if first is None:
            return None
        edge = first[1] if first[0] == now else first[0]
        return edge if edge < horizon else None

    def _planned(self, start: datetime, end: datetime) -> Iterator[Span]:
        if not self.shifts:
            yield start, end
            return
        zone = ZoneInfo(self.zone)
        # A shift that began two days before can still run: it is at most a day long.
        day = start.astimezone(zone).date() - timedelta(days=2)
        last = end.astimezone(zone).date()
        while day <= last:
            for shift in self.shifts:
                if shift.weekday == day.weekday():
                    yield moment(day, shift.starts_minute, zone), moment(day, shift.ends_minute, zone)
            day += timedelta(days=1)


def after_duty_time(people: Iterable[Duty], now: datetime, seconds: float) -> datetime:
    """Return when so many seconds of duty time of at least one of the people have passed.

    When none of them is on duty within ``NOBODY_WITHIN`` it is ``now`` and the seconds; it is never later
    than both together.
    """
    everyone = list(people)
    looked, left, found = now, timedelta(seconds=seconds), False
    # Two days serve nearly every offer; the rest is looked at only when it is needed.
    first_look = now + NOBODY_WITHIN
    for until in (now + timedelta(days=2), first_look, first_look + left):
        for start, end in _together(everyone, looked, until):
            if end - start >= left:
                return start + left
            left, found = left - (end - start), True
        if until == first_look and not found:
            return now + timedelta(seconds=seconds)
        looked = until
    return looked


def _together(people: Sequence[Duty], start: datetime, end: datetime) -> list[Span]:
    """Return when at least one of the people is on duty."""
    return _joined(span for duty in people for span in duty.spans(start, end))


def _within(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    cut = ((max(span[0], start), min(span[1], end)) for span in spans)
    return [span for span in cut if span[0] < span[1]]


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted((start.astimezone(UTC), end.astimezone(UTC)) for start, end in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
