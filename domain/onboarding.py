"""Onboarding of a machine: the order of the real world (WORDS 3)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.edge import SelfTestReport
from domain.remembered import RememberedUpdate


class OnboardingStep(StrEnum):
    """Where an onboarding stands (column ``rvm_machines.onboarding_step``)."""

    REGISTERED = "registered"
    WAITING_HANDSHAKE = "waiting_handshake"
    TESTING = "testing"
    TEST_FAILED = "test_failed"
    ONLINE = "online"
    COMMISSIONED = "commissioned"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN_STEPS = frozenset(OnboardingStep) - {OnboardingStep.COMMISSIONED, OnboardingStep.CANCELLED}
"""An expired key does not end an onboarding: it waits for a new key or for its cancelling."""


@dataclass(frozen=True, slots=True)
class OnboardingPolicy:
    """Waits of WORDS 6, seconds."""

    remind_after_s: float = 86_400.0
    key_expires_s: float = 604_800.0


@dataclass(frozen=True, slots=True)
class MachineDetails:
    """What an admin enters for a new machine (WORDS 3); position in degrees WGS 84, capacity in items."""

    name: str
    latitude: float
    longitude: float
    address: str = ""
    serial_number: str = ""
    capacity: int | None = None


@dataclass(slots=True)
class OnboardingState:
    """Input of the workflow ``machine-onboarding`` and all it carries."""

    machine_uuid: UUID
    organization_id: int
    registered_by: int
    registered_by_name: str
    machine: MachineDetails
    installer_id: int | None = None
    installer_name: str = ""
    installation_at: datetime | None = None
    policy: OnboardingPolicy = field(default_factory=OnboardingPolicy)
    step: OnboardingStep = OnboardingStep.REGISTERED
    machine_id: int | None = None
    edge_id: str = ""
    key_handoff: UUID | None = None
    assignment_id: int | None = None
    key_issued_at: datetime | None = None
    hardware_id: str = ""
    report: SelfTestReport | None = None
    tests: int = 0
    """How many self-tests have run."""
    retest: bool = False
    """Somebody asked for a self-test, or another box was bound."""
    installed: bool = False
    commissioned_by: int | None = None
    """Who put it into service by hand."""
    cancelled_by: int | None = None
    cancelled: bool = False
    override_reason: str = ""
    moves: int = 0
    history: list[str] = field(default_factory=list)
    remembered: list[RememberedUpdate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RegisteredMachine:
    """What registering wrote: ids and the hand-off from which the key can be shown once."""

    machine_id: int
    edge_id: str
    key_handoff: UUID


@dataclass(frozen=True, slots=True)
class OnboardingView:
    """What the updates of an onboarding answer with."""

    machine_id: int
    machine_uuid: UUID
    edge_id: str
    step: OnboardingStep
    key_handoff: UUID | None
    assignment_id: int | None


class OnboardingMove(StrEnum):
    """What a person may ask of an onboarding."""

    REISSUE_KEY = "reissue_key"
    RETEST = "retest"
    CANCEL = "cancel"
    COMMISSION = "commission"
    """Put into service by hand: for a self-install without an assignment."""


@dataclass(frozen=True, slots=True)
class OnboardingCommand:
    """One move on an onboarding by a person (update ``move``)."""

    move: OnboardingMove
    actor_id: int
    actor_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RegisterMachine:
    """Input of ``register_machine``."""

    machine_uuid: UUID
    organization_id: int
    registered_by: int
    machine: MachineDetails
    at: datetime


@dataclass(frozen=True, slots=True)
class OnboardingRecord:
    """Input of ``record_onboarding_step``: the step reached, why and by whom.

    ``source`` makes a repeat a no-op.
    """

    machine_id: int
    organization_id: int
    registered_by: int
    source: str
    action: str
    from_step: OnboardingStep
    step: OnboardingStep
    at: datetime
    version: int
    actor_id: int | None = None
    cause: str = ""
    reason: str = ""
    report: SelfTestReport | None = None
    installer_id: int | None = None
    notice: str = ""
    """Template of the notice the admin gets, if any."""


@dataclass(frozen=True, slots=True)
class ReissueKey:
    """Input of ``reissue_key``: a new key and setup code; the former key stops at once."""

    machine_id: int
    organization_id: int
    source: str
    at: datetime
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class InstallationOrder:
    """Input of ``installation_state``: what the installation assignment of an onboarding starts from."""

    onboarding_id: str
    machine_id: int
    machine_uuid: UUID
    machine_name: str
    organization_id: int
    assigned_by: int
    assigned_to: int
    assignee_name: str
    scheduled_date: datetime


ALLOWED_AT: dict[OnboardingMove, frozenset[OnboardingStep]] = {
    OnboardingMove.REISSUE_KEY: frozenset(
        {OnboardingStep.REGISTERED, OnboardingStep.WAITING_HANDSHAKE, OnboardingStep.EXPIRED}
    ),
    OnboardingMove.RETEST: frozenset({OnboardingStep.TEST_FAILED, OnboardingStep.ONLINE}),
    OnboardingMove.COMMISSION: frozenset({OnboardingStep.ONLINE}),
    OnboardingMove.CANCEL: OPEN_STEPS,
}
"""When a person may ask for which move; keyboards and the validator read it."""


def allowed(step: OnboardingStep, move: OnboardingMove) -> bool:
    """Return whether the move may be asked for at this step."""
    return step in ALLOWED_AT[move]
