"""The maintenance PIN: who has which slot at a machine, which PINs were issued, and when they opened it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Numbered, code
from domain.pins import PinOutcome


class MaintenanceSlot(Base):
    """A person's two digits at a machine; kept, so that the box's roster stays true while it is cut off."""

    __tablename__ = "maintenance_slots"

    rvm_machine_id: Mapped[int] = mapped_column(
        ForeignKey("rvm_machines.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("rvm_machine_id", "user_id"),
        CheckConstraint("slot between 0 and 99", name="slot"),
    )


class MaintenancePin(Base, Numbered):
    """The log of PINs: one row per machine, slot and window. The digits are derived, never stored."""

    __tablename__ = "maintenance_pins"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    rvm_machine_id: Mapped[int] = mapped_column(ForeignKey("rvm_machines.id", ondelete="CASCADE"))
    slot: Mapped[int] = mapped_column(SmallInteger)
    visit_window: Mapped[int]
    """Number of the quarter of an hour in which the visit begins (``domain.pins``)."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None only where nobody was issued it."""
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("technician_assignments.id", ondelete="SET NULL")
    )
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """Last opening, by the box's clock."""
    outcome: Mapped[PinOutcome] = mapped_column(code(PinOutcome))

    __table_args__ = (
        UniqueConstraint("rvm_machine_id", "slot", "visit_window"),
        CheckConstraint("(outcome = 'unexpected') = (issued_at is null)", name="issued"),
        CheckConstraint("(outcome = 'issued') = (used_at is null)", name="used"),
        CheckConstraint("issued_at is null or user_id is not null", name="holder"),
        Index("ix_maintenance_pins_valid", "rvm_machine_id", "valid_to"),
    )
