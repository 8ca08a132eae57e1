"""Assignments as JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from domain.arrivals import ArrivalMethod
from domain.assignments import AssignmentStatus, DeclineReason, HandBackReason, TaskType
from domain.priorities import Priority
from webhooks.inputs import Identity, Input, Latitude, Line, Longitude, LongText, Moment, Output


class AssignmentIn(Input):
    """A task at a machine; without ``assigned_to`` the dispatcher chooses later."""

    rvm_machine_id: Identity = Field(examples=[1])
    task_type: TaskType = Field(examples=["maintenance"])
    priority: Priority = Priority.MEDIUM
    scheduled_date: Moment = Field(examples=["2026-01-12T09:00:00+07:00"])
    assigned_to: Identity | None = Field(default=None, examples=[4])
    description: LongText = ""
    expected_minutes: int | None = Field(default=None, ge=1, le=10_000)


class AssignmentChange(Input):
    """A verb: ``assigned_to`` offers it to somebody, ``status`` ``cancelled`` cancels it."""

    status: AssignmentStatus | None = Field(default=None, examples=["cancelled"])
    assigned_to: Identity | None = None
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
    offer_due_at: datetime | None
    accepted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    description: str
    completion_notes: str | None
    photos: list[str]
    created_at: datetime
    updated_at: datetime
