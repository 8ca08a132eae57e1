"""Uptime by month: what counts, and where a month begins."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.uptime import ConnectionChange, Span, months, uptime

ZONE = "Asia/Jakarta"
HOUR = 3600.0


def at(day: int, hour: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo(ZONE))


def on(when: datetime) -> ConnectionChange:
    return ConnectionChange(when, online=True)


def off(when: datetime) -> ConnectionChange:
    return ConnectionChange(when, online=False)


[(_, NOVEMBER)] = months(date(2026, 11, 24), date(2026, 11, 30), ZONE)
ALL = Span(at(1, month=1), at(31, month=12))
LONG_HEARD = on(at(1, month=1))


@pytest.mark.parametrize(
    ("service", "changes", "in_service_h", "offline_h", "outages"),
    [
        (ALL, [LONG_HEARD], 720, 0, 0),
        (ALL, [], 720, 720, 0),  # never heard
        (ALL, [LONG_HEARD, off(at(3)), on(at(3, 6))], 720, 6, 1),
        (ALL, [LONG_HEARD, off(at(30, 20, month=10)), on(at(1, 5))], 720, 5, 0),  # began in October
        (ALL, [LONG_HEARD, off(at(30, 20)), on(at(2, 0, month=12))], 720, 4, 1),  # lasts into December
        (ALL, [LONG_HEARD, off(at(30, 23))], 720, 1, 1),  # still lasts
        (ALL, [LONG_HEARD, off(at(1)), on(at(1, 1)), off(at(2)), on(at(2, 2))], 720, 3, 2),
        (ALL, [LONG_HEARD, off(at(3)), off(at(3, 1)), on(at(3, 2)), on(at(3, 9))], 720, 2, 1),  # told twice
        (Span(at(16), at(31, month=12)), [on(at(16, 1))], 360, 1, 0),  # commissioned on the 16th
        (Span(at(1, month=1), at(16)), [LONG_HEARD, off(at(15)), on(at(20))], 360, 24, 1),  # retired
        (Span(at(1, month=1), at(10, 12)), [LONG_HEARD, off(at(10))], 228, 12, 1),  # now: the 10th, noon
        (Span(at(5, month=12), at(31, month=12)), [on(at(5, month=12))], 0, 0, 0),  # not yet
    ],
)
def test_offline_time_counts_only_in_service_and_in_the_month(
    service: Span, changes: list[ConnectionChange], in_service_h: float, offline_h: float, outages: int
) -> None:
    found = uptime(service, changes, NOVEMBER)

    assert (found.in_service_s, found.offline_s) == (in_service_h * HOUR, offline_h * HOUR)
    assert found.outages == outages
    assert (found.share is None) == (in_service_h == 0)


def test_months_begin_at_midnight_where_the_machine_stands() -> None:
    berlin = list(months(date(2026, 3, 15), date(2026, 10, 1), "Europe/Berlin"))

    assert [day.month for day, _ in berlin] == [3, 4, 5, 6, 7, 8, 9, 10]
    assert [span.seconds / HOUR for _, span in berlin][::7] == [743, 745]  # the clocks go forward, and back
    assert all(one.end == two.begin for (_, one), (_, two) in pairwise(berlin))
    assert NOVEMBER.begin == datetime(2026, 10, 31, 17, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 365 * 24), st.booleans()), max_size=20), st.integers(0, 365))
def test_the_months_of_a_year_add_up(changes: list[tuple[int, bool]], begun: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    moments = sorted(
        (ConnectionChange(datetime.fromtimestamp(start.timestamp() + hour * HOUR, UTC), online=online)
         for hour, online in changes),
        key=lambda one: one.at,
    )  # fmt: skip
    year = [span for _, span in months(date(2026, 1, 1), date(2026, 12, 31), ZONE)]
    service = Span(datetime.fromtimestamp(start.timestamp() + begun * 24 * HOUR, UTC), year[-1].end)
    parts = [uptime(service, moments, month) for month in year]

    whole = uptime(service, moments, Span(year[0].begin, year[-1].end))
    assert sum(part.in_service_s for part in parts) == whole.in_service_s
    assert sum(part.offline_s for part in parts) == whole.offline_s
    assert sum(part.outages for part in parts) == whole.outages
    assert 0 <= whole.offline_s <= whole.in_service_s
