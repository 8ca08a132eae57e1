"""Machines and the boxes inside them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Dated, Numbered, SoftDeleted, code
from domain.machines import Connection, MachineStatus
from domain.onboarding import OnboardingStep


class RvmMachine(Base, Numbered, Dated, SoftDeleted):
    """A reverse-vending machine as a place and a business (seed 000). Projection of ``machine-<uuid>``."""

    __tablename__ = "rvm_machines"

    uuid: Mapped[UUID] = mapped_column(unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    api_key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the key (WORDS 4)."""
    api_key_revoked_at: Mapped[datetime | None]
    latitude: Mapped[Decimal] = mapped_column(Numeric(10, 7))
    longitude: Mapped[Decimal] = mapped_column(Numeric(10, 7))
    address: Mapped[str | None] = mapped_column(Text)
    serial_number: Mapped[str | None] = mapped_column(String(100))
    capacity: Mapped[int | None]
    """Items it holds."""
    time_zone: Mapped[str] = mapped_column(String(64), server_default="Asia/Jakarta")
    status: Mapped[MachineStatus] = mapped_column(code(MachineStatus), server_default="inactive")
    connection: Mapped[Connection] = mapped_column(code(Connection), server_default="waiting")
    connection_since: Mapped[datetime | None]
    unstable: Mapped[bool] = mapped_column(server_default=text("false"))
    onboarding_step: Mapped[OnboardingStep] = mapped_column(code(OnboardingStep), server_default="registered")
    self_test: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The last report: checks by name with result, code and figures."""
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    key_handoff_id: Mapped[UUID | None]
    commissioned_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("0"))
    """Rises with every written move; cards and callback tokens carry it."""

    __table_args__ = (
        CheckConstraint("latitude between -90 and 90 and longitude between -180 and 180", name="position"),
        CheckConstraint("capacity > 0", name="capacity"),
        Index(
            "uq_rvm_machines_serial_number",
            "organization_id",
            "serial_number",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
    )


class EdgeServer(Base, Numbered, Dated, SoftDeleted):
    """A box that speaks to us (seed 004). ``edge_secret`` is encrypted: HMAC needs the plain value."""

    __tablename__ = "edge_servers"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    edge_id: Mapped[str] = mapped_column(String(255), unique=True)
    edge_key: Mapped[str] = mapped_column(String(255), unique=True)
    edge_secret: Mapped[str] = mapped_column(Text)
    previous_secret: Mapped[str | None] = mapped_column(Text)
    """Still accepted until ``previous_until``: rotation with overlap."""
    previous_until: Mapped[datetime | None]
    name: Mapped[str | None] = mapped_column(String(255))
    version: Mapped[str | None] = mapped_column(String(50))
    status: Mapped[Connection] = mapped_column(code(Connection), server_default="waiting")
    last_heartbeat: Mapped[datetime | None]
    beat_due_at: Mapped[datetime | None]
    """When the next beat is counted as missed."""
    beat_s: Mapped[float] = mapped_column(server_default=text("30"))
    missed_after_s: Mapped[float] = mapped_column(server_default=text("75"))
    health: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The figures of the last beat: ``cpu_percent``, ``memory_percent``, ``disk_free_gib`` …"""
    acked_sequence: Mapped[int] = mapped_column(server_default=text("0"))
    """Highest spool sequence with nothing missing below it."""
    watch_mark: Mapped[Connection | None] = mapped_column(code(Connection, "watch_mark"))
    """What fleet-watch last signalled, so that it does not signal the same each second."""
    watch_at: Mapped[datetime | None]
    ip_address: Mapped[str | None] = mapped_column(String(45))
    location: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        Index(
            "ix_edge_servers_beat_due_at_online", "beat_due_at", postgresql_where=text("status = 'online'")
        ),
        Index("ix_edge_servers_not_online", "beat_due_at", postgresql_where=text("status <> 'online'")),
    )


class EdgeDevice(Base, Numbered, Dated):
    """The physical box of a machine, one to one (seed 000): a stub until its handshake."""

    __tablename__ = "edge_devices"

    rvm_machine_id: Mapped[int] = mapped_column(
        ForeignKey("rvm_machines.id", ondelete="CASCADE"), unique=True
    )
    edge_server_id: Mapped[int] = mapped_column(
        ForeignKey("edge_servers.id", ondelete="CASCADE"), unique=True
    )
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    hardware_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    processor_type: Mapped[str] = mapped_column(String(255), server_default="Jetson Orin Nano")
    ip_address_vpn: Mapped[str | None] = mapped_column(String(45))
    ip_address_local: Mapped[str | None] = mapped_column(String(45))
    hardware_config: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    last_heartbeat_at: Mapped[datetime | None]
    bound_at: Mapped[datetime | None]
    conflict: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """A handshake that waits for "replace device": kind, hardware_id, with, at."""


class EdgeEntry(Base):
    """One line of a box's spool; a repeat of the same sequence is dropped."""

    __tablename__ = "edge_entries"

    edge_server_id: Mapped[int] = mapped_column(
        ForeignKey("edge_servers.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(50))
    occurred_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class EdgeNonce(Base):
    """A nonce of a signed request, kept for the window so that a replay is seen."""

    __tablename__ = "edge_nonces"

    edge_server_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)


class IngestLiveness(Base):
    """One row: until when ingest was alive and since when without a gap; deadlines count only in between."""

    __tablename__ = "ingest_liveness"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    alive_at: Mapped[datetime]
    resumed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class LostRun(Base, Numbered):
    """A workflow that was terminated while its row is open, offered to an admin (WORDS 2)."""

    __tablename__ = "lost_runs"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    workflow_id: Mapped[str] = mapped_column(String(255))
    thing: Mapped[str] = mapped_column(String(50))
    thing_id: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(String(50))

    __table_args__ = (
        Index("uq_lost_runs_open", "workflow_id", unique=True, postgresql_where=text("resolved_at is null")),
    )
