"""Reading a typed moment: "besok 9", "tomorrow 14:30", "Senin 9 pagi", "24/11 9" (WORDS 5)."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = {
    "hari ini": 0,
    "hr ini": 0,
    "today": 0,
    "besok": 1,
    "bsk": 1,
    "tomorrow": 1,
    "lusa": 2,
    "day after tomorrow": 2,
}
WEEKDAYS = (
    ("senin", "sen", "monday", "mon"),
    ("selasa", "sel", "tuesday", "tue"),
    ("rabu", "rab", "wednesday", "wed"),
    ("kamis", "kam", "thursday", "thu"),
    ("jumat", "jum", "jum'at", "friday", "fri"),
    ("sabtu", "sab", "saturday", "sat"),
    ("minggu", "min", "ahad", "sunday", "sun"),
)
_UNTIL = frozenset({"-", "–", "sampai", "hingga", "sd", "to", "until", "through"})  # noqa: RUF001 - a dash
_AND = frozenset({"dan", "and", "hari", "tiap", "setiap", "every", "on"})
_MONTHS = (
    ("jan",),
    ("feb", "peb"),
    ("mar",),
    ("apr",),
    ("mei", "may"),
    ("jun",),
    ("jul",),
    ("agu", "ags", "aug"),
    ("sep",),
    ("okt", "oct"),
    ("nov", "nop"),
    ("des", "dec"),
)
_NOON = 12
_PARTS = {"pagi": 0, "am": 0, "siang": _NOON, "sore": _NOON, "malam": _NOON, "pm": _NOON}

_NUMERIC = re.compile(r"^(\d{1,2})\s*[/-]\s*(\d{1,2})(?:\s*[/-]\s*(\d{4}|\d{2}))?\b")
_NAMED = re.compile(r"^(\d{1,2})\s+([a-z]{3,})\.?(?:\s+(\d{4}))?\b")
_CLOCK = re.compile(
    r"^(?:jam|pukul|pkl|at)?\s*(\d{1,2})(?:[.:](\d{2}))?\s*(pagi|siang|sore|malam|am|pm|wib|wita|wit)?\b\.?"
    r"\s*(?:wib|wita|wit)?$"
)


def read_moment(text: str, now: datetime, zone: str, day: date | None = None) -> datetime | None:
    """Return the moment a person typed, aware, in their zone; None when it cannot be read.

    ``day``: the day that was chosen already, so that "9" is enough. A day without a time
    cannot be read; a time without any day is today's while it is still to come.
    """
    local = now.astimezone(ZoneInfo(zone))
    words = " ".join(text.lower().replace(",", " ").split())
    found, rest = _read_day(words, local.date())
    at = _read_clock(rest)
    if at is None:
        return None
    chosen = found or day
    moment = datetime.combine(chosen or local.date(), at, ZoneInfo(zone))
    return None if chosen is None and moment < local else moment


def read_weekdays(text: str) -> list[int]:
    """Return the weekdays a text names ("Senin, Kamis", "Monday to Friday"), Monday is 1.

    Empty when the text names something else too.
    """
    words = [_weekday(word) or word for word in re.findall(r"[a-z']+|[-–]", text.lower())]  # noqa: RUF001 - a dash
    found: set[int] = set()
    for place, word in enumerate(words):
        if isinstance(word, int):
            found.add(word)
        elif word in _UNTIL and 0 < place < len(words) - 1:
            first, last = words[place - 1], words[place + 1]
            if isinstance(first, int) and isinstance(last, int):
                found |= {(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)}
        elif word not in _AND:
            return []
    return sorted(found)


def _weekday(word: str) -> int | None:
    return next((number for number, names in enumerate(WEEKDAYS, 1) if word in names), None)


def _read_day(words: str, today: date) -> tuple[date | None, str]:
    """Return the day a text begins with, and what follows it."""
    for name in sorted(_DAYS, key=len, reverse=True):
        if words == name or words.startswith(f"{name} "):
            return today + timedelta(days=_DAYS[name]), words.removeprefix(name).strip()
    first, _, rest = words.partition(" ")
    for number, names in enumerate(WEEKDAYS):
        if first in names:
            # The weekday that comes next; on that very day, a week ahead.
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1), rest
    for pattern in (_NUMERIC, _NAMED):
        found = pattern.match(words)
        month = _month(found[2]) if found else None
        if found and month:
            day = _date(int(found[1]), month, found[3], today)
            return day, words[found.end() :].strip() if day else "-"
    return None, words


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return next((number for number, names in enumerate(_MONTHS, 1) if text[:3] in names), None)


def _date(day: int, month: int, year: str | None, today: date) -> date | None:
    """Return the day; without a year the next one of that name."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == len("26") else 0), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _read_clock(words: str) -> time | None:
    found = _CLOCK.match(words)
    if found is None:
        return None
    hour, minute, part = int(found[1]), int(found[2] or 0), found[3]
    if part in _PARTS:
        if hour > _NOON:
            part = None  # "14.30 siang" says it twice
        else:
            hour = hour % _NOON + _PARTS[part]
    # "12 siang" is noon and "11 siang" is before it; "12 malam" is midnight.
    if found[3] == "siang" and int(found[1]) in (10, 11):
        hour = int(found[1])
    if found[3] == "malam" and int(found[1]) == _NOON:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        return None
