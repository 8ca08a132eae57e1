"""Messages between a customer's chat and the staff's topic (WORDS 5)."""

from enum import StrEnum

BURST_S = 3.0
"""Words of one customer that follow one another this closely are one relay: a group takes twenty a minute."""
SLICE_LENGTH = 3500
"""Longer words are relayed as several messages: with the name above them they would not fit into one."""
JOINED_LENGTH = 3000
"""Words are joined up to this length."""


class RelayDirection(StrEnum):
    """Which way a message went."""

    TO_STAFF = "to_staff"
    TO_CUSTOMER = "to_customer"
