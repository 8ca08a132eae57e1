"""When people are on duty, and when they want quiet."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered


class DutyShift(Base, Numbered, Dated):
    """One interval of a member's week, in the person's zone; a night shift ends beyond minute 1440."""

    __tablename__ = "duty_shifts"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    """0 is Monday."""
    starts_minute: Mapped[int] = mapped_column(SmallInteger)
    ends_minute: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("user_id", "organization_id", "weekday", "starts_minute"),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("starts_minute between 0 and 1439", name="starts_minute"),
        CheckConstraint(
            "ends_minute > starts_minute and ends_minute <= starts_minute + 1440", name="ends_minute"
        ),
    )


class DutySwitch(Base, Dated):
    """What a member said by ``/duty``; outweighs the shifts until its end, None: until taken back."""

    __tablename__ = "duty_switches"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, index=True, autoincrement=False
    )
    is_on: Mapped[bool]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("until > since", name="until"),)


class QuietTime(Base, Dated):
    """A person's own quiet hours in minutes from midnight; equal: none at all. No row: the organization's."""

    __tablename__ = "quiet_times"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    starts_minute: Mapped[int] = mapped_column(SmallInteger)
    ends_minute: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint("starts_minute between 0 and 1439", name="starts_minute"),
        CheckConstraint("ends_minute between 0 and 1439", name="ends_minute"),
    )
