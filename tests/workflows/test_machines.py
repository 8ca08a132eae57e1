"""A machine's life: online, offline, unstable, in work, retired."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from db import settings
from db.session import SYSTEM
from domain.errors import Closed, NotAllowed
from domain.ids import machine_id
from domain.machines import (
    Connection,
    ConnectionSeen,
    MachineCommand,
    MachineMove,
    MachineStatus,
    MachineView,
)
from tests.waiting import ended, eventually
from tests.workflows.field import Field, answered


async def _seen(field: Field, uuid: UUID, connection: Connection, beat: datetime) -> None:
    handle = field.temporal.client.get_workflow_handle(machine_id(uuid))
    await handle.signal("connection", ConnectionSeen(connection, beat))


async def _becomes(field: Field, uuid: UUID, connection: Connection) -> None:
    await eventually(lambda: field.machine(uuid), lambda row: row.connection == connection)


async def _move(field: Field, uuid: UUID, move: MachineMove) -> MachineView:
    source, command = field.source(), MachineCommand(field.people["Admin"], move)
    return await answered(lambda: field.gateway.move_machine(source, uuid, command))


@pytest.mark.outcome("machine-outage")
async def test_a_short_outage_tells_nobody_and_a_long_one_tells_the_admins_twice(field: Field) -> None:
    machine = await field.a_machine()
    start = await field.now()
    await _seen(field, machine.uuid, Connection.ONLINE, start)
    await _becomes(field, machine.uuid, Connection.ONLINE)
    await _seen(field, machine.uuid, Connection.OFFLINE, start)
    await _becomes(field, machine.uuid, Connection.OFFLINE)
    await field.skip(minutes=14)
    assert await field.notices("Admin") == []

    await field.skip(minutes=2)
    assert await field.notices("Admin") == ["machine_offline_long"]
    await field.skip(hours=4)
    assert await field.notices("Admin") == ["machine_offline_long", "machine_outage_proposal"]

    await _seen(field, machine.uuid, Connection.ONLINE, await field.now())
    await _becomes(field, machine.uuid, Connection.ONLINE)
    assert (await field.notices("Admin"))[-1] == "machine_online"


async def test_an_outage_counts_by_the_values_in_force_when_it_begins(field: Field) -> None:
    machine = await field.a_machine()
    start = await field.now()
    await _seen(field, machine.uuid, Connection.ONLINE, start)
    await _becomes(field, machine.uuid, Connection.ONLINE)
    changes = settings.Changes(values={"outage_alert_s": 3600.0})
    async with field.database.transaction(SYSTEM) as session:
        await settings.change(
            session, field.organization, changes, actor_id=field.people["Admin"], source="test"
        )

    await _seen(field, machine.uuid, Connection.OFFLINE, start)
    await _becomes(field, machine.uuid, Connection.OFFLINE)
    await field.skip(minutes=58)
    assert await field.notices("Admin") == []
    await field.skip(minutes=3)
    assert await field.notices("Admin") == ["machine_offline_long"]


async def test_old_evidence_and_repeats_change_nothing(field: Field) -> None:
    machine = await field.a_machine()
    start = await field.now()
    await _seen(field, machine.uuid, Connection.ONLINE, start)
    await _becomes(field, machine.uuid, Connection.ONLINE)
    version = (await field.machine(machine.uuid)).version

    await _seen(field, machine.uuid, Connection.OFFLINE, start - timedelta(seconds=60))
    await _seen(field, machine.uuid, Connection.ONLINE, start)
    await _move(field, machine.uuid, MachineMove.FILL)  # taken after the signals

    row = await field.machine(machine.uuid)
    assert (row.connection, row.status, row.version) == (Connection.ONLINE, MachineStatus.FULL, version + 1)


@pytest.mark.outcome("machine-unstable")
async def test_a_flapping_machine_gets_one_unstable_card_and_calms_down(field: Field) -> None:
    machine = await field.a_machine()
    beat = await field.now()
    for turn in range(3):
        await _seen(field, machine.uuid, Connection.ONLINE, beat + timedelta(seconds=turn))
        await _becomes(field, machine.uuid, Connection.ONLINE)
        await _seen(field, machine.uuid, Connection.OFFLINE, beat + timedelta(seconds=turn))
        await _becomes(field, machine.uuid, Connection.OFFLINE)
    assert (await field.machine(machine.uuid)).unstable
    assert await field.notices("Admin") == ["machine_unstable"]

    await field.skip(minutes=11)
    assert not (await field.machine(machine.uuid)).unstable


@pytest.mark.outcome("machine-retired")
async def test_a_retired_machine_is_over(field: Field) -> None:
    machine = await field.a_machine()
    handle = field.temporal.client.get_workflow_handle(machine_id(machine.uuid))
    view = await _move(field, machine.uuid, MachineMove.RETIRE)
    await ended(handle)
    assert view.status == MachineStatus.INACTIVE
    with pytest.raises(Closed):
        await _move(field, machine.uuid, MachineMove.FILL)


async def test_cancel_in_the_temporal_ui_is_refused_for_a_machine(field: Field) -> None:
    machine = await field.a_machine()
    handle = field.temporal.client.get_workflow_handle(machine_id(machine.uuid))
    await handle.cancel()
    assert (await _move(field, machine.uuid, MachineMove.FILL)).status == MachineStatus.FULL


async def test_what_a_machine_reports_itself_is_no_persons_move(field: Field) -> None:
    machine = await field.a_machine()
    with pytest.raises(NotAllowed):
        await _move(field, machine.uuid, MachineMove.BEGIN_WORK)
