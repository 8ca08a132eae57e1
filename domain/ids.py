"""Workflow ids are business keys, update ids come from the source (DESIGN 3.4 and 4)."""

import hashlib
from uuid import UUID, uuid5

_SPACE = UUID("5a1a6a00-0000-5000-8000-000000000000")


def onboarding_id(machine_uuid: UUID) -> str:
    """Return the id of a machine's onboarding."""
    return f"onboarding-{machine_uuid}"


def handshake_id(edge_id: str) -> str:
    """Return the id of a box's handshake; a machine's box has the machine's uuid as its edge id."""
    return f"handshake-{edge_id}"


def machine_id(machine_uuid: UUID) -> str:
    """Return the id of a machine's entity workflow."""
    return f"machine-{machine_uuid}"


def assignment_id(assignment: int) -> str:
    """Return the id of an assignment's workflow."""
    return f"assignment-{assignment}"


def ticket_id(number: str) -> str:
    """Return the id of a ticket's workflow, by the number people say: ``ticket-PD-000123``."""
    return f"ticket-{number}"


def ticket_number(number: int) -> str:
    """Return a reserved number as people say it."""
    return f"PD-{number:06d}"


def escalation_id(owner_workflow_id: str) -> str:
    """Return the id of the ladder that an owner may have running: one at a time."""
    return f"{owner_workflow_id}-escalation"


def plan_id(plan: int) -> str:
    """Return the id of a maintenance plan's Schedule; its runs' ids begin with it."""
    return f"plan-{plan}"


def fleet_watch_id(shard: int) -> str:
    """Return the id of the watch over one shard of machines."""
    return f"fleet-watch-{shard}"


def telegram_source(update_id: int) -> str:
    """Return the update id of a chat move."""
    return f"tg-{update_id}"


def http_source(principal: str, route: str, key: str) -> str:
    """Return the update id of an API move: a hash of who, where and the Idempotency-Key."""
    digest = hashlib.sha256(f"{principal}\n{route}\n{key}".encode()).hexdigest()
    return f"http-{digest[:32]}"


def edge_source(edge_id: str, sequence: int | str) -> str:
    """Return the update id of a device's message."""
    return f"edge-{edge_id}-{sequence}"


def uuid_from_source(source: str) -> UUID:
    """Return the uuid that a repeated request gets again."""
    return uuid5(_SPACE, source)
