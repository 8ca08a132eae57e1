"""Assignments: statuses and moves of WORDS 2, and what crosses a process border about them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.moves import Move, StateMachine, from_each
from domain.priorities import Priority
from domain.remembered import RememberedUpdate
from domain.roles import Permission


class AssignmentStatus(StrEnum):
    """Status of an assignment (seed 002 ``technician_assignments.status``)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskType(StrEnum):
    """What is to be done (seed 002 ``task_type``)."""

    INSTALLATION = "installation"
    MAINTENANCE = "maintenance"
    REPAIR = "repair"
    INSPECTION = "inspection"


WORK_ON_MACHINE = frozenset({TaskType.INSTALLATION, TaskType.MAINTENANCE, TaskType.REPAIR})
"""Task types whose start sets the machine to maintenance (WORDS 2)."""


class AssignmentMove(StrEnum):
    """What may happen to an assignment."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    HAND_BACK = "hand_back"
    WITHDRAW = "withdraw"
    """Taken back by an admin, e.g. from somebody who was suspended; the dispatcher chooses again."""
    START = "start"
    PHOTO = "photo"
    CHECK = "check"
    """Steps of the checklist are answered."""
    COMPLETE = "complete"
    UNDO = "undo"
    """A completion is taken back within its two minutes."""
    SETTLE = "settle"
    """The two minutes have passed: the effects of the completion leave."""
    POSTPONE = "postpone"
    """The holder names a later time, with a reason."""
    RESCHEDULE = "reschedule"
    """The dispatcher names another time."""
    PRIORITIZE = "prioritize"
    """The dispatcher changes the priority; an open offer's deadline follows."""
    CANCEL = "cancel"
    REMIND = "remind"


class HandBackReason(StrEnum):
    """Why a technician hands an accepted task back (WORDS 2)."""

    PART_MISSING = "part_missing"
    NO_ACCESS = "no_access"
    NEED_HELP = "need_help"
    OTHER = "other"


class PostponeReason(StrEnum):
    """Why an accepted task is postponed."""

    CUSTOMER = "customer"
    """The place is closed or asked for another time."""
    TRAFFIC = "traffic"
    PART_MISSING = "part_missing"
    OTHER = "other"


class DeclineReason(StrEnum):
    """Why an offer is declined; ``OTHER`` carries a text."""

    BUSY = "busy"
    TOO_FAR = "too_far"
    OFF_DUTY = "off_duty"
    OTHER = "other"


_S = AssignmentStatus
_M = AssignmentMove
_DO = Permission.DO_ASSIGNMENTS
_MANAGE = Permission.MANAGE_ASSIGNMENTS

ASSIGNMENT: StateMachine[AssignmentStatus, AssignmentMove] = StateMachine(
    "assignment",
    {
        (_S.PENDING, _M.ACCEPT): Move(_S.ACCEPTED, _DO),
        (_S.PENDING, _M.DECLINE): Move(_S.PENDING, _DO),
        (_S.PENDING, _M.REMIND): Move(_S.PENDING, None),
        (_S.PENDING, _M.EXPIRE): Move(_S.PENDING, None),
        (_S.ACCEPTED, _M.START): Move(_S.IN_PROGRESS, _DO),
        (_S.IN_PROGRESS, _M.PHOTO): Move(_S.IN_PROGRESS, _DO),
        (_S.IN_PROGRESS, _M.CHECK): Move(_S.IN_PROGRESS, _DO),
        (_S.IN_PROGRESS, _M.COMPLETE): Move(_S.COMPLETED, _DO),
        (_S.COMPLETED, _M.UNDO): Move(_S.IN_PROGRESS, _DO),
        (_S.COMPLETED, _M.SETTLE): Move(_S.COMPLETED, None),
        (_S.ACCEPTED, _M.POSTPONE): Move(_S.ACCEPTED, _DO),
        (_S.PENDING, _M.RESCHEDULE): Move(_S.PENDING, _MANAGE),
        (_S.ACCEPTED, _M.RESCHEDULE): Move(_S.ACCEPTED, _MANAGE),
        (_S.PENDING, _M.PRIORITIZE): Move(_S.PENDING, _MANAGE),
        (_S.ACCEPTED, _M.PRIORITIZE): Move(_S.ACCEPTED, _MANAGE),
        (_S.IN_PROGRESS, _M.PRIORITIZE): Move(_S.IN_PROGRESS, _MANAGE),
        **from_each((_S.ACCEPTED, _S.IN_PROGRESS), _M.HAND_BACK, _S.PENDING, _DO),
        **from_each((_S.PENDING, _S.ACCEPTED, _S.IN_PROGRESS), _M.OFFER, _S.PENDING, _MANAGE),
        **from_each((_S.PENDING, _S.ACCEPTED, _S.IN_PROGRESS), _M.WITHDRAW, _S.PENDING, _MANAGE),
        **from_each((_S.PENDING, _S.ACCEPTED, _S.IN_PROGRESS), _M.CANCEL, _S.CANCELLED, _MANAGE),
    },
)

OPEN_STATUSES = frozenset({_S.PENDING, _S.ACCEPTED, _S.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class AssignmentPolicy:
    """The waits of one assignment, frozen from WORDS 6 when it starts; seconds."""

    offer_stands_s: float


@dataclass(slots=True)
class AssignmentState:
    """Input of the workflow ``task-assignment`` and all it carries across continue-as-new.

    The same shape starts a new assignment, continues one and repairs one from its row.
    """

    assignment_id: int
    organization_id: int
    machine_id: int
    machine_uuid: UUID
    machine_name: str
    assigned_by: int
    task_type: TaskType
    priority: Priority
    scheduled_date: datetime
    policy: AssignmentPolicy
    assigned_to: int | None = None
    assignee_name: str = ""
    description: str = ""
    expected_minutes: int = 60
    onboarding_id: str | None = None
    """The onboarding that waits for this installation."""
    status: AssignmentStatus = AssignmentStatus.PENDING
    holder: int | None = None
    """Who accepted; None while nobody holds it."""
    created: bool = False
    """Whether the row has been written."""
    photos: int = 0
    offer_no: int = 1
    """Counts offers; an accept for an earlier offer still counts while the same person is asked."""
    offer_due_at: datetime | None = None
    reminded: bool = False
    moves: int = 0
    history: list[str] = field(default_factory=list)
    remembered: list[RememberedUpdate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AssignmentCommand:
    """One move on an assignment by a person (update ``move``): the same verb from chat and REST.

    ``note`` holds completion notes or a reason in words; ``reason`` the code of a decline or hand-back,
    or why a failing self-test is overridden; ``assigned_to`` whom an ``offer`` goes to; ``file_ids`` photos.
    """

    move: AssignmentMove
    actor_id: int
    actor_name: str
    actor_may_manage: bool = False
    note: str = ""
    reason: str = ""
    assigned_to: int | None = None
    assignee_name: str = ""
    file_ids: list[int] = field(default_factory=list)
    latitude: float | None = None
    longitude: float | None = None
    scheduled_date: datetime | None = None
    """The new time of a ``postpone`` or ``reschedule``, aware and in the future."""


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """What an update on an assignment answers with."""

    assignment_id: int
    status: AssignmentStatus
    holder: int | None
    assigned_to: int | None
    machine_name: str
    photos: int = 0


@dataclass(frozen=True, slots=True)
class InstallationDone:
    """Signal to the onboarding: its installation reached an end."""

    assignment_id: int
    completed: bool
    override_reason: str = ""


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
    offer_due_at: datetime | None
    version: int


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
    former_assignee: int | None = None
    """Who was asked or held it before, when that person must be told."""
