"""Organizations, people and how they prove who they are; files, numbers, settings, audit."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, SoftDeleted, code
from domain.roles import Role


class Organization(Base, Numbered, Dated, SoftDeleted):
    """A tenant (seed 004). ``distributor_id`` and ``reseller_id`` form the tree."""

    __tablename__ = "organizations"

    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    reseller_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    name_en: Mapped[str | None] = mapped_column(String(255))
    logo_url: Mapped[str | None] = mapped_column(String(255))
    address: Mapped[str | None] = mapped_column(String(255))
    city: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(255))
    tax_number: Mapped[str | None] = mapped_column(String(255))
    subscription_plan: Mapped[str] = mapped_column(String(255), server_default="basic")
    max_cameras: Mapped[int | None]
    """The organization's own limit; None: the plan's (WORDS 7)."""
    max_edge_servers: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class SubscriptionPlan(Base, Numbered, Dated, SoftDeleted):
    """What an organization pays for, and the limits that come with it (seed 004)."""

    __tablename__ = "subscription_plans"

    name: Mapped[str] = mapped_column(String(255), unique=True)
    name_ar: Mapped[str | None] = mapped_column(String(255))
    max_cameras: Mapped[int] = mapped_column(server_default=text("4"))
    max_edge_servers: Mapped[int] = mapped_column(server_default=text("1"))
    available_modules: Mapped[list[Any] | None] = mapped_column(JSONB)
    notification_channels: Mapped[list[Any] | None] = mapped_column(JSONB)
    price_monthly: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default=text("0"))
    price_yearly: Mapped[Decimal] = mapped_column(Numeric(10, 2), server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class License(Base, Numbered, Dated, SoftDeleted):
    """A licence of an organization (seed 004); an expired one stops new cameras, never events (WORDS 7)."""

    __tablename__ = "licenses"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    license_key: Mapped[str] = mapped_column(String(255), unique=True)
    expires_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(50), server_default="active")
    modules: Mapped[list[Any] | None] = mapped_column(JSONB)


class User(Base, Numbered, Dated, SoftDeleted):
    """One human (WORDS 1); what they are where is in ``memberships``."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(255), unique=True)
    phone: Mapped[str | None] = mapped_column(String(50))
    photo_url: Mapped[str | None] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(8), server_default="id")
    time_zone: Mapped[str] = mapped_column(String(64), server_default="Asia/Jakarta")
    is_super_admin: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    points_balance: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        CheckConstraint("language in ('id', 'en')", name="language"),
        CheckConstraint("points_balance >= 0", name="points_balance"),
    )


class MembershipRow(Base, Numbered, Dated):
    """What a person is in an organization; suspended when not active."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    role: Mapped[Role] = mapped_column(code(Role))
    pharmacy_id: Mapped[int | None] = mapped_column(ForeignKey("pharmacies.id"), index=True)
    """Of a customer: where they work."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    suspended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    suspended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("user_id", "organization_id"),
        CheckConstraint("(suspended_at is null) = is_active", name="suspended"),
    )


class TelegramAccount(Base, Numbered, Dated):
    """A Telegram account linked to a person; ``blocked_at`` when the bot can no longer write to it."""

    __tablename__ = "telegram_accounts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    telegram_id: Mapped[int] = mapped_column(unique=True)
    username: Mapped[str | None] = mapped_column(String(64))
    first_name: Mapped[str] = mapped_column(String(255))
    blocked_at: Mapped[datetime | None]


class Invite(Base, Numbered, Dated):
    """A one-time link: hashed, with an end, confirmed by the inviter for staff (WORDS 1)."""

    __tablename__ = "invites"

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    """None only for the first super admin."""
    role: Mapped[Role] = mapped_column(code(Role))
    name: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The person the invite is for when the row exists already (demo accounts, a lost phone)."""
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    opened_by_telegram_id: Mapped[int | None]
    opened_by_name: Mapped[str | None] = mapped_column(String(255))
    opened_by_username: Mapped[str | None] = mapped_column(String(64))
    opened_language: Mapped[str | None] = mapped_column(String(8))
    confirmed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]


class AccessToken(Base, Numbered, Dated):
    """A bearer token of a person: hashed, scoped, revocable (DESIGN 7)."""

    __tablename__ = "access_tokens"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]] = mapped_column(JSONB, server_default=text('\'["read", "write"]\'::jsonb'))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class SecretHandoff(Base, Dated):
    """A machine's API key that waits, encrypted, to be shown once or fetched with a single-use setup code.

    The setup code is derived from the id and the installation's secret key, so only its hash is stored. The
    ciphertext is wiped when the device is bound or the key is re-issued.
    """

    __tablename__ = "secret_handoffs"

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    edge_server_id: Mapped[int] = mapped_column(ForeignKey("edge_servers.id", ondelete="CASCADE"), index=True)
    ciphertext: Mapped[str | None] = mapped_column(Text)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime]
    code_used_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    """When the admin copied the key."""


class Number(Base):
    """A number that must exist before its workflow, reserved by source so that a repeat gets the same one."""

    __tablename__ = "numbers"

    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    source: Mapped[str] = mapped_column(String(255), primary_key=True)
    number: Mapped[int]
    organization_id: Mapped[int | None]
    """Whose the thing is to be; a number that nothing got tells of a failure."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class IdempotencyKey(Base):
    """An API request's key with the hash of its body: another body under the same key is refused."""

    __tablename__ = "idempotency_keys"

    source: Mapped[str] = mapped_column(String(255), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class Setting(Base, Dated):
    """A default of WORDS 6 that an organization has changed; the value is a number of the unit in its key."""

    __tablename__ = "settings"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[float]


class DeviceToken(Base, Numbered, Dated):
    """A push token of a phone (seed 004)."""

    __tablename__ = "device_tokens"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    device_token: Mapped[str] = mapped_column(String(255), index=True)
    platform: Mapped[str | None] = mapped_column(String(50))


class File(Base, Numbered):
    """A stored file by its SHA-256; the bytes live in the file store (DESIGN 3.8)."""

    __tablename__ = "files"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    original_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the bytes as they came, before re-encoding: what "the identical file" is judged by."""
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    look: Mapped[int | None]
    """What a picture looks like, 64 bits (``db.images``): similar ones differ in few of them."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    edge_server_id: Mapped[int | None] = mapped_column(ForeignKey("edge_servers.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    released_at: Mapped[datetime | None]
    """Since when nothing shows it any more: its bytes leave the store, then this row goes."""

    __table_args__ = (
        UniqueConstraint("organization_id", "sha256"),
        Index("ix_files_released_at", "released_at", postgresql_where=text("released_at is not null")),
    )


class AuditEvent(Base, Numbered):
    """What happened to a thing, when, by whom and because of what; ``/why`` reads it.

    ``source`` is the update or timer that caused it, unique per thing, so writing it twice changes nothing.
    """

    __tablename__ = "audit_events"

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    thing: Mapped[str] = mapped_column(String(50))
    thing_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(100))
    from_status: Mapped[str | None] = mapped_column(String(50))
    to_status: Mapped[str | None] = mapped_column(String(50))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    cause: Mapped[str | None] = mapped_column(String(100))
    """The timer or rule when no person did it."""
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("thing", "thing_id", "source"),
        Index("ix_audit_events_thing_at", "thing", "thing_id", "at"),
        # Rows come in the order of time: this costs next to nothing to keep.
        Index("ix_audit_events_at", "at", postgresql_using="brin"),
    )
