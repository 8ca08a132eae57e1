"""Assignments as JSON."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from domain.arrivals import ArrivalMethod, ArrivalOutcome
from domain.assignments import AssignmentStatus, DeclineReason, HandBackReason, PostponeReason, TaskType
from domain.checklists import CheckOutcome, ItemKind
from domain.offers import OfferMode, OfferOutcome
from domain.priorities import Priority
from webhooks.inputs import Identity, Input, Latitude, Line, Longitude, LongText, Moment, Output


class OfferTo(StrEnum):
    """Whom a task goes to."""

    PERSON = "person"
    LIST = "list"
    ACCESS = "access"


class Offered(Input):
    """Whom a task goes to: one person, a list of them, or everybody with access to the machine."""

    offer_to: OfferTo | None = Field(default=None, description="Follows from what else is given.")
    assigned_to: Identity | None = Field(default=None, examples=[4], description="The person.")
    user_ids: list[Identity] = Field(default=[], max_length=50, description="The list, in order.")
    offer_mode: OfferMode = Field(
        default=OfferMode.POOL,
        description="`pool`: all at once, the first accept wins; `one`: one after the other.",
    )

    @property
    def names_people(self) -> bool:
        """Whether the request says whom to ask."""
        return self.offer_to is not None or self.assigned_to is not None or bool(self.user_ids)


class AssignmentIn(Offered):
    """A task at a machine; offered to nobody, the dispatcher chooses later."""

    rvm_machine_id: Identity = Field(examples=[1])
    task_type: TaskType = Field(examples=["maintenance"])
    priority: Priority = Priority.MEDIUM
    scheduled_date: Moment = Field(examples=["2027-01-12T09:00:00+07:00"])
    description: LongText = ""
    expected_minutes: int | None = Field(default=None, ge=1, le=10_000)
    arrival_radius_m: int | None = Field(default=None, ge=10, le=100_000)


class AssignmentChange(Offered):
    """One verb a request: offer it, ``status`` ``cancelled``, another time, or another priority."""

    status: AssignmentStatus | None = Field(default=None, examples=["cancelled"])
    scheduled_date: Moment | None = Field(default=None, examples=["2027-01-12T09:00:00+07:00"])
    priority: Priority | None = None
    reason: Line = ""


class StartIn(Input):
    """How the technician shows that they are there; without a proof a reason is needed (WORDS 5).

    ``qr`` needs the ``machine_uuid`` that the machine's code shows; ``live`` and ``point`` a position, with
    its accuracy in metres and when it was true.
    """

    method: ArrivalMethod = ArrivalMethod.NONE
    machine_uuid: UUID | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)
    at: Moment | None = Field(default=None, description="When the position was true; now by default.")
    reason: Line = ""


class AnswerIn(Input):
    """What was found at one step; a number's outcome follows from its limits."""

    code: Line = Field(examples=["power"])
    outcome: CheckOutcome = CheckOutcome.OK
    number: float | None = Field(default=None, allow_inf_nan=False)
    text: LongText = ""
    file_id: Identity | None = Field(default=None, description="A photo that the caller uploaded.")


class CheckIn(Input):
    """Answers to the checklist; ``all_ok`` ticks every step that is still open and is only a tick."""

    answers: list[AnswerIn] = Field(default=[], max_length=100)
    all_ok: bool = False


class PostponeIn(Input):
    """Another time, and why."""

    scheduled_date: Moment = Field(examples=["2027-01-12T09:00:00+07:00"])
    reason: PostponeReason
    note: LongText = ""


class CompleteIn(Input):
    """What was done; ``override_reason`` completes an installation although its self-test fails (WORDS 3)."""

    completion_notes: LongText = Field(default="", examples=["Belt replaced."])
    override_reason: Line = ""


class DeclineIn(Input):
    """Why not."""

    reason: DeclineReason
    note: LongText = ""


class HandBackIn(Input):
    """Why an accepted task is given back."""

    reason: HandBackReason
    note: LongText = ""


class AssignmentViewOut(Output):
    """An assignment after a move."""

    assignment_id: int
    status: AssignmentStatus
    holder: int | None
    assigned_to: int | None
    machine_name: str
    photos: int
    steps_open: int
    undo_until: datetime | None = Field(description="Until when a completion can be undone.")


class ArrivalOut(Output):
    """How the technician showed that they are there; ``distance_m`` is to the machine."""

    method: ArrivalMethod
    outcome: ArrivalOutcome
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    distance_m: float | None
    reason: str


class OfferOut(Output):
    """One person who was asked; the people of a round share ``offer_no``."""

    user_id: int
    name: str
    offer_no: int
    offered_at: datetime
    answered_at: datetime | None
    outcome: OfferOutcome


class StepOut(Output):
    """A step of a checklist, as it was when work began."""

    code: str
    label_id: str
    label_en: str
    kind: ItemKind
    critical: bool
    minimum: float | None
    maximum: float | None
    unit: str


class AnswerOut(Output):
    """The last answer to a step."""

    code: str
    outcome: CheckOutcome
    number: float | None
    text: str
    file_id: int | None
    at: datetime | None


class PhotoOut(Output):
    """A photo that was taken in."""

    assignment: AssignmentViewOut
    file_id: int
    url: str


class AssignmentOut(Output):
    """An assignment (seed 002 ``technician_assignments``); ``photos`` are URLs."""

    id: int
    organization_id: int
    rvm_machine_id: int
    machine_uuid: UUID
    machine_name: str
    machine_address: str | None
    latitude: float
    longitude: float
    assigned_by: int
    assigned_by_name: str
    assigned_to: int | None
    assigned_to_name: str | None
    task_type: TaskType
    priority: Priority
    status: AssignmentStatus
    scheduled_date: datetime
    expected_minutes: int
    arrival_radius_m: int | None
    parent_assignment_id: int | None = Field(description="The task whose failed step asked for this one.")
    offer_mode: OfferMode
    offer_due_at: datetime | None
    offers: list[OfferOut]
    accepted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    undo_until: datetime | None
    settled_at: datetime | None
    arrival: ArrivalOut | None
    checklist: list[StepOut]
    answers: list[AnswerOut]
    description: str
    completion_notes: str | None
    photos: list[str]
    created_at: datetime
    updated_at: datetime
