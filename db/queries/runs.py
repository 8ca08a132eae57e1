"""What a lost run of an assignment, a machine or an onboarding starts from again: its row (WORDS 2)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import AssignmentEvent
from db.queries.assignments import AssignmentDetail, AssignmentFilter, assignment_by_id, list_assignments
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.settings import machine_policy, settings
from db.queries.stories import thing_story
from domain.assignments import (
    HELD_STATUSES,
    OPEN_STATUSES,
    WORK_ON_MACHINE,
    AssignmentMove,
    AssignmentState,
    AssignmentStatus,
    TaskType,
)
from domain.defaults import SETUP_CODE_EXPIRES_S, assignment_policy
from domain.ids import onboarding_id
from domain.machines import Connection, MachineState
from domain.onboarding import OPEN_STEPS, MachineDetails, OnboardingPolicy, OnboardingState


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


async def assignment_state(session: AsyncSession, assignment_id: int) -> AssignmentState | None:
    """Return the state of the workflow ``task-assignment`` as its rows have it.

    Who would have been asked next is not in them: after the one who is asked, the dispatcher chooses.
    """
    detail = await assignment_by_id(session, assignment_id)
    if detail is None:
        return None
    own = await settings(session, detail.organization_id)
    waits = detail.task_type == TaskType.INSTALLATION and detail.machine_onboarding_step in OPEN_STEPS
    held = detail.status != AssignmentStatus.PENDING
    return AssignmentState(
        assignment_id=detail.assignment_id,
        organization_id=detail.organization_id,
        machine_id=detail.machine_id,
        machine_uuid=detail.machine_uuid,
        machine_name=detail.machine_name,
        assigned_by=detail.assigned_by,
        task_type=detail.task_type,
        priority=detail.priority,
        scheduled_date=detail.scheduled_date,
        policy=assignment_policy(own, detail.priority, detail.arrival_radius_m),
        asked=detail.asked,
        mode=detail.offer_mode,
        description=detail.description,
        expected_minutes=detail.expected_minutes,
        arrival_radius_m=detail.arrival_radius_m,
        parent_assignment_id=detail.parent_assignment_id,
        onboarding_id=onboarding_id(detail.machine_uuid) if waits else None,
        status=detail.status,
        holder=detail.assigned_to if held else None,
        holder_name=(detail.assigned_to_name or "") if held else "",
        created=True,
        photos=detail.photos,
        offer_no=max((one.offer_no for one in detail.offers), default=1),
        offer_due_at=detail.offer_due_at,
        reminded=await _was_reminded(session, assignment_id),
        since=_since(detail),
        started_at=detail.started_at,
        checklist=detail.checklist,
        answers=detail.answers,
        undo_until=detail.undo_until,
        settled=detail.settled_at is not None,
        moves=detail.version,
    )


def _since(detail: AssignmentDetail) -> datetime | None:
    """Return from when a repaired task is late again: whoever was called once is not called at once."""
    return detail.updated_at if detail.status in HELD_STATUSES or not detail.asked else None


async def _was_reminded(session: AsyncSession, assignment_id: int) -> bool:
    """Return whether the offer that stands has been reminded of."""
    moves = select(AssignmentEvent.move).where(
        AssignmentEvent.assignment_id == assignment_id,
        AssignmentEvent.move.in_((AssignmentMove.OFFER, AssignmentMove.REMIND)),
    )
    last = await session.scalar(moves.order_by(AssignmentEvent.id.desc()).limit(1))
    return last == AssignmentMove.REMIND
