"""Quiet hours: when what is not urgent waits (WORDS 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.local_time import MINUTES_A_DAY, moment


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From and to each day, in minutes from midnight; over midnight when "to" is earlier. Equal: none."""

    starts_minute: int
    ends_minute: int

    def until(self, now: datetime, zone: str) -> datetime | None:
        """Return when the quiet hours that hold now end, in a zone (IANA name); None: it is not quiet."""
        local = ZoneInfo(zone)
        today = now.astimezone(local).date()
        length = (self.ends_minute - self.starts_minute) % MINUTES_A_DAY
        for day in (today - timedelta(days=1), today):
            starts = moment(day, self.starts_minute, local)
            ends = moment(day, self.starts_minute + length, local)
            if starts <= now < ends:
                return ends
        return None
