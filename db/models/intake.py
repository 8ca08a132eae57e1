"""What customers have said and not sent yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, code
from domain.ticket_drafts import DraftStep
from domain.tickets import Effect


class TicketDraftRow(Base, Numbered, Dated):
    """A customer's draft: open until it is sent, added to a ticket, thrown away or a day old."""

    __tablename__ = "ticket_drafts"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    pharmacy_id: Mapped[int] = mapped_column(ForeignKey("pharmacies.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    chat_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(255), unique=True)
    """The update that opened it: a repeat opens it once."""
    step: Mapped[DraftStep] = mapped_column(code(DraftStep), server_default="ready")
    parts: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    """``DraftPart`` of every message, in order."""
    words: Mapped[str | None] = mapped_column(Text)
    """The description as it was typed anew; None: what the messages say."""
    effect: Mapped[Effect | None] = mapped_column(code(Effect))
    module_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_modules.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_categories.id"))
    """As chosen; None: as guessed."""
    app_version: Mapped[str] = mapped_column(String(50), server_default="")
    contact: Mapped[str] = mapped_column(String(255), server_default="")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """The closed ticket that it continues."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """What became of it; None while it is open, and when it was thrown away."""
    closed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("ticket_id is null or closed_at is not null", name="closed"),
        Index(
            "uq_ticket_drafts_open",
            "user_id",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
    )
