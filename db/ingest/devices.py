"""What the HTTP door knows of boxes: credentials of signed requests, API keys, setup codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import SecretHandoff
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from domain.errors import CodeExpired, CodeUnknown, CodeUsed
from domain.handshake import PresentedHardware


@dataclass(frozen=True, slots=True)
class Device:
    """A box with its identity, its secrets as ciphertext, and the machine it sits in; waits in seconds."""

    edge_server_id: int
    organization_id: int
    edge_id: str
    edge_key: str
    secret_ciphertext: str
    previous_ciphertext: str | None
    previous_until: datetime | None
    is_active: bool
    beat_s: float
    missed_after_s: float
    machine_id: int | None = None
    machine_uuid: UUID | None = None
    machine_name: str = ""
    hardware_id: str | None = None
    bound_at: datetime | None = None
    conflict: dict[str, Any] | None = None
    key_revoked: bool = False


@dataclass(frozen=True, slots=True)
class TakenCode:
    """What a setup code opened: the key as ciphertext, and for which machine."""

    ciphertext: str
    edge_id: str
    machine_uuid: UUID
    machine_name: str


def _query() -> Select[Any, Any, Any]:
    return (
        select(EdgeServer, EdgeDevice, RvmMachine)
        .outerjoin(EdgeDevice, EdgeDevice.edge_server_id == EdgeServer.id)
        .outerjoin(RvmMachine, RvmMachine.id == EdgeDevice.rvm_machine_id)
    )


def _device(row: Row[Any, Any, Any]) -> Device:
    server, device, machine = row
    return Device(
        edge_server_id=server.id,
        organization_id=server.organization_id,
        edge_id=server.edge_id,
        edge_key=server.edge_key,
        secret_ciphertext=server.edge_secret,
        previous_ciphertext=server.previous_secret,
        previous_until=server.previous_until,
        is_active=server.is_active and server.deleted_at is None,
        beat_s=server.beat_s,
        missed_after_s=server.missed_after_s,
        machine_id=machine.id if machine else None,
        machine_uuid=machine.uuid if machine else None,
        machine_name=machine.name if machine else "",
        hardware_id=device.hardware_id if device else None,
        bound_at=device.bound_at if device else None,
        conflict=device.conflict if device else None,
        key_revoked=bool(machine and (machine.api_key_revoked_at or machine.deleted_at)),
    )


async def devices_by_edge_key(session: AsyncSession, edge_keys: Sequence[str]) -> dict[str, Device]:
    """Return the boxes of the edge keys that exist (system scope), those switched off too."""
    rows = await session.execute(_query().where(EdgeServer.edge_key.in_(edge_keys)))
    return {device.edge_key: device for device in map(_device, rows)}


async def device_by_api_key(session: AsyncSession, key_hash: str) -> Device | None:
    """Return the box of the machine that has this API key (system scope), revoked ones too."""
    row = (await session.execute(_query().where(RvmMachine.api_key == key_hash))).one_or_none()
    return None if row is None else _device(row)


async def refresh_hardware(session: AsyncSession, edge_server_id: int, hardware: PresentedHardware) -> None:
    """Write what a bound box says about itself after a reboot, if it differs (system scope)."""
    await session.execute(
        update(EdgeDevice)
        .where(
            EdgeDevice.edge_server_id == edge_server_id,
            or_(
                EdgeDevice.hardware_config.is_distinct_from(hardware.config),
                EdgeDevice.ip_address_local.is_distinct_from(hardware.ip_address_local),
                EdgeDevice.ip_address_vpn.is_distinct_from(hardware.ip_address_vpn),
            ),
        )
        .values(
            hardware_config=hardware.config,
            ip_address_local=hardware.ip_address_local,
            ip_address_vpn=hardware.ip_address_vpn,
        )
    )
    if hardware.version:
        await session.execute(
            update(EdgeServer)
            .where(EdgeServer.id == edge_server_id, EdgeServer.version.is_distinct_from(hardware.version))
            .values(version=hardware.version, ip_address=hardware.ip_address_local)
        )


async def take_setup_code(session: AsyncSession, code_hash: str) -> TakenCode:
    """Use up a setup code in one statement and return what it opened (system scope).

    Raises:
        CodeUnknown, CodeUsed, CodeExpired: it opens nothing (any more).
    """
    taken = (
        await session.execute(
            update(SecretHandoff)
            .where(
                SecretHandoff.code_hash == code_hash,
                SecretHandoff.code_used_at.is_(None),
                SecretHandoff.code_expires_at > func.now(),
                SecretHandoff.ciphertext.is_not(None),
            )
            .values(code_used_at=func.now())
            .returning(SecretHandoff.edge_server_id, SecretHandoff.ciphertext)
        )
    ).one_or_none()
    if taken is None:
        raise await _why_not(session, code_hash)
    edge_server_id, ciphertext = taken
    device = _device((await session.execute(_query().where(EdgeServer.id == edge_server_id))).one())
    if ciphertext is None or device.machine_uuid is None or device.key_revoked:
        raise CodeExpired
    return TakenCode(ciphertext, device.edge_id, device.machine_uuid, device.machine_name)


async def _why_not(session: AsyncSession, code_hash: str) -> CodeUnknown | CodeUsed | CodeExpired:
    handoff = await session.scalar(select(SecretHandoff).where(SecretHandoff.code_hash == code_hash))
    if handoff is None:
        return CodeUnknown()
    # A wiped key that nobody fetched was replaced by a newer one: the code is past its time.
    return CodeExpired() if handoff.code_used_at is None else CodeUsed()
