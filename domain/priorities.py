"""Business priority and what it means to Temporal."""

from enum import StrEnum

from temporalio.common import Priority as TemporalPriority


class Priority(StrEnum):
    """Priority of an assignment (seed 002) or a ticket (seed 003)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


_KEYS = {Priority.URGENT: 1, Priority.HIGH: 2, Priority.MEDIUM: 3, Priority.LOW: 4}


def temporal_priority(priority: Priority, organization_id: int) -> TemporalPriority:
    """Return Temporal's priority: urgent = 1, fair between organizations (DESIGN 4)."""
    return TemporalPriority(priority_key=_KEYS[priority], fairness_key=str(organization_id))
