"""The days of an export."""

from datetime import date

import pytest

from bot.dialogs.export import Period, days_of


@pytest.mark.parametrize(
    ("today", "period", "first", "last"),
    [
        (date(2026, 11, 30), Period.THIS_MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 1, 31), Period.THIS_MONTH, date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 1, 15), Period.LAST_MONTH, date(2025, 12, 1), date(2025, 12, 31)),
        (date(2028, 3, 31), Period.LAST_MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 1, 15), Period.THREE_MONTHS, date(2025, 11, 1), date(2026, 1, 31)),
        (date(2026, 12, 5), Period.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_whole_months(today: date, period: Period, first: date, last: date) -> None:
    assert days_of(period, today) == (first, last)
