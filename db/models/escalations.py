"""Ladders that run or ran: the projection of the workflow ``escalation``."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, code
from domain.chat import Thing
from domain.escalations import EscalationKind, EscalationMove


class Escalation(Base, Numbered, Dated):
    """One ladder of one owner; an owner may have several, one after the other."""

    __tablename__ = "escalations"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    owner: Mapped[Thing] = mapped_column(code(Thing))
    owner_id: Mapped[int]
    owner_workflow_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[EscalationKind] = mapped_column(code(EscalationKind))
    started_at: Mapped[datetime]
    reached: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    """How many rungs have been called."""
    rungs: Mapped[int] = mapped_column(SmallInteger)
    """How many there are."""
    called: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    """Who may answer beside those who manage: everybody called but the holder."""
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[EscalationMove | None] = mapped_column(code(EscalationMove))
    snoozed_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        UniqueConstraint("owner", "owner_id", "started_at"),
        Index("ix_escalations_running", "owner", "owner_id", postgresql_where=text("ended_at is null")),
    )
