"""What a new assignment starts from: its number, its machine, the organization's settings."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db import numbers
from db.queries.machines import machine_by_id
from db.queries.settings import setting
from domain.assignments import AssignmentPolicy, AssignmentState, TaskType
from domain.defaults import EXPECTED_MINUTES
from domain.errors import NotFound
from domain.ids import onboarding_id
from domain.offers import Offer
from domain.onboarding import OPEN_STEPS
from domain.priorities import Priority


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A task that somebody, a plan or a report asks for; who asks decides who is the dispatcher."""

    machine_id: int
    assigned_by: int
    task_type: TaskType
    priority: Priority
    scheduled_date: datetime
    offer: Offer = field(default_factory=Offer)
    description: str = ""
    expected_minutes: int | None = None
    parent_assignment_id: int | None = None
    """The task whose failed step asked for this one."""


async def new_assignment(session: AsyncSession, order: NewAssignment, source: str) -> AssignmentState:
    """Reserve a number under ``source`` and return what ``Gateway.create_assignment`` is given.

    Raises:
        NotFound: the scope sees no such machine.
    """
    machine = await machine_by_id(session, order.machine_id)
    if machine is None:
        raise NotFound(noun="machine")
    stands_s = await setting(session, machine.organization_id, f"offer_stands_{order.priority}_s")
    waits = order.task_type == TaskType.INSTALLATION and machine.onboarding_step in OPEN_STEPS
    asked = order.offer.candidates[0] if order.offer.candidates else None
    return AssignmentState(
        assignment_id=await numbers.reserve(session, "assignment", source, machine.organization_id),
        organization_id=machine.organization_id,
        machine_id=machine.machine_id,
        machine_uuid=machine.uuid,
        machine_name=machine.name,
        assigned_by=order.assigned_by,
        task_type=order.task_type,
        priority=order.priority,
        scheduled_date=order.scheduled_date,
        policy=AssignmentPolicy(offer_stands_s=stands_s),
        assigned_to=asked.user_id if asked else None,
        assignee_name=asked.name if asked else "",
        description=order.description,
        expected_minutes=order.expected_minutes or EXPECTED_MINUTES[order.task_type],
        onboarding_id=onboarding_id(machine.uuid) if waits else None,
    )
