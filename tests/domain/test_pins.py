"""The maintenance PIN: what counts when, for whom, and how far a clock may be off."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.defaults import PIN_AFTER_S, PIN_BEFORE_S
from domain.pins import (
    STEP_S,
    PinId,
    opened_by,
    pin_key,
    pin_of,
    valid_from,
    valid_to,
    visit_start,
    window_of,
    windows_at,
    wrong_tries_are_told,
)

KEY = pin_key("the secret of a box")
NINE = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
BEFORE, AFTER, STEP = (timedelta(seconds=given) for given in (PIN_BEFORE_S, PIN_AFTER_S, STEP_S))

starts = some.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001
slots = some.integers(0, 99)


@settings(max_examples=60, deadline=None)
@given(start=starts, slot=slots, share=some.floats(0, 1), skew=some.floats(-1, 1))
def test_a_pin_opens_all_through_the_visit_and_says_who(
    start: datetime, slot: int, share: float, skew: float
) -> None:
    pin = PinId(slot, window_of(start))
    at = start - BEFORE + (BEFORE + AFTER) * share + STEP * skew

    assert valid_from(pin.window) <= start - BEFORE
    assert valid_to(pin.window) >= start + AFTER
    assert opened_by(KEY, pin_of(KEY, pin), at) == pin


@settings(max_examples=60, deadline=None)
@given(start=starts, slot=slots, late=some.floats(0, 86_400))
def test_outside_its_window_and_a_step_a_pin_is_none(start: datetime, slot: int, late: float) -> None:
    window = window_of(start)
    typed = pin_of(KEY, PinId(slot, window))
    early = valid_from(window) - STEP - timedelta(seconds=late + 1)
    past = valid_to(window) + STEP + timedelta(seconds=late)

    # Another window's code may be the same by chance, so what is asserted is that this window is not tried.
    for at in (early, past):
        assert window not in windows_at(at)
        assert opened_by(KEY, typed, at) != PinId(slot, window)


def test_another_slot_and_another_box_have_other_pins() -> None:
    typed = [pin_of(KEY, PinId(slot, window_of(NINE))) for slot in range(100)]

    assert [pin[:2] for pin in typed] == [f"{slot:02d}" for slot in range(100)]
    assert {len(pin) for pin in typed} == {8}
    assert all(opened_by(pin_key("another box"), pin, NINE) is None for pin in typed)


def test_the_digits_are_those_of_rfc_4226_over_sha_256() -> None:
    """Fixed values: a box of an older release has to agree with a newer server."""
    pins = [pin_of(KEY, PinId(slot, 1_964_000)) for slot in (0, 7, 99)]

    assert pins == ["00690396", "07118572", "99728034"]


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "12 45678", "0712345x", "٠٧١٢٣٤٥٦", "-7123456"]
)
def test_what_is_not_eight_digits_is_no_pin(typed: str) -> None:
    assert opened_by(KEY, typed, NINE) is None


def test_a_revoked_pin_opens_nothing_while_the_same_slots_next_one_does() -> None:
    pin, later = PinId(7, window_of(NINE)), PinId(7, window_of(NINE) + 1)

    assert opened_by(KEY, pin_of(KEY, pin), NINE, {pin}) is None
    assert opened_by(KEY, pin_of(KEY, later), NINE, {pin}) == later


def test_few_windows_count_at_a_time_so_that_guessing_is_hopeless() -> None:
    assert {len(windows_at(NINE + timedelta(minutes=minutes))) for minutes in range(31)} == {12}


@pytest.mark.parametrize(
    ("planned", "start", "start_at_work"),
    [
        (None, NINE, NINE),
        (NINE + timedelta(hours=20), NINE + timedelta(hours=20), NINE),
        (NINE - timedelta(hours=3), NINE, NINE),
    ],
)
def test_the_visit_begins_as_planned_or_now(
    planned: datetime | None, start: datetime, start_at_work: datetime
) -> None:
    assert visit_start(NINE, planned, begun=False) == start
    assert visit_start(NINE, planned, begun=True) == start_at_work


def test_wrong_tries_are_told_without_burying_the_story() -> None:
    assert [tries for tries in range(31) if wrong_tries_are_told(tries)] == [3, 10, 20, 30]
