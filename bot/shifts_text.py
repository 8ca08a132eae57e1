"""A week of shifts as people type and read it: "Sen-Jum 08.00-12.00, 13.00-17.00 · Sab 08.00-12.00"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time, timedelta

from babel.dates import format_date

from bot.dialogs.moments import WEEKDAYS
from bot.moments_text import CLOCKS
from domain.duty import Shift
from domain.local_time import MINUTES_A_DAY
from domain.quiet import QuietHours

_MONDAY = date(2024, 1, 1)
_DAYS_A_WEEK = 7
_EVERY_DAY = ("setiap hari", "tiap hari", "every day", "daily")
_TOKEN = re.compile(
    r"(?P<time>\d{1,2}(?:[.:]\d{2})?\s*(?:-|s/d|sampai|to)\s*\d{1,2}(?:[.:]\d{2})?)"
    rf"|(?P<all>{'|'.join(_EVERY_DAY)})|(?P<to>-|s/d)|(?P<day>[a-z']+)|(?P<gap>[\s,;.&+/]+)"
)
_DASHES = dict.fromkeys(map(ord, "\u2013\u2014"), "-")
_TO = ("sampai", "to", "hingga")
_AND = ("dan", "and", "jam", "pukul")
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")


def weekday(day: int, language: str) -> str:
    """Return the short name of a weekday, 0 is Monday."""
    return format_date(_MONDAY + timedelta(days=day), "EEE", locale=language)


def hours(starts_minute: int, ends_minute: int, language: str) -> str:
    """Return "08.00-17.00"; an end at midnight is 24.00."""
    return f"{_clock(starts_minute, language)}-{_clock(ends_minute, language)}"


def quiet_hours(quiet: QuietHours, language: str) -> str:
    """Return quiet hours in words; empty for none."""
    none = quiet.starts_minute == quiet.ends_minute
    return "" if none else hours(quiet.starts_minute, quiet.ends_minute, language)


def week(shifts: Iterable[Shift], language: str) -> str:
    """Return a week in words, days with the same hours together; empty without shifts."""
    by_day: dict[int, list[str]] = {}
    for shift in sorted(shifts):
        by_day.setdefault(shift.weekday, []).append(hours(shift.starts_minute, shift.ends_minute, language))
    spans: list[tuple[int, int, list[str]]] = []
    for day in sorted(by_day):
        if spans and spans[-1][1] == day - 1 and spans[-1][2] == by_day[day]:
            spans[-1] = (spans[-1][0], day, by_day[day])
        else:
            spans.append((day, day, by_day[day]))
    parts = [f"{_days(first, last, language)} {', '.join(held)}" for first, last, held in spans]
    return " · ".join(parts)


def read_week(text: str) -> tuple[Shift, ...] | None:
    """Return the shifts a person typed ("Sen-Jum 8-17, Sab 8-12"); None when they cannot be read."""
    days: list[int] = []
    found: list[Shift] = []
    ranging = timed = False
    for kind, token in _tokens(text):
        if kind == "to" and days and not timed and not ranging:
            ranging = True
        elif kind == "days":
            if timed:
                days, timed = [], False
            days += _until(days[-1], token[0])[1:] if ranging else token
            ranging = False
        elif kind == "time" and days and not ranging and token:
            found += [Shift(day, token[0], token[1]) for day in days]
            timed = True
        else:
            return None
    return _tidy(found) if found and timed else None


def _tokens(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Read words: ("days", which), ("time", from and to), ("to", ()); what cannot be read is ("?", ())."""
    rest = " ".join(text.lower().translate(_DASHES).split())
    while rest:
        match = _TOKEN.match(rest)
        if match is None:
            yield "?", ()
            return
        rest = rest[match.end() :]
        kind, word = match.lastgroup, match[0]
        if kind == "time":
            yield "time", _interval(word)
        elif kind == "all":
            yield "days", range(_DAYS_A_WEEK)
        elif kind == "to" or word in _TO:
            yield "to", ()
        elif kind == "day" and word not in _AND:
            named = next((number for number, names in enumerate(WEEKDAYS) if word in names), None)
            yield ("?", ()) if named is None else ("days", (named,))


def _interval(text: str) -> tuple[int, ...]:
    """Return from and to in minutes, over midnight when "to" is earlier; empty for what is no time of day."""
    read = [int(hour) * 60 + int(minute or 0) for hour, minute in _CLOCK.findall(text)]
    starts, ends = read
    if starts >= MINUTES_A_DAY or ends > MINUTES_A_DAY or starts == ends:
        return ()
    return starts, ends if ends > starts else ends + MINUTES_A_DAY


def _until(first: int, last: int) -> list[int]:
    """Return the days from one to another, through Sunday when it must be."""
    return [(first + step) % _DAYS_A_WEEK for step in range((last - first) % _DAYS_A_WEEK + 1)]


def _tidy(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Return shifts of which no two of a day overlap."""
    tidy: list[Shift] = []
    for shift in sorted(shifts):
        last = tidy[-1] if tidy else None
        if last and last.weekday == shift.weekday and shift.starts_minute < last.ends_minute:
            tidy[-1] = Shift(last.weekday, last.starts_minute, max(last.ends_minute, shift.ends_minute))
        else:
            tidy.append(shift)
    return tuple(
        Shift(one.weekday, one.starts_minute, min(one.ends_minute, one.starts_minute + MINUTES_A_DAY))
        for one in tidy
    )


def _days(first: int, last: int, language: str) -> str:
    if first == last:
        return weekday(first, language)
    return f"{weekday(first, language)}-{weekday(last, language)}"


def _clock(minute: int, language: str) -> str:
    if minute == MINUTES_A_DAY:
        return CLOCKS[language].replace("HH", "24").replace("mm", "00")
    return time(minute // 60 % 24, minute % 60).strftime("%H.%M" if "." in CLOCKS[language] else "%H:%M")
