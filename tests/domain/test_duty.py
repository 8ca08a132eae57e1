"""Duty time: shifts, the switch, daylight saving, and what never depends on how a week is written."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duty import NOBODY_WITHIN, Duty, Shift, Switch, after_duty_time
from domain.local_time import moment

JAKARTA, BERLIN = "Asia/Jakarta", "Europe/Berlin"
OFFICE = tuple(Shift(day, start * 60, end * 60) for day in range(5) for start, end in ((8, 12), (13, 17)))
NIGHTS = tuple(Shift(day, 22 * 60, 30 * 60) for day in range(7))


def at(text: str, zone: str = JAKARTA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


MONDAY_9, FRIDAY_16, SATURDAY = at("2026-11-30 09:00"), at("2026-12-04 16:00"), at("2026-12-05 10:00")

moments = st.integers(0, 2 * 366 * 1440).map(
    lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes)
)
zones = st.sampled_from([JAKARTA, BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
shift = st.builds(
    lambda day, start, length: Shift(day, start, start + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(2, 1440),
)
weeks = st.lists(shift, max_size=6).map(tuple)


@pytest.mark.parametrize(
    ("shifts", "when", "expected"),
    [
        ((), SATURDAY, True),
        (OFFICE, MONDAY_9, True),
        (OFFICE, at("2026-11-30 12:00"), False),
        (OFFICE, at("2026-11-30 08:00"), True),
        (OFFICE, SATURDAY, False),
        (NIGHTS, at("2026-11-30 05:59"), True),
        (NIGHTS, at("2026-11-30 06:00"), False),
    ],
)
def test_shifts_say_who_is_on_duty(shifts: tuple[Shift, ...], when: datetime, *, expected: bool) -> None:
    assert Duty(JAKARTA, shifts).on_duty(when) is expected


@pytest.mark.parametrize(
    ("shifts", "now", "on", "until"),
    [
        (OFFICE, MONDAY_9, False, at("2026-11-30 17:00")),  # lunch belongs to the shift
        (OFFICE, at("2026-11-30 06:00"), False, at("2026-11-30 17:00")),  # ill before the shift began
        (OFFICE, SATURDAY, True, at("2026-12-07 08:00")),
        (NIGHTS, at("2026-11-30 23:00"), False, at("2026-12-01 06:00")),
        ((), MONDAY_9, False, None),
        (tuple(Shift(day, 0, 1440) for day in range(7)), MONDAY_9, False, None),
    ],
)
def test_a_switch_lasts_until_the_shifts_take_over(
    shifts: tuple[Shift, ...], now: datetime, *, on: bool, until: datetime | None
) -> None:
    switch = Duty(JAKARTA, shifts).switched(now, on=on)
    assert switch == Switch(on=on, since=now, until=until)
    switched = Duty(JAKARTA, shifts, switch)
    assert switched.on_duty(now) is on
    if until is not None:
        assert switched.changes_at(now) is not None
        assert switched.on_duty(until) is Duty(JAKARTA, shifts).on_duty(until)


@pytest.mark.parametrize(
    ("shifts", "now", "on"),
    [((), MONDAY_9, True), (OFFICE, MONDAY_9, True), (OFFICE, at("2026-11-30 18:00"), False)],
)
def test_what_the_shifts_say_already_needs_no_switch(
    shifts: tuple[Shift, ...], now: datetime, *, on: bool
) -> None:
    assert Duty(JAKARTA, shifts).switched(now, on=on) is None


@pytest.mark.parametrize(
    ("people", "now", "hours", "expected"),
    [
        ([Duty(JAKARTA)], MONDAY_9, 4, at("2026-11-30 13:00")),
        ([Duty(JAKARTA, OFFICE)], at("2026-11-30 11:30"), 1, at("2026-11-30 13:30")),
        ([Duty(JAKARTA, OFFICE)], FRIDAY_16, 1, at("2026-12-04 17:00")),
        ([Duty(JAKARTA, OFFICE)], FRIDAY_16, 2, at("2026-12-07 09:00")),
        ([Duty(JAKARTA, OFFICE), Duty(JAKARTA, NIGHTS)], FRIDAY_16, 2, at("2026-12-04 23:00")),
        ([Duty(JAKARTA, (), Switch(on=False, since=MONDAY_9))], MONDAY_9, 4, at("2026-11-30 13:00")),
        ([], MONDAY_9, 4, at("2026-11-30 13:00")),
    ],
)
def test_offers_stand_for_duty_time(
    people: list[Duty], now: datetime, hours: int, expected: datetime
) -> None:
    assert after_duty_time(people, now, hours * 3600) == expected


def test_the_clock_that_jumps_neither_loses_nor_doubles_duty() -> None:
    night = Duty(BERLIN, (Shift(5, 22 * 60, 30 * 60),))
    spring, autumn = at("2026-03-28 22:00", BERLIN), at("2026-10-24 22:00", BERLIN)
    assert night.spans(spring, spring + timedelta(days=1)) == [(spring, spring + timedelta(hours=7))]
    assert night.spans(autumn, autumn + timedelta(days=1)) == [(autumn, autumn + timedelta(hours=9))]
    skipped = moment(date(2026, 3, 29), 2 * 60 + 30, ZoneInfo(BERLIN))
    assert skipped == at("2026-03-29 03:00", BERLIN)


@given(weeks, zones, moments, st.data())
def test_splitting_a_shift_changes_nothing(
    week: tuple[Shift, ...], zone: str, now: datetime, data: st.DataObject
) -> None:
    split: list[Shift] = []
    for one in week:
        middle = data.draw(st.integers(one.starts_minute + 1, one.ends_minute - 1))
        days, minute = divmod(middle, 1440)
        split += [
            Shift(one.weekday, one.starts_minute, middle),
            Shift((one.weekday + days) % 7, minute, one.ends_minute - days * 1440),
        ]
    until = now + timedelta(days=9)
    assert Duty(zone, tuple(split)).spans(now, until) == Duty(zone, week).spans(now, until)


@given(
    st.lists(st.tuples(weeks, zones), max_size=3),
    moments,
    st.floats(0, 3e6),
    st.floats(0, 3e5),
    st.floats(0, 3e5),
)
def test_more_time_and_a_later_start_never_end_earlier(
    team: list[tuple[tuple[Shift, ...], str]], now: datetime, seconds: float, more: float, later: float
) -> None:
    people = [Duty(zone, week) for week, zone in team]
    ends = after_duty_time(people, now, seconds)
    assert now + timedelta(seconds=seconds) <= ends <= now + NOBODY_WITHIN + timedelta(seconds=seconds)
    assert ends <= after_duty_time(people, now, seconds + more)
    assert ends <= after_duty_time(people, now + timedelta(seconds=later), seconds)
