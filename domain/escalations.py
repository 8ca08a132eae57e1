"""Escalation: the ladder that overdue tasks, tickets and alerts share (DESIGN 5)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.chat import Thing
from domain.remembered import RememberedUpdate


class EscalationKind(StrEnum):
    """What is overdue; names the notice ``escalation_<kind>`` and the words of ``/why``."""

    NOT_ACCEPTED = "not_accepted"
    NOT_STARTED = "not_started"
    NOT_FINISHED = "not_finished"
    FIRST_ANSWER = "first_answer"
    SOLUTION = "solution"
    """The clocks of a ticket."""


class Audience(StrEnum):
    """Whom a rung calls; who that is now is looked up when the rung is reached."""

    HOLDER = "holder"
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
    """The next rung waits for the given minutes."""


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
    reached: int = 0
    """How many rungs have been called."""
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
    """One answer of a person who was called (update ``move``)."""

    move: EscalationMove
    actor_id: int
    actor_name: str
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
