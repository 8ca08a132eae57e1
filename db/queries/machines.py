"""Reading machines and their boxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, SelectBase, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import SecretHandoff, User
from db.models.machines import EdgeDevice, EdgeServer, LostRun, RvmMachine
from domain.machine_codes import uuids_of
from domain.machines import Connection, MachineStatus
from domain.onboarding import OnboardingStep


@dataclass(frozen=True, slots=True)
class MachineDetail:
    """A machine as cards, lists and the API show it; the box's columns are None before the handshake."""

    machine_id: int
    uuid: UUID
    organization_id: int
    name: str
    latitude: float
    longitude: float
    address: str | None
    serial_number: str | None
    capacity: int | None
    time_zone: str
    status: MachineStatus
    connection: Connection
    connection_since: datetime | None
    unstable: bool
    onboarding_step: OnboardingStep
    self_test: dict[str, Any] | None
    registered_by: int | None
    registered_by_name: str | None
    key_handoff_id: UUID | None
    code_expires_at: datetime | None
    code_used_at: datetime | None
    key_shown_at: datetime | None
    key_waits: bool
    """Whether the key can still be shown or fetched."""
    commissioned_at: datetime | None
    version: int
    created_at: datetime
    edge_server_id: int
    edge_id: str
    edge_version: str | None
    last_heartbeat: datetime | None
    health: dict[str, Any] | None
    """The figures of the last beat: ``cpu_percent``, ``disk_free_gib``, ``temperature_c`` …"""
    hardware_id: str | None
    processor_type: str
    ip_address_local: str | None
    ip_address_vpn: str | None
    hardware_config: dict[str, Any] | None
    bound_at: datetime | None
    conflict: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PublicMachine:
    """The narrow public list (WORDS 7): name, address, position, status."""

    uuid: UUID
    name: str
    address: str | None
    latitude: float
    longitude: float
    status: MachineStatus


def _query(*, deleted: bool = False) -> Select[*tuple[Any, ...]]:
    query = (
        select(RvmMachine, EdgeServer, EdgeDevice, SecretHandoff, User.name)
        .join(EdgeDevice, EdgeDevice.rvm_machine_id == RvmMachine.id)
        .join(EdgeServer, EdgeServer.id == EdgeDevice.edge_server_id)
        .outerjoin(SecretHandoff, SecretHandoff.id == RvmMachine.key_handoff_id)
        .outerjoin(User, User.id == RvmMachine.registered_by)
    )
    return query if deleted else query.where(RvmMachine.deleted_at.is_(None))


def _detail(row: Row[*tuple[Any, ...]]) -> MachineDetail:
    machine, server, device, handoff, registered_by_name = row
    return MachineDetail(
        machine_id=machine.id,
        uuid=machine.uuid,
        organization_id=machine.organization_id,
        name=machine.name,
        latitude=float(machine.latitude),
        longitude=float(machine.longitude),
        address=machine.address,
        serial_number=machine.serial_number,
        capacity=machine.capacity,
        time_zone=machine.time_zone,
        status=machine.status,
        connection=machine.connection,
        connection_since=machine.connection_since,
        unstable=machine.unstable,
        onboarding_step=machine.onboarding_step,
        self_test=machine.self_test,
        registered_by=machine.registered_by,
        registered_by_name=registered_by_name,
        key_handoff_id=machine.key_handoff_id,
        code_expires_at=handoff.code_expires_at if handoff else None,
        code_used_at=handoff.code_used_at if handoff else None,
        key_shown_at=handoff.shown_at if handoff else None,
        key_waits=bool(handoff and handoff.ciphertext),
        commissioned_at=machine.commissioned_at,
        version=machine.version,
        created_at=machine.created_at,
        edge_server_id=server.id,
        edge_id=server.edge_id,
        edge_version=server.version,
        last_heartbeat=server.last_heartbeat,
        health=server.health,
        hardware_id=device.hardware_id,
        processor_type=device.processor_type,
        ip_address_local=device.ip_address_local,
        ip_address_vpn=device.ip_address_vpn,
        hardware_config=device.hardware_config,
        bound_at=device.bound_at,
        conflict=device.conflict,
    )


async def machine_by_id(
    session: AsyncSession, machine_id: int, *, deleted: bool = False
) -> MachineDetail | None:
    """Return a machine the scope may see; ``deleted``: also one that was withdrawn, for its last card."""
    row = (await session.execute(_query(deleted=deleted).where(RvmMachine.id == machine_id))).one_or_none()
    return None if row is None else _detail(row)


async def machine_by_uuid(session: AsyncSession, uuid: UUID) -> MachineDetail | None:
    """Return a machine by its public id."""
    row = (await session.execute(_query().where(RvmMachine.uuid == uuid))).one_or_none()
    return None if row is None else _detail(row)


async def machines_by_ids(session: AsyncSession, ids: SelectBase) -> list[MachineDetail]:
    """Return the machines whose ids a query gives, by name."""
    rows = await session.execute(_query().where(RvmMachine.id.in_(ids)).order_by(RvmMachine.name))
    return [_detail(row) for row in rows]


async def machine_by_code(session: AsyncSession, code: str) -> MachineDetail | None:
    """Return the machine that a uuid or the short code of a label means."""
    span = uuids_of(code)
    if span is None:
        return None
    rows = (await session.execute(_query().where(RvmMachine.uuid.between(*span)).limit(2))).all()
    return _detail(rows[0]) if len(rows) == 1 else None


async def machine_by_edge_server(session: AsyncSession, edge_server_id: int) -> MachineDetail | None:
    """Return the machine a box sits in; None for a box without one."""
    row = (await session.execute(_query().where(EdgeServer.id == edge_server_id))).one_or_none()
    return None if row is None else _detail(row)


def _filtered(
    query: Select[*tuple[Any, ...]],
    organizations: Sequence[int] | None,
    status: MachineStatus | None,
    connection: Connection | None,
    search: str,
) -> Select[*tuple[Any, ...]]:
    if organizations is not None:
        query = query.where(RvmMachine.organization_id.in_(organizations))
    if status is not None:
        query = query.where(RvmMachine.status == status)
    if connection is not None:
        query = query.where(RvmMachine.connection == connection)
    if search:
        query = query.where(
            RvmMachine.name.icontains(search, autoescape=True)
            | RvmMachine.address.icontains(search, autoescape=True)
            | RvmMachine.serial_number.icontains(search, autoescape=True)
        )
    return query


async def list_machines(  # noqa: PLR0913 - each is one filter of the list
    session: AsyncSession,
    *,
    organizations: Sequence[int] | None = None,
    status: MachineStatus | None = None,
    connection: Connection | None = None,
    search: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[MachineDetail]:
    """Return machines by name; ``organizations`` None means all the scope shows."""
    query = _filtered(_query(), organizations, status, connection, search)
    rows = await session.execute(query.order_by(RvmMachine.name, RvmMachine.id).limit(limit).offset(offset))
    return [_detail(row) for row in rows]


async def count_machines(
    session: AsyncSession,
    *,
    organizations: Sequence[int] | None = None,
    status: MachineStatus | None = None,
    connection: Connection | None = None,
    search: str = "",
) -> int:
    """Return how many machines ``list_machines`` pages through."""
    query = select(func.count()).select_from(RvmMachine).where(RvmMachine.deleted_at.is_(None))
    return int(await session.scalar(_filtered(query, organizations, status, connection, search)) or 0)


async def public_machines(session: AsyncSession, *, limit: int = 100, offset: int = 0) -> list[PublicMachine]:
    """Return commissioned machines for the public list."""
    rows = await session.scalars(
        select(RvmMachine)
        .where(RvmMachine.deleted_at.is_(None), RvmMachine.commissioned_at.is_not(None))
        .order_by(RvmMachine.name, RvmMachine.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        PublicMachine(row.uuid, row.name, row.address, float(row.latitude), float(row.longitude), row.status)
        for row in rows
    ]


async def count_public_machines(session: AsyncSession) -> int:
    """Return how many machines ``public_machines`` pages through."""
    query = select(func.count()).select_from(RvmMachine)
    return int(
        await session.scalar(
            query.where(RvmMachine.deleted_at.is_(None), RvmMachine.commissioned_at.is_not(None))
        )
        or 0
    )


async def lost_run(session: AsyncSession, lost_run_id: int) -> LostRun | None:
    """Return a lost run for its card."""
    return await session.get(LostRun, lost_run_id)
