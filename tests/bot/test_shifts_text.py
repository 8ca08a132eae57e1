"""A week of shifts as people type it, and as it is shown."""

import pytest

from bot.shifts_text import read_week, week

READABLE = [
    ("Sen-Jum 8-17", "Sen-Jum 08.00-17.00"),
    ("senin s/d kamis 08.00-12.00, 13.00-17.00; jumat 8-11.30 & 13-17", None),
    ("Mon to Fri 8:30\u201317:00, Sat 8-12", "Sen-Jum 08.30-17.00 · Sab 08.00-12.00"),
    ("setiap hari 22-6", "Sen-Min 22.00-06.00"),
    ("every day 0-24", "Sen-Min 00.00-24.00"),
    ("Sen, Rab dan Jum jam 7-15", "Sen 07.00-15.00 · Rab 07.00-15.00 · Jum 07.00-15.00"),
    ("Jum-Min 8-12", "Jum-Min 08.00-12.00"),
    ("Sab-Sen 8-12", "Sen 08.00-12.00 · Sab-Min 08.00-12.00"),
    ("Sen 8-12, 11-17", "Sen 08.00-17.00"),
]


@pytest.mark.parametrize(("typed", "shown"), READABLE)
def test_a_typed_week_is_read(typed: str, shown: str | None) -> None:
    shifts = read_week(typed)
    assert shifts is not None
    said = week(shifts, "id")
    assert said == (shown or "Sen-Kam 08.00-12.00, 13.00-17.00 · Jum 08.00-11.30, 13.00-17.00")
    # What is shown can be typed again, in either language.
    assert read_week(said.replace("·", ",")) == shifts
    assert read_week(week(shifts, "en").replace("·", ",")) == shifts


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "8-17",
        "Sen",
        "Sen-Jum",
        "Sen 25-26",
        "Sen 8-8",
        "Sen 8",
        "kapan-kapan 8-17",
        "Sen - 8-17",
        "besok 9",
    ],
)
def test_what_is_no_week_is_not_guessed(typed: str) -> None:
    assert read_week(typed) is None


def test_no_shifts_are_no_words() -> None:
    assert week((), "id") == ""
