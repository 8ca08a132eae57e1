"""Rows of exports, read in parts so that a long period needs no more memory than a short one."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.assignments import AssignmentEvent, TechnicianAssignment
from db.models.core import User
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from domain.arrivals import ArrivalMethod, ArrivalOutcome
from domain.assignments import AssignmentMove, AssignmentStatus, TaskType
from domain.checklists import CheckOutcome
from domain.defaults import TIME_ZONE
from domain.machines import Connection, MachineStatus
from domain.onboarding import OnboardingStep
from domain.priorities import Priority
from domain.uptime import ConnectionChange, Span, Uptime, months, uptime

PART = 500
"""Rows that are held at once."""
_ZONE = text(
    """
    select mode() within group (order by time_zone) from rvm_machines
    where organization_id = :organization and deleted_at is null
    """
)
_CHANGES = text(
    """
    select thing_id, action, at from audit_events
    where thing = 'machine' and thing_id = any(cast(:machines as bigint[]))
      and action in ('online', 'offline') and at < :until
    order by thing_id, at, id
    """
)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as an export tells it; minutes and metres."""

    number: int
    status: AssignmentStatus
    task_type: TaskType
    priority: Priority
    machine: str
    serial_number: str | None
    address: str | None
    description: str
    assigned_by: str
    assigned_to: str | None
    scheduled: datetime
    expected_minutes: int
    created: datetime
    accepted: datetime | None
    started: datetime | None
    completed: datetime | None
    cancelled: datetime | None
    declined: int
    handed_back: int
    arrival_method: ArrivalMethod | None
    arrival_outcome: ArrivalOutcome | None
    arrival_distance_m: float | None
    arrival_accuracy_m: float | None
    arrival_reason: str | None
    checklist_steps: int
    failed_steps: Sequence[dict[str, Any]] = field(default_factory=list)
    """The failed steps as the checklist had them: ``label_id`` and ``label_en``."""
    photos: int = 0
    completion_notes: str | None = None
    follow_up_of: int | None = None

    @property
    def worked_minutes(self) -> int | None:
        """Return how long the work took."""
        if self.started is None or self.completed is None:
            return None
        return round((self.completed - self.started).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class MachineLine:
    """A machine as an export tells it; degrees WGS 84."""

    uuid: str
    name: str
    serial_number: str | None
    address: str | None
    latitude: float
    longitude: float
    capacity: int | None
    time_zone: str
    status: MachineStatus
    connection: Connection
    connection_since: datetime | None
    last_heartbeat: datetime | None
    unstable: bool
    onboarding_step: OnboardingStep
    commissioned: datetime | None
    registered: datetime
    hardware_id: str | None
    edge_version: str | None


@dataclass(frozen=True, slots=True)
class UptimeLine:
    """One machine in one month of its own zone."""

    month: date
    name: str
    serial_number: str | None
    time_zone: str
    uptime: Uptime


async def organization_zone(session: AsyncSession, organization_id: int) -> str:
    """Return the zone of an organization: where most of its machines stand."""
    return await session.scalar(_ZONE, {"organization": organization_id}) or TIME_ZONE


async def count_tasks(session: AsyncSession, organization_id: int, period: Span) -> int:
    """Return how many lines ``task_lines`` has."""
    query = select(func.count()).where(*_in_period(organization_id, period))
    return int(await session.scalar(query) or 0)


def _in_period(organization_id: int, period: Span) -> tuple[Any, ...]:
    task = TechnicianAssignment
    return (
        task.organization_id == organization_id,
        task.scheduled_date >= period.begin,
        task.scheduled_date < period.end,
    )


async def task_lines(
    session: AsyncSession, organization_id: int, period: Span
) -> AsyncIterator[list[TaskLine]]:
    """Return the tasks scheduled in a period, in order, in parts."""
    by, to, task = aliased(User), aliased(User), TechnicianAssignment
    query = (
        select(
            task,
            RvmMachine,
            by.name,
            to.name,
            _moves(AssignmentMove.DECLINE),
            _moves(AssignmentMove.HAND_BACK),
        )
        .join(RvmMachine, RvmMachine.id == task.rvm_machine_id)
        .join(by, by.id == task.assigned_by)
        .outerjoin(to, to.id == task.assigned_to)
        .where(*_in_period(organization_id, period))
        .order_by(task.scheduled_date, task.id)
        .execution_options(yield_per=PART)
    )
    async for part in (await session.stream(query)).partitions():
        yield [_task(row) for row in part]


def _moves(move: AssignmentMove) -> Any:  # noqa: ANN401 - a subquery's column
    """Return how often a move happened to a task."""
    events = select(func.count()).where(
        AssignmentEvent.assignment_id == TechnicianAssignment.id, AssignmentEvent.move == move
    )
    return events.correlate(TechnicianAssignment).scalar_subquery()


def _task(row: Row[*tuple[Any, ...]]) -> TaskLine:
    task, machine, by_name, to_name, declined, handed_back = row
    failed = {one["code"] for one in task.checklist_answers if one["outcome"] == CheckOutcome.FAILED}
    return TaskLine(
        number=task.id,
        status=task.status,
        task_type=task.task_type,
        priority=task.priority,
        machine=machine.name,
        serial_number=machine.serial_number,
        address=machine.address,
        description=task.description,
        assigned_by=by_name,
        assigned_to=to_name,
        scheduled=task.scheduled_date,
        expected_minutes=task.expected_minutes,
        created=task.created_at,
        accepted=task.accepted_at,
        started=task.started_at,
        completed=task.completed_at,
        cancelled=task.cancelled_at,
        declined=declined,
        handed_back=handed_back,
        arrival_method=task.arrival_method,
        arrival_outcome=task.arrival_outcome,
        arrival_distance_m=task.arrival_distance_m,
        arrival_accuracy_m=task.arrival_accuracy_m,
        arrival_reason=task.arrival_reason,
        checklist_steps=len(task.checklist),
        failed_steps=[item for item in task.checklist if item["code"] in failed],
        photos=len(task.photos),
        completion_notes=task.completion_notes,
        follow_up_of=task.parent_assignment_id,
    )


async def machine_lines(session: AsyncSession, organization_id: int) -> AsyncIterator[list[MachineLine]]:
    """Return the machines of an organization by name, in parts."""
    query = (
        select(RvmMachine, EdgeServer, EdgeDevice.hardware_id)
        .join(EdgeDevice, EdgeDevice.rvm_machine_id == RvmMachine.id)
        .join(EdgeServer, EdgeServer.id == EdgeDevice.edge_server_id)
        .where(RvmMachine.organization_id == organization_id, RvmMachine.deleted_at.is_(None))
        .order_by(RvmMachine.name, RvmMachine.id)
        .execution_options(yield_per=PART)
    )
    async for part in (await session.stream(query)).partitions():
        yield [_machine(row) for row in part]


def _machine(row: Row[*tuple[Any, ...]]) -> MachineLine:
    machine, server, hardware_id = row
    return MachineLine(
        uuid=str(machine.uuid),
        name=machine.name,
        serial_number=machine.serial_number,
        address=machine.address,
        latitude=float(machine.latitude),
        longitude=float(machine.longitude),
        capacity=machine.capacity,
        time_zone=machine.time_zone,
        status=machine.status,
        connection=machine.connection,
        connection_since=machine.connection_since,
        last_heartbeat=server.last_heartbeat,
        unstable=machine.unstable,
        onboarding_step=machine.onboarding_step,
        commissioned=machine.commissioned_at,
        registered=machine.created_at,
        hardware_id=hardware_id,
        edge_version=server.version,
    )


async def uptime_lines(
    session: AsyncSession, organization_id: int, first: date, last: date
) -> AsyncIterator[list[UptimeLine]]:
    """Return each machine's uptime in the months from ``first`` to ``last``, in parts by machine.

    Months without service are left out; machines that were retired meanwhile are not.
    """
    now = datetime.now(UTC)
    query = (
        select(RvmMachine)
        .where(RvmMachine.organization_id == organization_id, RvmMachine.commissioned_at.is_not(None))
        .order_by(RvmMachine.name, RvmMachine.id)
        .limit(PART)
    )
    read = 0
    while machines := list(await session.scalars(query.offset(read))):
        read += len(machines)
        changes = await _changes(session, [machine.id for machine in machines], now)
        yield [
            line
            for machine in machines
            for line in _months_of(machine, changes.get(machine.id, []), (first, last), now)
        ]


async def _changes(
    session: AsyncSession, machines: list[int], until: datetime
) -> dict[int, list[ConnectionChange]]:
    """Return when each machine was heard again or missed, in order, from its first beat on."""
    found: dict[int, list[ConnectionChange]] = {}
    for row in await session.execute(_CHANGES, {"machines": machines, "until": until}):
        change = ConnectionChange(row.at, online=row.action == Connection.ONLINE)
        found.setdefault(row.thing_id, []).append(change)
    return found


def _months_of(
    machine: RvmMachine, changes: list[ConnectionChange], wanted: tuple[date, date], now: datetime
) -> list[UptimeLine]:
    service = Span(machine.commissioned_at or now, min(machine.deleted_at or now, now))
    lines = [
        UptimeLine(
            day, machine.name, machine.serial_number, machine.time_zone, uptime(service, changes, span)
        )
        for day, span in months(*wanted, machine.time_zone)
    ]
    return [line for line in lines if line.uptime.in_service_s]
