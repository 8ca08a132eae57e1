"""Machines: status and connection, and what the workflow ``machine`` hears and keeps."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.moves import Move, StateMachine, from_each
from domain.remembered import RememberedUpdate
from domain.roles import Permission


class MachineStatus(StrEnum):
    """Operational status (seed 000 ``rvm_machines.status``)."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    INACTIVE = "inactive"
    FULL = "full"


class Connection(StrEnum):
    """Whether the box is heard (WORDS 2)."""

    WAITING = "waiting"
    ONLINE = "online"
    OFFLINE = "offline"


class MachineMove(StrEnum):
    """What may happen to a machine's status."""

    COMMISSION = "commission"
    BEGIN_WORK = "begin_work"
    END_WORK = "end_work"
    FILL = "fill"
    EMPTY = "empty"
    RETIRE = "retire"


MACHINE: StateMachine[MachineStatus, MachineMove] = StateMachine(
    "machine",
    {
        (MachineStatus.INACTIVE, MachineMove.COMMISSION): Move(MachineStatus.ACTIVE, None),
        (MachineStatus.ACTIVE, MachineMove.BEGIN_WORK): Move(MachineStatus.MAINTENANCE, None),
        (MachineStatus.FULL, MachineMove.BEGIN_WORK): Move(MachineStatus.MAINTENANCE, None),
        (MachineStatus.MAINTENANCE, MachineMove.END_WORK): Move(MachineStatus.ACTIVE, None),
        (MachineStatus.ACTIVE, MachineMove.FILL): Move(MachineStatus.FULL, Permission.SEE_MACHINES),
        (MachineStatus.FULL, MachineMove.EMPTY): Move(MachineStatus.ACTIVE, Permission.SEE_MACHINES),
        **from_each(
            (MachineStatus.ACTIVE, MachineStatus.MAINTENANCE, MachineStatus.FULL, MachineStatus.INACTIVE),
            MachineMove.RETIRE,
            MachineStatus.INACTIVE,
            Permission.REGISTER_MACHINE,
        ),
    },
)


class ConnectionMove(StrEnum):
    """What may happen to a connection."""

    CONNECT = "connect"
    LOSE = "lose"


CONNECTION: StateMachine[Connection, ConnectionMove] = StateMachine(
    "connection",
    {
        (Connection.WAITING, ConnectionMove.CONNECT): Move(Connection.ONLINE, None),
        (Connection.OFFLINE, ConnectionMove.CONNECT): Move(Connection.ONLINE, None),
        (Connection.ONLINE, ConnectionMove.LOSE): Move(Connection.OFFLINE, None),
    },
)


@dataclass(frozen=True, slots=True)
class MachinePolicy:
    """What MachineLife needs of WORDS 6, as it was when the last outage began; times in seconds."""

    flap_changes: int = 3
    flap_window_s: float = 600.0
    outage_alert_s: float = 900.0
    outage_proposal_s: float = 14_400.0


@dataclass(slots=True)
class MachineState:
    """Everything the workflow ``machine`` carries across continue-as-new."""

    machine_id: int
    machine_uuid: UUID
    organization_id: int
    name: str
    edge_id: str
    status: MachineStatus = MachineStatus.INACTIVE
    connection: Connection = Connection.WAITING
    since: datetime | None = None
    last_beat_at: datetime | None = None
    changes: list[datetime] = field(default_factory=list)
    """When the connection changed inside the flapping window."""
    unstable: bool = False
    alerted: bool = False
    proposed: bool = False
    work: list[int] = field(default_factory=list)
    """Assignments that hold the machine in maintenance."""
    retired: bool = False
    moves: int = 0
    """Running number of written moves: the idempotency key of the row's events."""
    history: list[str] = field(default_factory=list)
    """The last five moves, for the current details."""
    remembered: list[RememberedUpdate] = field(default_factory=list)
    policy: MachinePolicy = field(default_factory=MachinePolicy)


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """Signal from fleet-watch: the evidence, never a verdict older than what the workflow knows."""

    connection: Connection
    last_beat_at: datetime


@dataclass(frozen=True, slots=True)
class WorkSeen:
    """Signal from an assignment: work on the machine began or ended."""

    assignment_id: int
    working: bool


@dataclass(frozen=True, slots=True)
class Commissioned:
    """Signal from onboarding: the machine goes into service."""

    onboarding_id: str


@dataclass(frozen=True, slots=True)
class DeviceBound:
    """Signal from a handshake: a device is bound (first time or as replacement)."""

    edge_id: str
    hardware_id: str
    at: datetime
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class MachineCommand:
    """An admin's move on a machine (update)."""

    actor_id: int
    move: MachineMove
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MachineView:
    """What an update on a machine answers with."""

    machine_id: int
    name: str
    status: MachineStatus
    connection: Connection


@dataclass(frozen=True, slots=True)
class MachineRecord:
    """Input of ``record_machine_move``: the row after the move and why; ``source`` makes a repeat a no-op."""

    machine_id: int
    organization_id: int
    source: str
    action: str
    status: MachineStatus
    connection: Connection
    connection_since: datetime | None
    unstable: bool
    at: datetime
    from_status: str = ""
    to_status: str = ""
    retired: bool = False
    actor_id: int | None = None
    cause: str = ""
    reason: str = ""
    notice: str = ""
    """Template of the notice that the organization's admins get, if any."""
