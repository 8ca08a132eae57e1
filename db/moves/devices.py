"""Binding a box: hardware to identity, one to one."""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from db.moves.machines import wipe_handoffs
from db.secrets import Cipher
from domain.handshake import BindDevice, BindResult, ConflictKind, ConflictRecord


async def bind(session: AsyncSession, order: BindDevice, cipher: Cipher) -> BindResult:
    """Bind the hardware, or say what stands in the way; with ``replace`` what stood there gives way.

    A new hardware on a bound identity gets a new HMAC secret, so the former box can no longer sign.
    """
    hardware = order.hardware
    device = await _device(session, order.edge_server_id)
    if device.hardware_id == hardware.hardware_id:
        return BindResult(bound=True)
    elsewhere = await session.scalar(
        select(EdgeDevice).where(EdgeDevice.hardware_id == hardware.hardware_id).with_for_update()
    )
    if not order.replace:
        if elsewhere is not None:
            name = await _machine_name(session, elsewhere)
            return BindResult(bound=False, conflict=ConflictKind.HARDWARE_ELSEWHERE, conflict_with=name)
        if device.hardware_id is not None:
            return BindResult(
                bound=False, conflict=ConflictKind.OTHER_HARDWARE, conflict_with=device.hardware_id
            )
    if elsewhere is not None:
        await _free(session, elsewhere, cipher)
    replaced = device.hardware_id is not None
    server = await session.get_one(EdgeServer, order.edge_server_id)
    if replaced:
        server.edge_secret = cipher.encrypt(secrets.token_hex(32))
    device.hardware_id = hardware.hardware_id
    device.hardware_config = hardware.config
    device.processor_type = hardware.processor_type or device.processor_type
    device.ip_address_local = hardware.ip_address_local
    device.ip_address_vpn = hardware.ip_address_vpn
    device.bound_at = order.at
    device.conflict = None
    server.version = hardware.version or server.version
    server.ip_address = hardware.ip_address_local
    await wipe_handoffs(session, server.id)
    await _bump(session, device)
    return BindResult(bound=True, replaced=replaced)


async def _device(session: AsyncSession, edge_server_id: int) -> EdgeDevice:
    query = select(EdgeDevice).where(EdgeDevice.edge_server_id == edge_server_id).with_for_update()
    return (await session.scalars(query)).one()


async def _free(session: AsyncSession, device: EdgeDevice, cipher: Cipher) -> None:
    """Take the hardware from the identity it had; that identity's secret dies with it."""
    device.hardware_id = None
    device.bound_at = None
    server = await session.get_one(EdgeServer, device.edge_server_id)
    server.edge_secret = cipher.encrypt(secrets.token_hex(32))
    await _bump(session, device)
    await session.flush()


async def _machine_name(session: AsyncSession, device: EdgeDevice) -> str:
    return (await session.get_one(RvmMachine, device.rvm_machine_id)).name


async def _bump(session: AsyncSession, device: EdgeDevice) -> None:
    machine = await session.get_one(RvmMachine, device.rvm_machine_id)
    machine.version += 1


async def project_conflict(session: AsyncSession, record: ConflictRecord) -> int:
    """Show or clear the conflict on the device's row; return the machine's id."""
    device = await _device(session, record.edge_server_id)
    device.conflict = None
    if record.conflict is not None:
        device.conflict = {
            "kind": record.conflict.value,
            "hardware_id": record.hardware_id,
            "with": record.conflict_with,
            "at": record.at.isoformat(),
        }
    await _bump(session, device)
    return device.rvm_machine_id
