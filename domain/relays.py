"""Messages between a customer's chat and the staff's topic (WORDS 5)."""

from enum import StrEnum


class RelayDirection(StrEnum):
    """Which way a message went."""

    TO_STAFF = "to_staff"
    TO_CUSTOMER = "to_customer"
