"""Assignments with their events and photos."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, code
from domain.arrivals import ArrivalMethod, ArrivalOutcome
from domain.assignments import AssignmentMove, AssignmentStatus, TaskType
from domain.offers import OfferMode, OfferOutcome
from domain.priorities import Priority


class TechnicianAssignment(Base, Numbered, Dated):
    """A task for a technician at a machine (seed 002). Projection of ``assignment-<id>``."""

    __tablename__ = "technician_assignments"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    assigned_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Whom it is offered to, or who holds it; None while the dispatcher chooses."""
    rvm_machine_id: Mapped[int] = mapped_column(ForeignKey("rvm_machines.id"), index=True)
    task_type: Mapped[TaskType] = mapped_column(code(TaskType))
    priority: Mapped[Priority] = mapped_column(code(Priority))
    status: Mapped[AssignmentStatus] = mapped_column(code(AssignmentStatus), server_default="pending")
    scheduled_date: Mapped[datetime]
    window_to: Mapped[datetime | None]
    expected_minutes: Mapped[int]
    arrival_radius_m: Mapped[int | None]
    parent_assignment_id: Mapped[int | None] = mapped_column(ForeignKey("technician_assignments.id"))
    external_id: Mapped[str | None] = mapped_column(String(255))
    offer_mode: Mapped[OfferMode] = mapped_column(code(OfferMode), server_default="one")
    offer_due_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    """Until when the completion can be undone; its effects leave then."""
    settled_at: Mapped[datetime | None]
    """When the effects of the completion left."""
    arrived_at: Mapped[datetime | None]
    """When the proof of arrival was shown: before the start when it reached us late."""
    arrival_method: Mapped[ArrivalMethod | None] = mapped_column(code(ArrivalMethod))
    arrival_outcome: Mapped[ArrivalOutcome | None] = mapped_column(code(ArrivalOutcome))
    arrival_latitude: Mapped[float | None]
    arrival_longitude: Mapped[float | None]
    arrival_accuracy_m: Mapped[float | None]
    arrival_distance_m: Mapped[float | None]
    """Between the shown position and the machine."""
    arrival_reason: Mapped[str | None] = mapped_column(Text)
    """Why there was no proof."""
    checklist: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """The steps as they were when work started (``ChecklistItem``)."""
    checklist_answers: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """One answer per answered step (``ChecklistAnswer``)."""
    description: Mapped[str] = mapped_column(Text, server_default="")
    completion_notes: Mapped[str | None] = mapped_column(Text)
    photos: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """File ids in the order they came (seed 002: array of photo URLs; the API turns ids into URLs)."""
    report_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    """The report as a PDF, made once when the completion has settled."""
    version: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        CheckConstraint("expected_minutes > 0", name="expected_minutes"),
        CheckConstraint(
            "status not in ('accepted', 'in_progress', 'completed') or assigned_to is not null", name="holder"
        ),
        CheckConstraint("(status = 'completed') = (completed_at is not null)", name="completed_at"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at is not null)", name="cancelled_at"),
        CheckConstraint("completed_at is null or completed_at >= started_at", name="order"),
        Index(
            "ix_technician_assignments_open",
            "assigned_to",
            "scheduled_date",
            postgresql_where=text("status in ('pending', 'accepted', 'in_progress')"),
        ),
    )


class AssignmentEvent(Base, Numbered):
    """One move of an assignment; ``source`` (the update id or timer) makes a repeat a no-op."""

    __tablename__ = "assignment_events"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("technician_assignments.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(255))
    move: Mapped[AssignmentMove] = mapped_column(code(AssignmentMove))
    from_status: Mapped[AssignmentStatus | None] = mapped_column(code(AssignmentStatus, "from_status"))
    to_status: Mapped[AssignmentStatus] = mapped_column(code(AssignmentStatus, "to_status"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    cause: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
    """The code of a decline or a hand-back, or the words that override a failing self-test."""
    note: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("assignment_id", "source"),)


class AssignmentOffer(Base, Numbered):
    """One person asked for one task: what became of it. The rows of a round share ``offer_no``."""

    __tablename__ = "assignment_offers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("technician_assignments.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    offer_no: Mapped[int]
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[OfferOutcome] = mapped_column(code(OfferOutcome), server_default="asked")

    __table_args__ = (
        UniqueConstraint("assignment_id", "user_id", "offer_no"),
        CheckConstraint("(outcome = 'asked') = (answered_at is null)", name="answered"),
        Index("ix_assignment_offers_asked", "user_id", postgresql_where=text("outcome = 'asked'")),
    )


class Checklist(Base, Numbered, Dated):
    """The steps of a task type: an organization's own, or the ones that hold where it has none (None)."""

    __tablename__ = "checklists"

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    task_type: Mapped[TaskType] = mapped_column(code(TaskType))
    items: Mapped[list[Any]] = mapped_column(JSONB)
    """Steps in order (``ChecklistItem``)."""

    __table_args__ = (
        Index(
            "uq_checklists_task_type",
            "organization_id",
            "task_type",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )


class AssignmentPhoto(Base, Numbered):
    """A photo of an assignment: which file, sent when; an album is one ``media_group_id``."""

    __tablename__ = "assignment_photos"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("technician_assignments.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)
    problem_report_id: Mapped[int | None] = mapped_column(ForeignKey("problem_reports.id"))
    """The report that came with it: it shows what was wrong, and proves no work."""
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    media_group_id: Mapped[str | None] = mapped_column(String(64))
    caption: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    taken_at: Mapped[datetime]
    """The message's date: Telegram strips EXIF (WORDS 5)."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (UniqueConstraint("assignment_id", "file_id"),)
