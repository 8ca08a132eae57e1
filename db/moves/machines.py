"""Writing machines: registering with key and stub device, onboarding steps, status and connection."""

import dataclasses
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.core import SecretHandoff
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from db.queries.settings import settings
from db.secrets import Cipher, new_api_key, normal_code
from domain.assignments import OPEN_STATUSES
from domain.defaults import SETUP_CODE_EXPIRES_S
from domain.edge import SelfTestReport
from domain.ids import uuid_from_source
from domain.machines import MachineRecord
from domain.onboarding import OnboardingRecord, OnboardingStep, RegisteredMachine, RegisterMachine, ReissueKey
from domain.signing import secret_hash


async def register(session: AsyncSession, order: RegisterMachine, cipher: Cipher) -> RegisteredMachine:
    """Write the machine, its box and the stub device (seed 000, step 1); a repeat returns what is there."""
    api_key = new_api_key()
    details = order.machine
    machine_id = await session.scalar(
        insert(RvmMachine)
        .values(
            uuid=order.machine_uuid,
            organization_id=order.organization_id,
            name=details.name,
            api_key=secret_hash(api_key),
            latitude=details.latitude,
            longitude=details.longitude,
            address=details.address or None,
            serial_number=details.serial_number or None,
            capacity=details.capacity,
            registered_by=order.registered_by,
        )
        .on_conflict_do_nothing(index_elements=[RvmMachine.uuid])
        .returning(RvmMachine.id)
    )
    if machine_id is None:
        return await _registered(session, order.machine_uuid)
    own = await settings(session, order.organization_id)
    server = EdgeServer(
        organization_id=order.organization_id,
        edge_id=str(order.machine_uuid),
        edge_key=f"ek_{secrets.token_hex(16)}",
        edge_secret=cipher.encrypt(secrets.token_hex(32)),
        name=details.name,
        beat_s=own["beat_s"],
        missed_after_s=own["missed_after_s"],
    )
    session.add(server)
    await session.flush()
    session.add(
        EdgeDevice(rvm_machine_id=machine_id, edge_server_id=server.id, organization_id=order.organization_id)
    )
    handoff = uuid_from_source(f"handoff-{order.machine_uuid}")
    await _hand_off(session, handoff, server, api_key, cipher, order.at)
    machine = await session.get_one(RvmMachine, machine_id)
    machine.key_handoff_id = handoff
    return RegisteredMachine(machine_id, server.edge_id, handoff)


async def _registered(session: AsyncSession, machine_uuid: UUID) -> RegisteredMachine:
    machine = (await session.scalars(select(RvmMachine).where(RvmMachine.uuid == machine_uuid))).one()
    if machine.key_handoff_id is None:
        message = f"machine {machine.id} has no key hand-off"
        raise RuntimeError(message)
    return RegisteredMachine(machine.id, str(machine_uuid), machine.key_handoff_id)


async def _hand_off(  # noqa: PLR0913, PLR0917 - each is a column
    session: AsyncSession, handoff: UUID, server: EdgeServer, api_key: str, cipher: Cipher, at: datetime
) -> None:
    session.add(
        SecretHandoff(
            id=handoff,
            organization_id=server.organization_id,
            edge_server_id=server.id,
            ciphertext=cipher.encrypt(api_key),
            code_hash=secret_hash(normal_code(cipher.setup_code(handoff))),
            code_expires_at=at + timedelta(seconds=SETUP_CODE_EXPIRES_S),
        )
    )
    await session.flush()


async def _server_of(session: AsyncSession, machine_id: int) -> EdgeServer:
    query = select(EdgeServer).join(EdgeDevice, EdgeDevice.edge_server_id == EdgeServer.id)
    return (await session.scalars(query.where(EdgeDevice.rvm_machine_id == machine_id))).one()


async def reissue_key(session: AsyncSession, order: ReissueKey, cipher: Cipher) -> UUID:
    """Give the machine a new key and setup code; the former ones stop. A repeat returns the same hand-off."""
    handoff = uuid_from_source(f"handoff-{order.machine_id}-{order.source}")
    if await session.get(SecretHandoff, handoff) is not None:
        return handoff
    server = await _server_of(session, order.machine_id)
    await wipe_handoffs(session, server.id)
    api_key = new_api_key()
    await _hand_off(session, handoff, server, api_key, cipher, order.at)
    machine = await session.get_one(RvmMachine, order.machine_id)
    machine.api_key = secret_hash(api_key)
    machine.api_key_revoked_at = None
    machine.key_handoff_id = handoff
    machine.version += 1
    return handoff


async def wipe_handoffs(session: AsyncSession, edge_server_id: int) -> None:
    """Forget keys that wait to be fetched: the device has its own, or a new key replaces it."""
    await session.execute(
        update(SecretHandoff).where(SecretHandoff.edge_server_id == edge_server_id).values(ciphertext=None)
    )


async def project_onboarding(session: AsyncSession, record: OnboardingRecord) -> None:
    """Bring the machine's onboarding columns to the step; an expired or cancelled one loses its key."""
    machine = await session.get_one(RvmMachine, record.machine_id, with_for_update=True)
    machine.onboarding_step = record.step
    machine.version += 1
    if record.report is not None:
        machine.self_test = _report_json(record.report)
    if record.step == OnboardingStep.COMMISSIONED:
        machine.commissioned_at = record.at
    if record.step == OnboardingStep.CANCELLED or (
        record.step == OnboardingStep.EXPIRED and not await _is_bound(session, record.machine_id)
    ):
        machine.api_key_revoked_at = record.at
        await wipe_handoffs(session, (await _server_of(session, record.machine_id)).id)
    if record.step == OnboardingStep.CANCELLED:
        machine.deleted_at = record.at


async def _is_bound(session: AsyncSession, machine_id: int) -> bool:
    """Whether a box took the key in the very moment in which it expired: its reboots still need it."""
    query = select(EdgeDevice.hardware_id).where(EdgeDevice.rvm_machine_id == machine_id)
    return await session.scalar(query) is not None


def _report_json(report: SelfTestReport) -> dict[str, object]:
    return {
        "checks": [dataclasses.asdict(check) for check in report.checks],
        "finished_at": report.finished_at.isoformat(),
        "frame_file": report.frame_file,
    }


async def project_machine(session: AsyncSession, record: MachineRecord) -> None:
    """Bring status and connection of a machine and its box to what the workflow decided."""
    gone = {"deleted_at": record.at} if record.retired else {}
    machine = update(RvmMachine).where(RvmMachine.id == record.machine_id)
    await session.execute(
        machine.values(
            status=record.status,
            connection=record.connection,
            connection_since=record.connection_since,
            unstable=record.unstable,
            version=RvmMachine.version + 1,
            **gone,
            **({"api_key_revoked_at": record.at} if record.retired else {}),
        )
    )
    server = update(EdgeServer).where(
        EdgeDevice.edge_server_id == EdgeServer.id, EdgeDevice.rvm_machine_id == record.machine_id
    )
    await session.execute(
        server.values(status=record.connection, **gone, **({"is_active": False} if record.retired else {}))
    )


async def open_assignments(session: AsyncSession, machine_id: int) -> list[int]:
    """Return the open assignments at a machine, whose cards show it."""
    query = select(TechnicianAssignment.id).where(
        TechnicianAssignment.rvm_machine_id == machine_id, TechnicianAssignment.status.in_(OPEN_STATUSES)
    )
    return list(await session.scalars(query))
