"""What a box's spool hands over with a beat."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SpoolEntry:
    """One line of a box's spool; ``data`` is JSON text that PostgreSQL takes."""

    sequence: int
    kind: str
    at: datetime
    data: str
