"""Who may enter which machine, and where people were last seen."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Numbered, code
from domain.access import GrantSource


class MachineGrant(Base, Numbered):
    """A person's right to enter a machine (seed 000 pivot); access is any live row (WORDS 4)."""

    __tablename__ = "machine_grants"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    rvm_machine_id: Mapped[int] = mapped_column(ForeignKey("rvm_machines.id", ondelete="CASCADE"), index=True)
    source: Mapped[GrantSource] = mapped_column(code(GrantSource))
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("technician_assignments.id", ondelete="CASCADE")
    )
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        CheckConstraint("(source = 'assignment') = (assignment_id is not null)", name="assignment"),
        Index(
            "uq_machine_grants_manual",
            "user_id",
            "rvm_machine_id",
            unique=True,
            postgresql_where=text("source = 'manual' and revoked_at is null"),
        ),
        Index(
            "uq_machine_grants_assignment",
            "assignment_id",
            unique=True,
            postgresql_where=text("assignment_id is not null and revoked_at is null"),
        ),
        Index(
            "ix_machine_grants_live", "user_id", "rvm_machine_id", postgresql_where=text("revoked_at is null")
        ),
    )


class LastPosition(Base):
    """Where a person was when they last showed it: one row each, never a track (DESIGN 3.7)."""

    __tablename__ = "last_positions"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    latitude: Mapped[float]
    longitude: Mapped[float]
    accuracy_m: Mapped[float | None]
    is_live: Mapped[bool]
    """From a live location; a point chosen on the map looks the same but is not."""
    at: Mapped[datetime]
