"""Maintenance plans: what returns, on which days, and whom it asks."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, SoftDeleted, code
from domain.assignments import TaskType
from domain.plans import PlanAsks, RuleKind
from domain.priorities import Priority


class MaintenancePlan(Base, Numbered, Dated, SoftDeleted):
    """Work that returns at a machine; written directly, its Schedule follows (decision 30)."""

    __tablename__ = "maintenance_plans"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    rvm_machine_id: Mapped[int] = mapped_column(ForeignKey("rvm_machines.id"), index=True)
    task_type: Mapped[TaskType] = mapped_column(code(TaskType))
    priority: Mapped[Priority] = mapped_column(code(Priority), server_default="medium")
    rule: Mapped[RuleKind] = mapped_column(code(RuleKind))
    starts_on: Mapped[date]
    every_days: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    weekdays: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """ISO numbers, Monday is 1."""
    month_day: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    """-1: the last."""
    nth: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    """Which of the month's weekdays; -1: the last."""
    time_of_day: Mapped[time]
    """On the clocks at the machine."""
    ahead_days: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    asks: Mapped[PlanAsks] = mapped_column(code(PlanAsks), server_default="nobody")
    people: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """Whom a plan asks that names people, in that order."""
    description: Mapped[str] = mapped_column(Text, server_default="")
    expected_minutes: Mapped[int | None]
    """None: the default of the task type."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    """The dispatcher of its tasks."""
    last_assignment_id: Mapped[int | None]
    """The newest task; no foreign key, since its row is written by its own workflow a moment later."""
    last_run_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(255), unique=True)
    """What asked for it: a repeat makes no second one."""
    version: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        CheckConstraint("every_days between 1 and 366", name="every_days"),
        CheckConstraint("month_day = -1 or month_day between 1 and 28", name="month_day"),
        CheckConstraint("nth = -1 or nth between 1 and 4", name="nth"),
        CheckConstraint("ahead_days between 0 and 14", name="ahead_days"),
        CheckConstraint("expected_minutes > 0", name="expected_minutes"),
        Index(
            "ix_maintenance_plans_active",
            "organization_id",
            "rvm_machine_id",
            postgresql_where=text("active and deleted_at is null"),
        ),
    )
