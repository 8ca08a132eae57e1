"""Wall-clock times as moments: what shifts, quiet hours and the digest are written in."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day's clock shows ``minute``, counted from its midnight, in UTC.

    Minutes from 1440 on are the next day's. A time that the clock shows twice is its first; one that it skips
    is the moment of the jump, so that times never change their order.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return early
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def moment_of_tomorrow(now: datetime, zone: str) -> datetime:
    """Return when the day ends that it is now in a zone (IANA name)."""
    local = ZoneInfo(zone)
    return moment(now.astimezone(local).date(), MINUTES_A_DAY, local)
