"""Days as the figures and exports of an organization are asked for."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from domain.errors import InvalidInput
from domain.uptime import Span

YEARS_MOST = 10
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


class Days:
    """From a day to another, both included; without them this month."""

    def __init__(
        self,
        first: Annotated[date | None, Query(alias="from", ge=_FIRST, le=_LAST)] = None,
        last: Annotated[date | None, Query(alias="to", ge=_FIRST, le=_LAST)] = None,
    ) -> None:
        self._first, self._last = first, last

    def within(self, zone: str) -> tuple[date, date]:
        """Return the first and the last day in a zone.

        Raises:
            InvalidInput: they are in a wrong order, or more than ``YEARS_MOST`` years apart.
        """
        today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
        begin = self._first or (self._last or today).replace(day=1)
        end = self._last or max(today, begin)
        if begin > end:
            raise InvalidInput(field="to", problem="before_from")
        if end.year - begin.year > YEARS_MOST:
            raise InvalidInput(field="to", problem="too_far", years=YEARS_MOST)
        return begin, end

    def span(self, zone: str) -> Span:
        """Return the days as moments; raises like ``within``."""
        first, last = self.within(zone)
        begin, end = (
            datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
            for day in (first, last + timedelta(days=1))
        )
        return Span(begin, end)


Wanted = Annotated[Days, Depends()]
