"""Canned answers are filled from the ticket."""

import pytest

from domain.canned import filled

VALUES = {"customer": "Sari", "number": "PD-000001", "pharmacy": "Apotek [me]", "me": "Rina"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Halo [pelanggan], saya [saya].", "Halo Sari, saya Rina."),
        ("[Number] of [PHARMACY]", "PD-000001 of Apotek [me]"),
        ("Menu [Bantuan] tetap, [] juga", "Menu [Bantuan] tetap, [] juga"),
    ],
)
def test_what_stands_in_brackets_is_filled(text: str, expected: str) -> None:
    assert filled(text, VALUES) == expected
