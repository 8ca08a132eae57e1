"""Assignments: statuses and moves of WORDS 2, and what crosses a process border about them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.arrivals import ArrivalPolicy, Proof
from domain.checklists import ChecklistAnswer, ChecklistItem
from domain.escalations import EscalationKind
from domain.moves import Move, StateMachine, from_each
from domain.offers import Candidate, Offer, OfferMode
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
HELD_STATUSES = frozenset({_S.ACCEPTED, _S.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class OverduePolicy:
    """When somebody is called about a late task (WORDS 6): seconds after its time, and a share of its length.

    A start is late from ``scheduled_date`` on, a finish from ``finish_share`` times the expected minutes on.
    """

    start_remind_s: float = 900.0
    start_dispatcher_s: float = 2700.0
    start_admins_s: float = 7200.0
    finish_share: float = 1.5
    finish_dispatcher_s: float = 1800.0
    finish_admins_s: float = 7200.0


@dataclass(frozen=True, slots=True)
class AssignmentPolicy:
    """The waits and distances of one assignment, frozen from WORDS 6 when it starts; seconds and metres."""

    offer_stands_s: float
    undo_s: float = 120.0
    """How long a completion can be undone; 0: its effects leave at once."""
    arrival: ArrivalPolicy = field(default_factory=ArrivalPolicy)
    overdue: OverduePolicy = field(default_factory=OverduePolicy)


@dataclass(slots=True)
class AssignmentState:
    """Input of the workflow ``task-assignment`` and all it carries across continue-as-new.

    The same shape starts a new assignment, continues one and repairs one from its row. Who may accept is
    ``asked``, who comes next is ``waiting``, who accepted is ``holder``: nothing else says whose it is.
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
    asked: list[Candidate] = field(default_factory=list)
    """Who may accept now."""
    waiting: list[Candidate] = field(default_factory=list)
    """Who is asked next, in this order (mode ``one``)."""
    mode: OfferMode = OfferMode.ONE
    description: str = ""
    expected_minutes: int = 60
    arrival_radius_m: int | None = None
    """The task's own radius; None: the organization's."""
    parent_assignment_id: int | None = None
    """The task whose failed step asked for this one."""
    onboarding_id: str | None = None
    """The onboarding that waits for this installation."""
    status: AssignmentStatus = AssignmentStatus.PENDING
    holder: int | None = None
    """Who accepted; None while nobody holds it."""
    holder_name: str = ""
    created: bool = False
    """Whether the row has been written."""
    photos: list[int] = field(default_factory=list)
    """Files, in the order they came."""
    offer_no: int = 1
    """Counts rounds of asking: one for each time the dispatcher chooses."""
    offer_due_at: datetime | None = None
    reminded: bool = False
    since: datetime | None = None
    """From when the present status is late after a while: nobody asked, accepted, or in progress."""
    started_at: datetime | None = None
    ladder: EscalationKind | None = None
    """The ladder that calls about this task's delay; None while none runs."""
    checklist: list[ChecklistItem] = field(default_factory=list)
    """The steps as they were when work started."""
    answers: list[ChecklistAnswer] = field(default_factory=list)
    """The last answer to each answered step."""
    undo_until: datetime | None = None
    settled: bool = False
    """Whether the effects of the completion have left."""
    override_reason: str = ""
    """Why an installation was completed although its self-test fails."""
    moves: int = 0
    history: list[str] = field(default_factory=list)
    remembered: list[RememberedUpdate] = field(default_factory=list)

    @property
    def assigned_to(self) -> int | None:
        """Who holds it, else the only one who is asked; None while several are asked, or nobody."""
        if self.holder is not None:
            return self.holder
        return self.asked[0].user_id if len(self.asked) == 1 else None

    @property
    def owner_names(self) -> str:
        """The names of who holds it or is asked; empty while the dispatcher chooses."""
        return self.holder_name or ", ".join(one.name for one in self.asked)


@dataclass(frozen=True, slots=True)
class AssignmentCommand:
    """One move on an assignment by a person (update ``move``): the same verb from chat and REST.

    ``note`` holds completion notes or a reason in words; ``reason`` the code of a decline, hand-back or
    postponement, why there is no proof of arrival, or why a failing self-test is overridden.
    """

    move: AssignmentMove
    actor_id: int
    actor_name: str
    actor_may_manage: bool = False
    note: str = ""
    reason: str = ""
    offer: Offer | None = None
    """Whom an ``offer`` goes to, and in which manner."""
    file_ids: list[int] = field(default_factory=list)
    """Photos."""
    proof: Proof | None = None
    """What a ``start`` shows of the arrival; None: nothing, which needs a reason."""
    answers: list[ChecklistAnswer] = field(default_factory=list)
    """What a ``check`` answers; a photo among them counts as one of the task's photos."""
    scheduled_date: datetime | None = None
    """The new time of a ``postpone`` or ``reschedule``, aware and in the future."""
    priority: Priority | None = None
    """The new priority of a ``prioritize``."""
    withdrawn: int | None = None
    """Whom a ``withdraw`` takes it from; None: from whoever is asked or holds it."""


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """What an update on an assignment answers with."""

    assignment_id: int
    status: AssignmentStatus
    holder: int | None
    assigned_to: int | None
    machine_name: str
    photos: int = 0
    steps_open: int = 0
    """How many steps of the checklist have no answer."""
    undo_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class InstallationDone:
    """Signal to the onboarding: its installation reached an end."""

    assignment_id: int
    completed: bool
    override_reason: str = ""
