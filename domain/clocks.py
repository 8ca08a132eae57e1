"""The clocks of a ticket: first answer and solution, in business time, paused while waiting_customer.

A clock is a value. It counts what of its target is used up; the moment it is due follows from its calendar.
Every change is a new clock: started, paused, resumed, stopped, or put on another target or calendar.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from domain.business_time import Calendar, after_business, business_seconds

AFTER_REOPEN_SHARE = 0.25
"""After a reopen a clock has what was left, at least this share of its target (WORDS 6)."""
WARN_AT_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Clock:
    """A target in seconds of business time, what is used of it, and since when it runs."""

    target_s: float
    used_s: float = 0.0
    running_since: datetime | None = None
    met_at: datetime | None = None
    """When what it waits for happened; a clock that was met does not run any more."""

    @property
    def is_running(self) -> bool:
        """Whether time counts now."""
        return self.running_since is not None and self.met_at is None


def used(clock: Clock, calendar: Calendar, at: datetime) -> float:
    """Return the business seconds used at a moment."""
    if clock.running_since is None or clock.met_at is not None:
        return clock.used_s
    return clock.used_s + business_seconds(calendar, clock.running_since, at)


def started(clock: Clock, at: datetime) -> Clock:
    """Return the clock running from a moment; one that runs, or was met, is left as it is."""
    if clock.running_since is not None or clock.met_at is not None:
        return clock
    return dataclasses.replace(clock, running_since=at)


def paused(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """Return the clock at rest, with what was used until then."""
    return dataclasses.replace(clock, used_s=used(clock, calendar, at), running_since=None)


def met(clock: Clock, calendar: Calendar, at: datetime) -> Clock:
    """Return the clock stopped because what it waits for happened; the first time counts."""
    if clock.met_at is not None:
        return clock
    return dataclasses.replace(paused(clock, calendar, at), met_at=at)


def reopened(clock: Clock, at: datetime) -> Clock:
    """Return the clock running again with what was left, at least a quarter of its target (WORDS 6)."""
    most = clock.target_s * (1 - AFTER_REOPEN_SHARE)
    return Clock(clock.target_s, min(clock.used_s, most), running_since=at)


def retargeted(clock: Clock, before: Calendar, target_s: float, at: datetime) -> Clock:
    """Return the clock with another target or for another calendar: what was used stays used.

    A running clock is settled under the calendar it ran by and runs on from ``at``.
    """
    if clock.met_at is not None:
        return dataclasses.replace(clock, target_s=target_s)
    rested = paused(clock, before, at)
    since = at if clock.running_since is not None else None
    return dataclasses.replace(rested, target_s=target_s, running_since=since)


def due_at(clock: Clock, calendar: Calendar, share: float = 1.0) -> datetime | None:
    """Return when a share of the target will be used up; None for a clock that does not run.

    Raises:
        NeverOpen: the calendar never gives that much time.
    """
    if clock.running_since is None or clock.met_at is not None:
        return None
    return after_business(calendar, clock.running_since, clock.target_s * share - clock.used_s)


def was_kept(clock: Clock) -> bool:
    """Return whether a clock that was met was met in time."""
    return clock.met_at is not None and clock.used_s <= clock.target_s
