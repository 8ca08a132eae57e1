"""What the workflow of an assignment writes through its activities: the row, the event, the offers."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.arrivals import Arrival, ArrivalPolicy, Proof
from domain.assignments import AssignmentMove, AssignmentStatus, TaskType
from domain.checklists import ChecklistAnswer, ChecklistItem
from domain.offers import OfferMode, OfferOutcome
from domain.priorities import Priority


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """The projection of an assignment's state: what the row shall say after a move."""

    assignment_id: int
    organization_id: int
    machine_id: int
    assigned_by: int
    assigned_to: int | None
    task_type: TaskType
    priority: Priority
    status: AssignmentStatus
    scheduled_date: datetime
    expected_minutes: int
    description: str
    offer_mode: OfferMode
    offer_due_at: datetime | None
    undo_until: datetime | None
    version: int
    arrival_radius_m: int | None = None
    parent_assignment_id: int | None = None


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What becomes of asking one person in one round."""

    user_id: int
    offer_no: int
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """Input of ``record_assignment_move``: the row after the move and the event that led there.

    ``source`` is the update id or the timer's name: writing the same one twice changes nothing.
    """

    row: AssignmentRow
    source: str
    move: AssignmentMove
    from_status: AssignmentStatus | None
    at: datetime
    actor_id: int | None = None
    cause: str = ""
    reason: str = ""
    note: str = ""
    file_ids: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    """Who may accept after the move."""
    former: list[int] = field(default_factory=list)
    """Who was asked or held it before and is not any more."""
    offers: list[OfferChange] = field(default_factory=list)
    answers: list[ChecklistAnswer] | None = None
    """All answers to the checklist, when the move changes them."""
    settles: bool = False
    """Whether the effects of a completion leave with this move."""
    former_date: datetime | None = None
    """The time it was scheduled for, when the move names another."""
    former_priority: Priority | None = None
    """The priority it had, when the move changes it."""


@dataclass(frozen=True, slots=True)
class WorkStart:
    """Input of ``record_start``: the move, what the technician shows, and the distances that hold."""

    record: AssignmentRecord
    proof: Proof | None
    policy: ArrivalPolicy


@dataclass(frozen=True, slots=True)
class WorkBegun:
    """What a start came to: the judged arrival, and the checklist as it is today."""

    arrival: Arrival
    checklist: list[ChecklistItem]


@dataclass(frozen=True, slots=True)
class OfferOrder:
    """Input of ``offer_terms``: who is going to be asked, at which priority, from when on."""

    organization_id: int
    user_ids: list[int]
    priority: Priority
    at: datetime


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """How long an offer of this priority stands, in seconds, and when this one is over."""

    stands_s: float
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FollowUpOrder:
    """Input of ``follow_up_state``: the failed critical steps of a task, which ask for a repair."""

    assignment_id: int
    machine_id: int
    assigned_by: int
    failed: list[ChecklistItem]
    answers: list[ChecklistAnswer]
    at: datetime
