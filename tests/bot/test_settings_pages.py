"""Buttons of ``/settings`` carry a key and a value in 64 bytes."""

from bot.callbacks import CallbackSigner, Tap
from bot.settings_pages import ABOUT, written
from domain.notices import ADJUSTABLE
from domain.settings import TABLE, suggestions

MANY = 36**4 - 1
"""The number of an organization that comes after 1.6 million others."""


def test_every_setting_and_message_fits_into_a_button() -> None:
    signer = CallbackSigner("secret")
    values = [(row.key, written(value)) for row in TABLE for value in suggestions(row, row.highest)]

    for key, value in values:
        assert signer.encode(Tap(ABOUT, "set", MANY, 0, (key, value)), 9002)
        assert float(value) == float(written(float(value)))
    for name in ADJUSTABLE:
        assert signer.encode(Tap(ABOUT, "loud", MANY, 0, (name, "silent")), 9002)
