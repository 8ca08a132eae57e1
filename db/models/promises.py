"""What a helpdesk promises, and when it works (WORDS 6)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, code
from domain.priorities import Priority


class SlaPolicy(Base, Numbered, Dated):
    """The promised times of one priority, in seconds of business time (WORDS 6)."""

    __tablename__ = "sla_policies"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    priority: Mapped[Priority] = mapped_column(code(Priority))
    first_answer_s: Mapped[float]
    solution_s: Mapped[float]
    is_always: Mapped[bool] = mapped_column(server_default=text("false"))
    """Counts round the clock instead of by the calendar."""

    __table_args__ = (
        UniqueConstraint("organization_id", "priority"),
        CheckConstraint("first_answer_s > 0 and solution_s >= first_answer_s", name="targets"),
    )


class BusinessCalendar(Base, Numbered, Dated):
    """When an organization's helpdesk works."""

    __tablename__ = "business_calendars"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64), server_default="Asia/Jakarta")
    hours: Mapped[list[Any]] = mapped_column(JSONB)
    """``Hours``: weekday, from_minute, to_minute."""
    holidays: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """Local dates in ISO form with a name: ``{"day": …, "name": …}``."""
    confirmed_year: Mapped[int | None]
    """The last year whose holidays an admin confirmed (WORDS 6)."""


class Retiming(Base):
    """A promise or a calendar has changed: open tickets of this priority are told, one after the other."""

    __tablename__ = "retimings"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    priority: Mapped[Priority] = mapped_column(code(Priority), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_up_to: Mapped[int] = mapped_column(server_default=text("0"))
    """Number of the last ticket that was told."""
    is_second: Mapped[bool] = mapped_column(server_default=text("false"))
    """The round for tickets that were being opened during the first."""
