"""What stands on paper: words by language, moments with year and zone."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

_FOLDER = Path(__file__).parent / "words"
_CLOCKS = {"id": "HH.mm", "en": "HH:mm"}


class Words:
    """The words of one language; a table's word by ``words("table", "key")``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._tables = _read(language)

    def __call__(self, table: str, key: str, **fill: object) -> str:
        """Return a word, its ``{name}`` filled."""
        return self._tables[table][key].format(**fill)

    def moment(self, at: datetime, zone: str) -> str:
        """Return "Sen 24 Nov 2026, 09.00 WIB"."""
        local = at.astimezone(ZoneInfo(zone))
        text = format_datetime(local, f"EEE d MMM y, {_CLOCKS[self.language]}", locale=self.language)
        return f"{text} {local.tzname()}"

    def number(self, value: float) -> str:
        """Return a number with the language's separators."""
        return str(format_decimal(value, locale=self.language))


@cache
def _read(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
