"""Handshake: binding a physical box to the edge identity that was issued for it (seed 000, step 2)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.remembered import RememberedUpdate


class HandshakeState(StrEnum):
    """Where a handshake stands."""

    UNBOUND = "unbound"
    PENDING = "pending"
    """A conflict waits for an admin's "replace device"; the box is told to come back."""
    BOUND = "bound"
    REFUSED = "refused"


class ConflictKind(StrEnum):
    """Why a handshake waits (DESIGN 5)."""

    HARDWARE_ELSEWHERE = "hardware_elsewhere"
    """The same hardware is bound to another machine."""
    OTHER_HARDWARE = "other_hardware"
    """Another hardware is bound to this machine."""


@dataclass(frozen=True, slots=True)
class PresentedHardware:
    """Update ``present``: what the box said. ``config`` is the ``hardware_config`` of seed 000."""

    hardware_id: str
    config: dict[str, Any]
    processor_type: str = ""
    ip_address_local: str | None = None
    ip_address_vpn: str | None = None
    version: str = ""


@dataclass(slots=True)
class HandshakeInput:
    """Input of the workflow ``device-handshake`` and all it carries."""

    edge_server_id: int
    edge_id: str
    organization_id: int
    machine_id: int | None
    machine_uuid: UUID | None
    machine_name: str
    state: HandshakeState = HandshakeState.UNBOUND
    presented: PresentedHardware | None = None
    conflict: ConflictKind | None = None
    conflict_with: str = ""
    """Name of the machine that holds the hardware, for the admin's card."""
    pending_s: float = 604_800.0
    """How long a conflict waits for an admin, seconds."""
    refused_s: float = 86_400.0
    """How long a refusal is repeated to the box before a new conflict may be opened, seconds."""
    ends_at: datetime | None = None
    """When the present wait is over: an admin's for a conflict, the box's for a refusal."""
    moves: int = 0
    history: list[str] = field(default_factory=list)
    remembered: list[RememberedUpdate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HandshakeAnswer:
    """What the box is told. ``PENDING`` becomes HTTP 202 with Retry-After, ``REFUSED`` 409."""

    state: HandshakeState
    edge_id: str
    conflict: ConflictKind | None = None
    bound_at: datetime | None = None


class HandshakeMove(StrEnum):
    """What an admin may answer to a conflict."""

    REPLACE = "replace"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class HandshakeCommand:
    """An admin's answer to a conflict (update ``move``)."""

    move: HandshakeMove
    actor_id: int
    actor_name: str


@dataclass(frozen=True, slots=True)
class BindDevice:
    """Input of ``bind_device``; ``replace`` carries an admin's decision."""

    edge_server_id: int
    organization_id: int
    machine_id: int | None
    hardware: PresentedHardware
    source: str
    at: datetime
    replace: bool = False
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class BindResult:
    """What binding led to: bound, or which conflict stands in the way and with whom."""

    bound: bool
    conflict: ConflictKind | None = None
    conflict_with: str = ""
    replaced: bool = False
    """Whether another hardware gave way."""


@dataclass(frozen=True, slots=True)
class ConflictRecord:
    """Input of ``record_conflict``: a conflict appeared (``conflict`` set) or was answered (None)."""

    edge_server_id: int
    organization_id: int
    source: str
    action: str
    at: datetime
    hardware_id: str
    conflict: ConflictKind | None = None
    conflict_with: str = ""
    actor_id: int | None = None
    cause: str = ""
