"""Access to a machine: where a right to enter comes from (WORDS 4, seed 000 pivot)."""

from enum import StrEnum


class GrantSource(StrEnum):
    """Where a grant comes from."""

    MANUAL = "manual"
    """Given by hand (``/grant``)."""
    ASSIGNMENT = "assignment"
    """Given by an accepted assignment, withdrawn at its end."""
