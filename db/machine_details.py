"""The descriptive columns of a machine: no workflow stands behind a name or an address."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import touch_cards
from db.models.core import AuditEvent
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from domain.chat import Thing
from domain.errors import InvalidInput, NotFound

COLUMNS = frozenset({"name", "address", "latitude", "longitude", "serial_number", "capacity"})
"""What may be changed; degrees WGS 84, capacity in items."""


async def change_details(
    session: AsyncSession, machine_id: int, changes: Mapping[str, Any], *, actor_id: int, source: str
) -> None:
    """Write changed columns with their audit event; the second time with the same source nothing happens.

    Cards are the system's, so this needs the system scope: the caller has checked that the person may.

    Raises:
        NotFound: no such machine.
        InvalidInput: the serial number belongs to another machine of the organization.
    """
    query = (
        select(RvmMachine)
        .where(RvmMachine.id == machine_id, RvmMachine.deleted_at.is_(None))
        .with_for_update()
    )
    machine = await session.scalar(query)
    if machine is None:
        raise NotFound(noun="machine")
    wanted = {
        name: value for name, value in changes.items() if name in COLUMNS and value != getattr(machine, name)
    }
    if not wanted or not await _note(session, machine, sorted(wanted), actor_id, source):
        return
    await _refuse_taken_serial(session, machine, wanted.get("serial_number"))
    for name, value in wanted.items():
        setattr(machine, name, value)
    machine.version += 1
    if "name" in wanted:
        server = select(EdgeServer).join(EdgeDevice, EdgeDevice.edge_server_id == EdgeServer.id)
        (
            await session.scalars(server.where(EdgeDevice.rvm_machine_id == machine_id))
        ).one().name = machine.name
    await touch_cards(session, (Thing.MACHINE, machine_id), (Thing.ONBOARDING, machine_id))


async def _note(
    session: AsyncSession, machine: RvmMachine, columns: list[str], actor_id: int, source: str
) -> bool:
    made = await session.scalar(
        insert(AuditEvent)
        .values(
            organization_id=machine.organization_id,
            thing="machine",
            thing_id=machine.id,
            source=source,
            action="change_details",
            actor_id=actor_id,
            details={"columns": columns},
            at=func.now(),
        )
        .on_conflict_do_nothing()
        .returning(AuditEvent.id)
    )
    return made is not None


async def _refuse_taken_serial(session: AsyncSession, machine: RvmMachine, serial_number: str | None) -> None:
    if serial_number is None:
        return
    other = await session.scalar(
        select(RvmMachine.id).where(
            RvmMachine.organization_id == machine.organization_id,
            RvmMachine.serial_number == serial_number,
            RvmMachine.id != machine.id,
            RvmMachine.deleted_at.is_(None),
        )
    )
    if other is not None:
        raise InvalidInput(field="serial_number", problem="taken")
