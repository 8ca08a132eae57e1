"""What admins type about promises and working time, as values."""

from datetime import date, datetime

from bot.dialogs.quantities import read_quantity
from bot.shifts_text import read_week
from db.promises import LONGEST_S
from domain.business_time import Hours
from domain.errors import InvalidInput
from domain.local_time import MINUTES_A_DAY
from domain.settings import Unit

_HOUR_S = 3600.0
_DAYS = ("hari", "minggu", "day", "week")
_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
_YEARS = range(2020, 2101)


def read_hours(text: str) -> float:
    """Return a span of working time in seconds; "8" is eight hours.

    Raises:
        InvalidInput: it cannot be read; or it counts days, and how long a working day is nobody said.
    """
    if any(word in text.lower() for word in _DAYS):
        raise InvalidInput(field="promise", problem="hours_not_days")
    value = read_quantity(text, Unit.SECONDS, _HOUR_S)
    if value is None or not 0 < value <= LONGEST_S:
        raise InvalidInput(field="promise", problem="not_a_quantity")
    return value


def read_office(text: str) -> tuple[Hours, ...]:
    """Return typed working hours; what passes midnight belongs to two days. Raises ``InvalidInput``."""
    shifts = read_week(text)
    if shifts is None:
        raise InvalidInput(field="week", problem="not_a_week")
    found: list[Hours] = []
    for one in shifts:
        found.append(Hours(one.weekday, one.starts_minute, min(one.ends_minute, MINUTES_A_DAY)))
        if one.ends_minute > MINUTES_A_DAY:
            found.append(Hours((one.weekday + 1) % 7, 0, one.ends_minute - MINUTES_A_DAY))
    return tuple(sorted(found, key=lambda one: (one.weekday, one.from_minute)))


def read_day(text: str) -> date:
    """Return a typed date with its year; raises ``InvalidInput``."""
    for form in _FORMS:
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    raise InvalidInput(field="day", problem="not_a_day")
