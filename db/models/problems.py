"""What people report at machines, and how often they tried."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, code
from domain.problems import ProblemKind, ProblemStatus


class ProblemReportRow(Base, Numbered, Dated):
    """One report at one machine: the first one that is open is the proposal, later ones are part of it."""

    __tablename__ = "problem_reports"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    rvm_machine_id: Mapped[int] = mapped_column(ForeignKey("rvm_machines.id"), index=True)
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("problem_reports.id"), index=True)
    """The proposal it was folded into; None: it is one itself."""
    status: Mapped[ProblemStatus] = mapped_column(code(ProblemStatus), server_default="open")
    kind: Mapped[ProblemKind] = mapped_column(code(ProblemKind))
    description: Mapped[str] = mapped_column(Text, server_default="")
    contact: Mapped[str] = mapped_column(String(100), server_default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    source: Mapped[str] = mapped_column(String(255), unique=True)
    """The form or the message it came with: a repeat is the same report."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of origin and content: who sends the same again within minutes meant the same."""
    language: Mapped[str] = mapped_column(String(8))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reporter_telegram_id: Mapped[int | None]
    """Where it was reported in Telegram: told when it is solved."""
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("technician_assignments.id"), index=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was dismissed."""

    __table_args__ = (
        CheckConstraint("status not in ('assigned', 'done') or assignment_id is not null", name="task"),
        CheckConstraint("status <> 'dismissed' or reason is not null", name="reason"),
        Index(
            "uq_problem_reports_proposal",
            "rvm_machine_id",
            unique=True,
            postgresql_where=text("status = 'open' and part_of_id is null"),
        ),
        Index("ix_problem_reports_digest", "digest", "created_at"),
    )


class ReportAttempt(Base):
    """How often something was reported from an origin, or at a machine, ``since`` some minutes at most."""

    __tablename__ = "report_attempts"

    who: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[datetime]
    attempts: Mapped[int]

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
