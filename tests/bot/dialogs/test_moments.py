"""What people type for a moment, in either language."""

from datetime import UTC, date, datetime

import pytest

from bot.dialogs.moments import read_moment

NOW = datetime(2025, 11, 24, 3, 0, tzinfo=UTC)
"""Monday, 10.00 in Jakarta."""


def read(text: str, day: date | None = None) -> str | None:
    found = read_moment(text, NOW, "Asia/Jakarta", day)
    return found.strftime("%Y-%m-%d %H:%M") if found else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("besok 9", "2025-11-25 09:00"),
        ("Besok jam 9", "2025-11-25 09:00"),
        ("tomorrow 14:30", "2025-11-25 14:30"),
        ("tomorrow 2pm", "2025-11-25 14:00"),
        ("hari ini 15.30", "2025-11-24 15:30"),
        ("today 23:59", "2025-11-24 23:59"),
        ("lusa pukul 8 pagi", "2025-11-26 08:00"),
        ("senin 9", "2025-12-01 09:00"),
        ("Jumat 14.30", "2025-11-28 14:30"),
        ("fri 9am", "2025-11-28 09:00"),
        ("minggu 7 malam", "2025-11-30 19:00"),
        ("24/11 11", "2025-11-24 11:00"),
        ("24/11 9", "2025-11-24 09:00"),
        ("23/11 9", "2026-11-23 09:00"),
        ("5-12-2025 09.30", "2025-12-05 09:30"),
        ("5/12/25 9", "2025-12-05 09:00"),
        ("5 des 9", "2025-12-05 09:00"),
        ("5 December 2025 9", "2025-12-05 09:00"),
        ("24 nov, 11.00 WIB", "2025-11-24 11:00"),
        ("besok 12 siang", "2025-11-25 12:00"),
        ("besok 11 siang", "2025-11-25 11:00"),
        ("besok 12 malam", "2025-11-25 00:00"),
        ("besok 12am", "2025-11-25 00:00"),
        ("15", "2025-11-24 15:00"),
    ],
)
def test_a_moment_is_read(typed: str, meant: str) -> None:
    assert read(typed) == meant


def test_an_hour_is_enough_once_the_day_is_chosen() -> None:
    assert read("9", date(2025, 11, 28)) == "2025-11-28 09:00"
    assert read("14.30", date(2025, 11, 28)) == "2025-11-28 14:30"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nanti",
        "besok",
        "31/2 9",
        "9",
        "25",
        "besok 25",
        "besok 9:77",
        "hello world",
        "2025",
        "99/99 9",
        "🙂",
    ],
)
def test_what_is_no_moment_is_not_guessed(typed: str) -> None:
    assert read(typed) is None
