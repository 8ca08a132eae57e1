"""What business time promises, whatever the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import clocks
from domain.business_time import (
    Calendar,
    Hours,
    NeverOpen,
    after_business,
    after_business_days,
    business_seconds,
    is_open,
    opens_next,
    problems,
)
from domain.clocks import Clock

JAKARTA = "Asia/Jakarta"
ZONES = (JAKARTA, "Europe/Berlin", "America/New_York", "Asia/Jayapura")
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Return a calendar with up to three intervals on each working day and a few holidays."""
    hours = []
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        marks = sorted(30 * mark for mark in draw(st.sets(st.integers(0, 48), min_size=2, max_size=6)))
        hours += [Hours(weekday, *pair) for pair in zip(marks[::2], marks[1::2], strict=False)]
    days = draw(st.lists(st.integers(0, 400), max_size=5))
    holidays = [(date(2026, 1, 1) + timedelta(days=day)).isoformat() for day in days]
    return Calendar(draw(st.sampled_from(ZONES)), hours, holidays)


moments = st.integers(0, 334 * 86_400).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
spans = st.timedeltas(timedelta(), timedelta(days=30))
SERVICE = Calendar(
    JAKARTA,
    [
        *(Hours(day, *pair) for day in range(4) for pair in ((480, 720), (780, 1020))),
        Hours(4, 480, 690),
        Hours(4, 780, 1020),
        Hours(5, 480, 720),
    ],
    ["2026-12-25"],
)
"""The service calendar of WORDS 6, with one holiday."""


def jakarta(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


@EXAMPLES
@given(calendars(), moments, spans, spans)
def test_to_split_a_span_changes_nothing(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    between, end = start + first, start + first + second

    whole = business_seconds(calendar, start, end)

    parts = business_seconds(calendar, start, between) + business_seconds(calendar, between, end)
    assert whole == pytest.approx(parts, abs=1e-3)
    assert 0 <= whole <= (end - start).total_seconds()


@EXAMPLES
@given(calendars(), moments, st.floats(1, 40_000), st.floats(0, 10_000))
def test_the_due_time_is_where_the_time_is_used_up_and_grows_with_the_target(
    calendar: Calendar, start: datetime, target: float, more: float
) -> None:
    due = after_business(calendar, start, target)

    assert business_seconds(calendar, start, due) == pytest.approx(target, abs=1e-3)
    assert is_open(calendar, due - timedelta(milliseconds=1))
    assert after_business(calendar, start, target + more) >= due


@EXAMPLES
@given(calendars(), moments, st.lists(st.tuples(spans, spans), max_size=5), spans)
def test_pauses_never_change_the_time_a_clock_has_used(
    calendar: Calendar, start: datetime, pauses: list[tuple[timedelta, timedelta]], last: timedelta
) -> None:
    clock, at, worked = clocks.started(Clock(1e9), start), start, 0.0
    for work, rest in pauses:
        worked += business_seconds(calendar, at, at + work)
        clock = clocks.paused(clock, calendar, at + work)
        assert clocks.used(clock, calendar, at + work + rest) == pytest.approx(worked, abs=1e-3)
        at += work + rest
        clock = clocks.started(clock, at)
    worked += business_seconds(calendar, at, at + last)

    assert clocks.used(clock, calendar, at + last) == pytest.approx(worked, abs=1e-3)


@EXAMPLES
@given(calendars(), moments, spans, st.floats(60, 40_000))
def test_a_pause_of_no_length_moves_no_deadline(
    calendar: Calendar, start: datetime, worked: timedelta, target: float
) -> None:
    clock = clocks.started(Clock(target), start)
    at = start + worked

    rested = clocks.started(clocks.paused(clock, calendar, at), at)

    if clocks.used(clock, calendar, at) < target:
        before, after = clocks.due_at(clock, calendar), clocks.due_at(rested, calendar)
        assert before is not None
        assert after is not None
        assert abs((after - before).total_seconds()) < 0.01


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-30T08:00", 4, "2026-11-30T12:00"),
        ("2026-11-30T11:00", 2, "2026-11-30T14:00"),  # lunch is no time
        ("2026-12-04T16:00", 2, "2026-12-05T09:00"),  # Friday evening to Saturday morning
        ("2026-12-05T11:00", 2, "2026-12-07T09:00"),  # Saturday ends at noon
        ("2026-12-24T16:00", 2, "2026-12-26T09:00"),  # a holiday between
        ("2026-11-30T22:00", 1, "2026-12-01T09:00"),  # written at night
    ],
)
def test_the_service_calendar_knows_lunch_weekends_and_holidays(start: str, hours: float, due: str) -> None:
    assert after_business(SERVICE, jakarta(start), hours * 3600) == jakarta(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-30T10:00", 1, "2026-12-01T10:00"),
        ("2026-12-04T10:00", 2, "2026-12-07T10:00"),  # Friday, over Saturday, not Sunday
        ("2026-12-04T16:00", 1, "2026-12-07T08:00"),  # Saturday closes at noon
        ("2026-12-24T10:00", 1, "2026-12-26T10:00"),  # the holiday is no working day
        ("2026-11-30T23:00", 3, "2026-12-04T08:00"),
    ],
)
def test_business_days_are_working_days(start: str, days: int, due: str) -> None:
    assert after_business_days(SERVICE, jakarta(start), days) == jakarta(due)


def test_an_interval_lasts_as_long_as_the_clocks_say_when_they_change() -> None:
    night = Calendar("Europe/Berlin", [Hours(6, 60, 240)])  # Sunday 01.00 to 04.00

    def that_weekend(sunday: str) -> float:
        midnight = datetime.fromisoformat(sunday).replace(tzinfo=UTC)
        return business_seconds(night, midnight - timedelta(hours=12), midnight + timedelta(hours=36))

    assert that_weekend("2026-06-07") == 3 * 3600
    assert that_weekend("2026-03-29") == 2 * 3600
    assert that_weekend("2026-10-25") == 4 * 3600


def test_round_the_clock_counts_every_second_and_a_closed_office_has_no_due_time() -> None:
    always = Calendar(JAKARTA, always=True)
    start = jakarta("2026-12-25T03:00")

    assert after_business(always, start, 900) == start + timedelta(minutes=15)
    assert opens_next(SERVICE, start) == jakarta("2026-12-26T08:00")
    with pytest.raises(NeverOpen):
        after_business(Calendar(JAKARTA), start, 1)
    assert opens_next(Calendar(JAKARTA), start) is None


def test_a_reopened_clock_has_what_was_left_and_at_least_a_quarter() -> None:
    at = jakarta("2026-11-30T08:00")
    short, long = Clock(8 * 3600, used_s=7.5 * 3600), Clock(8 * 3600, used_s=3600)

    assert clocks.due_at(clocks.reopened(short, at), SERVICE) == jakarta("2026-11-30T10:00")
    assert clocks.due_at(clocks.reopened(long, at), SERVICE) == jakarta("2026-11-30T16:00")


def test_another_target_keeps_what_was_used() -> None:
    at = jakarta("2026-11-30T08:00")
    clock = clocks.started(Clock(8 * 3600), at)
    urgent = Calendar(JAKARTA, always=True)

    faster = clocks.retargeted(clock, SERVICE, 4 * 3600, jakarta("2026-11-30T09:00"))

    assert clocks.due_at(faster, urgent) == jakarta("2026-11-30T12:00")


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ([Hours(0, 480, 720), Hours(0, 700, 800)], ["overlap"]),
        ([Hours(7, 480, 720)], ["bad_interval"]),
        ([Hours(0, 720, 480)], ["bad_interval"]),
        ([], ["never_open"]),
        ([Hours(0, 0, 1440)], []),
    ],
)
def test_hours_that_make_no_sense_are_told(hours: list[Hours], found: list[str]) -> None:
    assert problems(Calendar(JAKARTA, hours)) == found
