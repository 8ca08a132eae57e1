"""Typed values of settings, and how they are shown."""

import pytest

from bot.dialogs.quantities import read_quantity
from bot.moments_text import quantity
from domain.settings import Unit


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("90 menit", Unit.SECONDS, 5400),
        ("1,5 jam", Unit.SECONDS, 5400),
        ("1 jam 30 menit", Unit.SECONDS, 5400),
        ("20", Unit.SECONDS, 1200),
        ("2 days", Unit.SECONDS, 172_800),
        ("45s", Unit.SECONDS, 45),
        ("2 jam", Unit.MINUTES, 120),
        ("150", Unit.METRES, 150),
        ("0,2 km", Unit.METRES, 200),
        ("50 %", Unit.SHARE, 0.5),
        ("150", Unit.SHARE, 1.5),
        ("21.00", Unit.HOUR, 21),
        ("6", Unit.HOUR, 6),
        ("3", Unit.COUNT, 3),
        ("3 hari", Unit.DAYS, 3),
        ("1 jam 30", Unit.SECONDS, None),
        ("lama sekali", Unit.SECONDS, None),
        ("-5 menit", Unit.SECONDS, None),
        ("21.30", Unit.HOUR, None),
        ("25", Unit.HOUR, None),
        ("1e9", Unit.COUNT, None),
        ("", Unit.COUNT, None),
    ],
)
def test_values_are_read_as_people_type_them(text: str, unit: Unit, value: float | None) -> None:
    assert read_quantity(text, unit, 900) == value


@pytest.mark.parametrize(
    ("value", "unit", "language", "shown"),
    [
        (75, Unit.SECONDS, "id", "75 detik"),
        (5400, Unit.SECONDS, "id", "1,5 jam"),
        (604_800, Unit.SECONDS, "en", "7 days"),
        (240, Unit.MINUTES, "en", "4 hours"),
        (150, Unit.METRES, "id", "150 meter"),
        (1.5, Unit.SHARE, "id", "150%"),
        (6, Unit.HOUR, "id", "06.00"),
        (21, Unit.HOUR, "en", "21:00"),
        (3, Unit.COUNT, "id", "3"),
    ],
)
def test_values_are_shown_in_the_unit_people_would_say(
    value: float, unit: Unit, language: str, shown: str
) -> None:
    assert quantity(value, unit, language) == shown
