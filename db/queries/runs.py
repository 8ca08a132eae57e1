"""What a lost run of a machine or an onboarding starts from again: its row (WORDS 2)."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.assignments import AssignmentDetail, AssignmentFilter, list_assignments
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.settings import machine_policy, settings
from db.queries.stories import thing_story
from domain.assignments import OPEN_STATUSES, WORK_ON_MACHINE, AssignmentStatus, TaskType
from domain.defaults import SETUP_CODE_EXPIRES_S
from domain.machines import Connection, MachineState
from domain.onboarding import MachineDetails, OnboardingPolicy, OnboardingState


async def machine_state(session: AsyncSession, machine_id: int) -> MachineState | None:
    """Return the state of the workflow ``machine`` as its row has it."""
    row = await machine_by_id(session, machine_id)
    if row is None:
        return None
    running = await list_assignments(
        session, AssignmentFilter(machine_id=machine_id, statuses=(AssignmentStatus.IN_PROGRESS,))
    )
    told = await _told_of_outage(session, row)
    return MachineState(
        machine_id=row.machine_id,
        machine_uuid=row.uuid,
        organization_id=row.organization_id,
        name=row.name,
        edge_id=row.edge_id,
        status=row.status,
        connection=row.connection,
        since=row.connection_since,
        last_beat_at=row.last_heartbeat,
        changes=[row.connection_since] if row.unstable and row.connection_since else [],
        unstable=row.unstable,
        alerted="outage" in told,
        proposed="repair_proposed" in told,
        work=[task.assignment_id for task in running if task.task_type in WORK_ON_MACHINE],
        moves=row.version,
        policy=await machine_policy(session, row.organization_id),
    )


async def _told_of_outage(session: AsyncSession, row: MachineDetail) -> set[str]:
    """Return what the admins have heard of the outage that lasts."""
    if row.connection != Connection.OFFLINE or row.connection_since is None:
        return set()
    story = await thing_story(session, "machine", row.machine_id, limit=10)
    return {line.action for line in story if line.at > row.connection_since}


async def onboarding_state(session: AsyncSession, machine_id: int) -> OnboardingState | None:
    """Return the state of the workflow ``machine-onboarding`` as its row has it; it goes on from its step."""
    row = await machine_by_id(session, machine_id)
    if row is None or row.registered_by is None:
        return None
    own = await settings(session, row.organization_id)
    installation = await _installation(session, machine_id)
    issued = row.code_expires_at
    return OnboardingState(
        machine_uuid=row.uuid,
        organization_id=row.organization_id,
        registered_by=row.registered_by,
        registered_by_name=row.registered_by_name or "",
        machine=_details(row),
        installer_id=installation.assigned_to if installation else None,
        installer_name=(installation.assigned_to_name or "") if installation else "",
        installation_at=installation.scheduled_date if installation else None,
        policy=OnboardingPolicy(own["handshake_remind_s"], own["key_expires_s"]),
        step=row.onboarding_step,
        machine_id=row.machine_id,
        edge_id=row.edge_id,
        key_handoff=row.key_handoff_id,
        assignment_id=installation.assignment_id if installation else None,
        key_issued_at=issued - timedelta(seconds=SETUP_CODE_EXPIRES_S) if issued else None,
        hardware_id=row.hardware_id or "",
        installed=installation is not None and installation.status == AssignmentStatus.COMPLETED,
        moves=row.version,
    )


async def _installation(session: AsyncSession, machine_id: int) -> AssignmentDetail | None:
    """Return the machine's latest installation that is open or completed."""
    wanted = AssignmentFilter(
        machine_id=machine_id,
        task_type=TaskType.INSTALLATION,
        statuses=(*OPEN_STATUSES, AssignmentStatus.COMPLETED),
    )
    found = await list_assignments(session, wanted)
    return max(found, key=lambda task: task.assignment_id, default=None)


def _details(row: MachineDetail) -> MachineDetails:
    return MachineDetails(
        name=row.name,
        latitude=row.latitude,
        longitude=row.longitude,
        address=row.address or "",
        serial_number=row.serial_number or "",
        capacity=row.capacity,
    )
