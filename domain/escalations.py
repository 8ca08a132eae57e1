"""Escalation: the ladder that overdue tasks, tickets and alerts share (DESIGN 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.chat import Thing
from domain.remembered import RememberedUpdate


class EscalationKind(StrEnum):
    """What is overdue; named on the card and in ``/why``."""

    NOT_ACCEPTED = "not_accepted"
    NOT_STARTED = "not_started"
    NOT_FINISHED = "not_finished"
    FIRST_ANSWER = "first_answer"
    SOLUTION = "solution"
    """The clocks of a ticket."""


class Audience(StrEnum):
    """Whom a rung calls; who that is now is looked up when the rung is reached."""

    HOLDER = "holder"
    """Whom the ladder is about: reminded, but unable to silence it (decision 29)."""
    DISPATCHER = "dispatcher"
    """Who assigned it, else the admins on duty (WORDS 1)."""
    EXPERTS = "experts"
    """All of the helpdesk's team_expert."""
    ADMINS = "admins"
    SUPER_ADMINS = "super_admins"


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: whom it calls, how many seconds after the ladder's start."""

    audience: Audience
    after_s: float


class EscalationMove(StrEnum):
    """What a person who was called may answer."""

    ACKNOWLEDGE = "acknowledge"
    """Seen: nobody further is called."""
    TAKE = "take"
    """The caller makes it theirs; nobody further is called."""
    SNOOZE = "snooze"
    """Nobody is called for the given minutes; then the ladder goes on, or calls again who was called last."""


class EscalationStatus(StrEnum):
    """Where a ladder stands."""

    CALLING = "calling"
    SNOOZED = "snoozed"
    ACKNOWLEDGED = "acknowledged"
    TAKEN = "taken"
    ENDED = "ended"


ANSWERS: Mapping[EscalationStatus, tuple[EscalationMove, ...]] = {
    EscalationStatus.CALLING: tuple(EscalationMove),
    EscalationStatus.SNOOZED: tuple(EscalationMove),
    # Somebody saw it; that somebody makes it theirs is still worth knowing.
    EscalationStatus.ACKNOWLEDGED: (EscalationMove.TAKE,),
    EscalationStatus.TAKEN: (),
    EscalationStatus.ENDED: (),
}
"""What may be answered; the card shows exactly these as buttons."""

_STATUS = {
    None: EscalationStatus.CALLING,
    EscalationMove.SNOOZE: EscalationStatus.SNOOZED,
    EscalationMove.ACKNOWLEDGE: EscalationStatus.ACKNOWLEDGED,
    EscalationMove.TAKE: EscalationStatus.TAKEN,
}
SNOOZE_MINUTES = (15, 60)
"""The buttons of a card."""
LONGEST_SNOOZE_MINUTES = 24 * 60


def status_of(answer: EscalationMove | None, *, ended: bool) -> EscalationStatus:
    """Return where a ladder with this answer stands."""
    return EscalationStatus.ENDED if ended else _STATUS[answer]


@dataclass(slots=True)
class EscalationState:
    """Input of the workflow ``escalation`` and all it carries across continue-as-new."""

    owner: Thing
    owner_id: int
    owner_workflow_id: str
    organization_id: int
    kind: EscalationKind
    title: str
    """For the Temporal UI only: type and machine, no personal words."""
    rungs: list[Rung]
    started_at: datetime
    """From when ``after_s`` counts; also what tells one ladder of an owner from its next."""
    urgent: bool = False
    """Passes quiet hours."""
    machine_id: int | None = None
    escalation_id: int | None = None
    """The number of the row; None until the first rung was called."""
    reached: int = 0
    """How many rungs have been called."""
    called: list[int] = field(default_factory=list)
    """Who may answer beside those who manage: everybody called but the holder."""
    hurried: bool = False
    """The present rung reaches nobody, so the next one does not wait."""
    snoozed_until: datetime | None = None
    answered_by: int | None = None
    answered_name: str = ""
    answer: EscalationMove | None = None
    ended: str = ""
    """Why its owner ended it; empty while it runs."""
    moves: int = 0
    history: list[str] = field(default_factory=list)
    remembered: list[RememberedUpdate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EscalationCommand:
    """One answer of a person who was called or who manages the owner (update ``move``)."""

    move: EscalationMove
    actor_id: int
    actor_name: str
    actor_may_manage: bool = False
    minutes: int = 0
    """How long a snooze lasts."""


@dataclass(frozen=True, slots=True)
class EscalationView:
    """What an update on an escalation answers with."""

    owner: Thing
    owner_id: int
    reached: int
    answered_by: int | None
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class RungCall:
    """Input of ``call_rung``: whom to call now. ``version`` is the row's after it."""

    owner: Thing
    owner_id: int
    owner_workflow_id: str
    organization_id: int
    kind: EscalationKind
    started_at: datetime
    audience: Audience
    number: int
    """Which rung, from 1."""
    rungs: int
    urgent: bool
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class RungCalled:
    """Who was called; ``unreachable`` are those of them who cannot be written to."""

    escalation_id: int
    called: list[int]
    unreachable: list[int]


@dataclass(frozen=True, slots=True)
class EscalationRecord:
    """Input of ``record_escalation``: the row after an answer or the end, and what led there."""

    escalation_id: int
    organization_id: int
    source: str
    action: str
    version: int
    at: datetime
    answer: EscalationMove | None = None
    answered_by: int | None = None
    snoozed_until: datetime | None = None
    ended: str = ""
    minutes: int = 0
