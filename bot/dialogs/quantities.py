"""A setting's value as people type it: "90 menit", "1 jam 30 menit", "150 m", "50 %", "21.00"."""

import re

from bot.moments_text import span_of
from domain.settings import Unit

_NUMBER = r"\d+(?:[.,]\d+)?"
_PART = re.compile(rf"({_NUMBER})\s*([a-z%]*)")
_WORDS = {
    **dict.fromkeys(("detik", "dtk", "second", "seconds", "sec", "s"), 1.0),
    **dict.fromkeys(("menit", "mnt", "minute", "minutes", "min", "m"), 60.0),
    **dict.fromkeys(("jam", "j", "hour", "hours", "h"), 3600.0),
    **dict.fromkeys(("hari", "day", "days", "d"), 86_400.0),
    **dict.fromkeys(("minggu", "week", "weeks"), 7 * 86_400.0),
}
_LENGTHS = {
    **dict.fromkeys(("", "m", "meter", "meters", "metre", "metres"), 1.0),
    **dict.fromkeys(("km", "kilometer", "kilometers"), 1000.0),
}
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[.:]00)?")


def read_quantity(text: str, unit: Unit, present: float) -> float | None:
    """Return the value; None when it cannot be read.

    A bare number means the unit in which the present value is shown.
    """
    typed = text.strip().lower()
    match unit:
        case Unit.SECONDS:
            return _span(typed, span_of(present)[0])
        case Unit.MINUTES:
            seconds = _span(typed, 60.0)
            return None if seconds is None else seconds / 60
        case Unit.METRES:
            return _scaled(typed, _LENGTHS)
        case Unit.SHARE:
            return _scaled(typed, {"": 0.01, "%": 0.01, "persen": 0.01, "percent": 0.01})
        case Unit.HOUR:
            found = _CLOCK.fullmatch(typed)
            return float(found[1]) if found else None
        case Unit.COUNT | Unit.DAYS:
            words = ("", "hari", "day", "days") if unit == Unit.DAYS else ("",)
            return _scaled(typed, dict.fromkeys(words, 1.0))


def _parts(typed: str) -> list[tuple[float, str]] | None:
    """Return the numbers with their words; None when something else stands between them."""
    found = [(float(number.replace(",", ".")), word) for number, word in _PART.findall(typed)]
    return found if found and not _PART.sub("", typed).strip() else None


def _span(typed: str, bare_s: float) -> float | None:
    parts = _parts(typed)
    if parts is None or any(word and word not in _WORDS for _, word in parts):
        return None
    if len(parts) > 1 and not all(word for _, word in parts):
        return None
    return sum(number * (_WORDS[word] if word else bare_s) for number, word in parts)


def _scaled(typed: str, scales: dict[str, float]) -> float | None:
    parts = _parts(typed)
    if parts is None or len(parts) != 1 or parts[0][1] not in scales:
        return None
    return parts[0][0] * scales[parts[0][1]]
