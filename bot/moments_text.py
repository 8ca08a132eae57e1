"""Times and numbers as the reader's language writes them: "Sen 24 Nov, 09.00 WIB" (WORDS 5)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from domain.settings import DAY_S, Unit

CLOCKS = {"id": "HH.mm", "en": "HH:mm"}


def when(at: datetime, language: str, zone: str, now: datetime | None = None) -> str:
    """Return day, time and zone; the year only when it is another one."""
    local = at.astimezone(ZoneInfo(zone))
    year = " y" if now is not None and now.astimezone(local.tzinfo).year != local.year else ""
    text = format_datetime(local, f"EEE d MMM{year}, {CLOCKS[language]}", locale=language)
    return f"{text} {local.tzname()}"


def day(at: datetime | date, language: str, zone: str) -> str:
    """Return "Sen 24 Nov"."""
    local = at.astimezone(ZoneInfo(zone)).date() if isinstance(at, datetime) else at
    return format_date(local, "EEE d MMM", locale=language)


def clock(at: datetime, language: str, zone: str) -> str:
    """Return "09.00"."""
    return format_datetime(at.astimezone(ZoneInfo(zone)), CLOCKS[language], locale=language)


def metres(value: float, language: str) -> str:
    """Return "350 m" or "1,2 km": as exact as anyone walks."""
    if value < 1000:  # noqa: PLR2004 - metres in a kilometre
        return f"{number(round(value), language)}\N{NO-BREAK SPACE}m"
    return f"{number(value / 1000, language, 1 if value < 100_000 else 0)}\N{NO-BREAK SPACE}km"  # noqa: PLR2004 - metres


def number(value: float, language: str, digits: int | None = None) -> str:
    """Return a number with the language's separators; ``digits``: how many stand behind the point."""
    if digits is None:
        return format_decimal(value, locale=language)
    return format_decimal(
        round(value, digits), format="#,##0." + "0" * digits if digits else "#,##0", locale=language
    )


_SPANS = ((DAY_S, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))


def span_of(value_s: float) -> tuple[float, str]:
    """Return the largest unit of time (its seconds, its name) in which a span is a whole or a half number."""
    return next(
        ((size, name) for size, name in _SPANS if value_s >= size and (value_s * 2) % size == 0), _SPANS[-1]
    )


def quantity(value: float, unit: Unit, language: str) -> str:
    """Return a setting's value in plain words: "15 menit", "1,5 jam", "150 meter", "50%", "21.00"."""
    match unit:
        case Unit.SECONDS:
            size, name = span_of(value)
            return _units(value / size, f"duration-{name}", language)
        case Unit.MINUTES:
            return quantity(value * 60, Unit.SECONDS, language)
        case Unit.METRES | Unit.DAYS:
            return _units(value, "length-meter" if unit == Unit.METRES else "duration-day", language)
        case Unit.SHARE:
            return format_percent(value, locale=language)
        case Unit.HOUR:
            return f"{value:02.0f}{CLOCKS[language][2]}00"
        case Unit.COUNT:
            return number(value, language)


def _units(value: float, unit: str, language: str) -> str:
    return format_unit(value, unit, length="long", locale=language)
