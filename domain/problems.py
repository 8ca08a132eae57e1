"""What somebody reports at a machine, with or without an account (issue: reports by QR)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from domain.priorities import Priority


class ProblemKind(StrEnum):
    """The few big choices of a report."""

    FULL = "full"
    WONT_OPEN = "wont_open"
    SCREEN_DARK = "screen_dark"
    BOTTLE_STUCK = "bottle_stuck"
    OTHER = "other"


class ProblemStatus(StrEnum):
    """Where a report stands; the reports that were folded into it stand where it stands."""

    OPEN = "open"
    """A proposal: whatever else is reported at the machine is folded into it."""
    ASSIGNED = "assigned"
    """A task is under way."""
    DISMISSED = "dismissed"
    DONE = "done"


PROPOSED_PRIORITY = {
    ProblemKind.FULL: Priority.MEDIUM,
    ProblemKind.WONT_OPEN: Priority.HIGH,
    ProblemKind.SCREEN_DARK: Priority.HIGH,
    ProblemKind.BOTTLE_STUCK: Priority.MEDIUM,
    ProblemKind.OTHER: Priority.MEDIUM,
}
"""What the repair is proposed with; the dispatcher may change it afterwards."""

DESCRIPTION_LENGTH = 1000
CONTACT_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports, as far as it is known; ``origin`` (an address or an account) is what is counted."""

    origin: str
    language: str
    user_id: int | None = None
    telegram_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """One report as it came in. ``source`` makes a repeat of the same form or message the same report."""

    machine_id: int
    organization_id: int
    kind: ProblemKind
    source: str
    reporter: Reporter
    description: str = ""
    contact: str = ""
    file_id: int | None = None


class Allowance(NamedTuple):
    """How many reports are taken within ``minutes``."""

    reports: int
    minutes: int


PER_ORIGIN = Allowance(10, 10)
PER_MACHINE = Allowance(30, 10)
"""A crowd before one machine is heard; a script is not."""
SAME_MINUTES = 10
"""The same words and photo from the same origin within these count once."""
