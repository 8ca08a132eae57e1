"""Chat: stored updates, lanes, cards, deliveries, dialogs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, code
from domain.chat import DeliveryClass, DeliveryState, Loudness, Thing


class TelegramUpdate(Base):
    """A received update, stored before it is acknowledged; ``n`` is its place in its lane."""

    __tablename__ = "telegram_updates"

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lane: Mapped[str] = mapped_column(String(64))
    n: Mapped[int]
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    handled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    """Handler errors so far; outages do not count."""
    answered_at: Mapped[datetime | None]
    """The callback was answered, or "noted" was said, by a handling that has to be repeated."""
    parked_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("lane", "n"),)


class ChatLane(Base):
    """The order of one chat and topic: updates ``done_n + 1 … last_n`` wait; a consumer holds the lease."""

    __tablename__ = "chat_lanes"

    lane: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_n: Mapped[int] = mapped_column(server_default=text("0"))
    done_n: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[UUID | None]
    retry_at: Mapped[datetime | None]
    """Not before this: the head update failed and is tried again."""

    __table_args__ = (Index("ix_chat_lanes_waiting", "lane", postgresql_where=text("last_n > done_n")),)


class SendLane(Base):
    """The rate of one chat: next free slot and, after a 429, until when it waits; chat 0 is the token's."""

    __tablename__ = "send_lanes"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_at: Mapped[datetime]
    """Theoretical arrival time of the bucket (GCRA); a send leaves when this minus the burst has passed."""
    blocked_until: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[UUID | None]


class Card(Base, Numbered, Dated):
    """The message that shows a thing in a chat; one live card per thing and chat."""

    __tablename__ = "cards"

    thing: Mapped[Thing] = mapped_column(code(Thing))
    thing_id: Mapped[int]
    chat_id: Mapped[int]
    thread_id: Mapped[int | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The reader whose language, zone and rights it is rendered with."""
    message_id: Mapped[int | None]
    content_hash: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None]
    """When the present message was sent (for the bump rule)."""
    retired_at: Mapped[datetime | None]
    """A card whose thing is gone: never edited again."""

    __table_args__ = (
        Index(
            "uq_cards_live",
            "thing",
            "thing_id",
            "chat_id",
            unique=True,
            postgresql_where=text("retired_at is null"),
        ),
        Index("ix_cards_message", "chat_id", "message_id"),
    )


class Delivery(Base, Numbered, Dated):
    """One due send.

    It brings a card up to date (``card_id``), is a reply that was rendered already (``content``), or a notice
    that is rendered when it leaves (``template`` and ``context``).
    """

    __tablename__ = "deliveries"

    source: Mapped[str | None] = mapped_column(String(255))
    """What caused it; unique per reader and template, so writing it twice sends once."""
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    chat_id: Mapped[int | None]
    """Filled from the reader's linked account when None."""
    thread_id: Mapped[int | None]
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"))
    template: Mapped[str | None] = mapped_column(String(100))
    context: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    thing: Mapped[Thing | None] = mapped_column(code(Thing))
    """The thing a notice is about: it replies to the reader's card of it and may show its present row."""
    thing_id: Mapped[int | None]
    content: Mapped[dict[str, Any] | None]
    """A reply's text and keyboard, sealed when it holds a secret; wiped once it has left."""
    edit_message_id: Mapped[int | None]
    """The message a reply replaces."""
    priority: Mapped[int] = mapped_column(SmallInteger)
    loudness: Mapped[Loudness] = mapped_column(code(Loudness))
    delivery_class: Mapped[DeliveryClass] = mapped_column(code(DeliveryClass))
    state: Mapped[DeliveryState] = mapped_column(code(DeliveryState), server_default="due")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    message_id: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    uncertain_at: Mapped[datetime | None]
    """When a first send ended without an answer; stays when it is sent again, so that it can be counted."""
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "uq_deliveries_source",
            "source",
            "user_id",
            "template",
            unique=True,
            postgresql_where=text("source is not null"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_deliveries_card_due",
            "card_id",
            unique=True,
            postgresql_where=text("card_id is not null and state in ('due', 'uncertain')"),
        ),
        Index("ix_deliveries_sent", "chat_id", "sent_at", postgresql_where=text("sent_at is not null")),
        # Rows come in the order of time: this costs next to nothing to keep.
        Index("ix_deliveries_created_at", "created_at", postgresql_using="brin"),
        Index("ix_deliveries_uncertain", "uncertain_at", postgresql_where=text("uncertain_at is not null")),
        Index(
            "ix_deliveries_due",
            "priority",
            "due_at",
            postgresql_where=text("state in ('due', 'sending', 'uncertain')"),
        ),
    )


class Dialog(Base, Numbered, Dated):
    """Where a person is in a form: dialog, field, what was said so far. One per person and place."""

    __tablename__ = "dialogs"

    chat_id: Mapped[int]
    thread_id: Mapped[int] = mapped_column(server_default=text("0"))
    telegram_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(50))
    field: Mapped[str] = mapped_column(String(50))
    """The field that is asked."""
    path: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """Names of the fields answered by the person in order: the way back."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    draft: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Inside the present field: page and search, chosen day, photos so far, the problem to show."""
    version: Mapped[int] = mapped_column(server_default=text("0"))
    """Counts prompts; a button of an earlier one is old."""
    source: Mapped[str] = mapped_column(String(255))
    """The update that opened it: the repeat-safe source of what the dialog finally asks for."""
    last_source: Mapped[str] = mapped_column(String(255))
    """The update that was taken last: a repeat of it changes nothing."""
    expires_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("chat_id", "thread_id", "telegram_id"),)


class NotificationPriority(Base, Numbered, Dated):
    """How loud a message of one template is in one organization, when it differs from what it declares."""

    __tablename__ = "notification_priorities"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    template: Mapped[str] = mapped_column(String(100))
    loudness: Mapped[Loudness] = mapped_column(code(Loudness))

    __table_args__ = (UniqueConstraint("organization_id", "template"),)
