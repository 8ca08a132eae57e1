"""The pharmacy helpdesk (seed 003): pharmacies, tickets, their timeline, and where they are talked about."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, SoftDeleted, code
from domain.priorities import Priority
from domain.relays import RelayDirection
from domain.tickets import Effect, TicketMove, TicketSource, TicketStatus


class Pharmacy(Base, Numbered, Dated, SoftDeleted):
    """A pharmacy that uses the till system (seed 003): whose tickets its people see."""

    __tablename__ = "pharmacies"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    """The helpdesk's organization that serves it."""
    name: Mapped[str] = mapped_column(String(255))
    address: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(String(50))
    pic_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The person in charge, who confirms colleagues."""
    app_version: Mapped[str | None] = mapped_column(String(50))
    """As last told in a ticket: filled into the next draft."""
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """SHA-256 of the join code; a new code ends the former one."""
    code_ends: Mapped[str | None] = mapped_column(String(2))
    """Its last two characters, to tell codes apart."""
    code_issued_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class JoinRequest(Base, Numbered, Dated):
    """Somebody who knows a pharmacy's code and waits for its PIC, or an admin, to confirm (WORDS 5)."""

    __tablename__ = "join_requests"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    pharmacy_id: Mapped[int] = mapped_column(ForeignKey("pharmacies.id", ondelete="CASCADE"))
    telegram_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    username: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), server_default="id")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    is_accepted: Mapped[bool | None]

    __table_args__ = (
        Index(
            "uq_join_requests_open",
            "pharmacy_id",
            "telegram_id",
            unique=True,
            postgresql_where=text("answered_at is null"),
        ),
    )


class TicketModule(Base, Numbered, Dated):
    """A module of the till system (seed 003); without organization it holds for all."""

    __tablename__ = "ticket_modules"

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    keywords: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """Words in a description that suggest it; only ever suggested (WORDS 5)."""
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_modules.id"))
    """The shared one that this organization has renamed or switched off."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("organization_id", "replaces_id"),)


class TicketCategory(Base, Numbered, Dated):
    """A kind of trouble (seed 003); without organization it holds for all."""

    __tablename__ = "ticket_categories"

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    keywords: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_categories.id"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (UniqueConstraint("organization_id", "replaces_id"),)


class Ticket(Base, Numbered, Dated, SoftDeleted):
    """A pharmacy's trouble (seed 003). Projection of ``ticket-<number>``."""

    __tablename__ = "tickets"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    pharmacy_id: Mapped[int] = mapped_column(ForeignKey("pharmacies.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("ticket_modules.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("ticket_categories.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    tech_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    source: Mapped[TicketSource] = mapped_column(code(TicketSource))
    status: Mapped[TicketStatus] = mapped_column(code(TicketStatus), server_default="open")
    priority: Mapped[Priority] = mapped_column(code(Priority))
    effect: Mapped[Effect | None] = mapped_column(code(Effect))
    """What the customer said it does to the pharmacy."""
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text)
    pic_name: Mapped[str | None] = mapped_column(String(255))
    contact: Mapped[str | None] = mapped_column(String(255))
    app_version: Mapped[str | None] = mapped_column(String(50))
    machine_id: Mapped[int | None] = mapped_column(ForeignKey("rvm_machines.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    """The closed ticket that this one continues."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    first_answer_due_at: Mapped[datetime | None]
    solution_due_at: Mapped[datetime | None]
    """None while the clock rests."""
    first_answered_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None] = mapped_column(Text)
    first_answer_kept: Mapped[bool | None]
    solution_kept: Mapped[bool | None]
    """Whether the targets were met; None until that is known."""
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    rating_words: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("(status = 'closed') = (closed_at is not null)", name="closed_at"),
        CheckConstraint("merged_into_id <> id and follows_id <> id", name="itself"),
        Index(
            "ix_tickets_open",
            "organization_id",
            "status",
            postgresql_where=text("status not in ('solved', 'closed')"),
        ),
        Index("ix_tickets_pharmacy_id", "pharmacy_id", "id"),
    )


class TicketActivity(Base, Numbered):
    """One line of a ticket's timeline (seed 003): a move, a comment, an edit, a timer, a rating."""

    __tablename__ = "ticket_activities"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    pharmacy_id: Mapped[int] = mapped_column(ForeignKey("pharmacies.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(255))
    """The update id or the timer's name: writing it twice changes nothing."""
    move: Mapped[TicketMove] = mapped_column(code(TicketMove))
    from_status: Mapped[TicketStatus | None] = mapped_column(code(TicketStatus, "from_status"))
    to_status: Mapped[TicketStatus] = mapped_column(code(TicketStatus, "to_status"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who did it; None: a timer or a rule."""
    is_internal: Mapped[bool] = mapped_column(server_default=text("false"))
    """Never shown to the customer."""
    cause: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """What changed: old and new values, due times, the file."""
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("ticket_id", "source"),
        Index("ix_ticket_activities_ticket_id_at", "ticket_id", "at"),
        Index("ix_ticket_activities_user_id", "user_id", "id"),
    )


class TicketAttachment(Base, Numbered):
    """A file of a ticket (seed 003). Removed: the bytes are gone, the line stays."""

    __tablename__ = "ticket_attachments"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    pharmacy_id: Mapped[int] = mapped_column(ForeignKey("pharmacies.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    """``photo``, ``document``, ``voice``, ``video``."""
    is_internal: Mapped[bool] = mapped_column(server_default=text("false"))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("ticket_id", "file_id"),
        CheckConstraint("(file_id is null) = (removed_at is not null)", name="removed"),
    )


class TicketFollower(Base, Dated):
    """A colleague of the pharmacy who follows a ticket of somebody else there."""

    __tablename__ = "ticket_followers"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))


class CannedAnswer(Base, Numbered, Dated):
    """An answer that staff sends by its name (``/m name``), in both languages."""

    __tablename__ = "canned_answers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(50))
    text_id: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("organization_id", "name"),)


class StaffGroup(Base, Dated):
    """A Telegram group in which an organization's helpdesk works (``/linkgroup``)."""

    __tablename__ = "staff_groups"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    is_forum: Mapped[bool] = mapped_column(server_default=text("false"))
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lost_at: Mapped[datetime | None]
    """When the bot was removed, or lost the rights it needs."""
    problem: Mapped[str | None] = mapped_column(String(50))
    """What stands in the way: ``removed``, ``no_topics_right``, ``privacy_mode``."""


class TicketTopic(Base, Dated):
    """Where a ticket is talked about in the staff group: a forum topic, or a thread below one message."""

    __tablename__ = "ticket_topics"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    chat_id: Mapped[int]
    thread_id: Mapped[int | None]
    """None in a group without topics."""
    root_message_id: Mapped[int | None]
    """The card below which a plain group's thread hangs."""
    name: Mapped[str | None] = mapped_column(String(128))
    """As last set: a rename that changes nothing is not sent."""
    is_closed: Mapped[bool] = mapped_column(server_default=text("false"))
    lost_at: Mapped[datetime | None]
    """Deleted by hand; the next message makes a new one."""

    __table_args__ = (Index("ix_ticket_topics_thread", "chat_id", "thread_id"),)


class TicketMessage(Base, Numbered, Dated):
    """A relayed message, from which to which: replies, edits and ``/unsend`` find their twin by it."""

    __tablename__ = "ticket_messages"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    direction: Mapped[RelayDirection] = mapped_column(code(RelayDirection))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    from_chat_id: Mapped[int]
    from_message_id: Mapped[int]
    to_chat_id: Mapped[int]
    to_message_id: Mapped[int | None]
    """None until it was sent."""
    texts: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """Every version with its time, the newest last."""
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("from_chat_id", "from_message_id", "to_chat_id"),
        Index("ix_ticket_messages_to", "to_chat_id", "to_message_id"),
    )
