"""Indonesian public and government holidays, from the library that keeps them (decision 37)."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from holidays import GOVERNMENT, PUBLIC, country_holidays

_COUNTRY = "ID"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the helpdesk is closed."""

    day: date
    name: str


@cache
def holidays_of(year: int) -> tuple[Holiday, ...]:
    """Return a year's days off; those by the moon are estimates until they are decreed."""
    found = country_holidays(_COUNTRY, years=year, categories=(PUBLIC, GOVERNMENT), language="id")
    return tuple(Holiday(day, name) for day, name in sorted(found.items()))
