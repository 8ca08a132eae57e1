"""Handing over, and how content people are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Numbered


class HandoverRow(Base, Numbered):
    """Somebody's work given to a successor: who hears of tasks is read here, the tasks keep their names."""

    __tablename__ = "handovers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    from_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    to_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    handed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    source: Mapped[str] = mapped_column(String(255), unique=True)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """What was found when it began (``HandedOver``), so that a repeat does and says the same."""
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("from_user_id <> to_user_id", name="successor"),)


class SatisfactionAnswer(Base, Numbered):
    """The monthly question to one person, and the answer: stars and perhaps a sentence."""

    __tablename__ = "satisfaction_answers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    month: Mapped[date] = mapped_column(Date)
    """Its first day, in the person's zone."""
    asked_at: Mapped[datetime]
    stars: Mapped[int | None] = mapped_column(SmallInteger)
    note: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("user_id", "month"),
        CheckConstraint("stars between 1 and 5", name="stars"),
        CheckConstraint("(stars is null) = (answered_at is null)", name="answered"),
    )
