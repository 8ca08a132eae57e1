"""What a new assignment starts from: its number, its machine, the organization's settings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db import numbers
from db.queries.duty import offer_due_at
from db.queries.machines import machine_by_id
from db.queries.settings import settings
from domain.assignment_records import OfferOrder, OfferTerms
from domain.assignments import AssignmentState, TaskType
from domain.defaults import assignment_policy
from domain.errors import NotFound
from domain.ids import onboarding_id
from domain.offers import Offer, dealt
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
    """None: as long as tasks of this type take in the organization."""
    arrival_radius_m: int | None = None
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
    waits = order.task_type == TaskType.INSTALLATION and machine.onboarding_step in OPEN_STEPS
    own = await settings(session, machine.organization_id)
    usual = round(own[f"expected_minutes_{order.task_type}"])
    asked, waiting = dealt(order.offer)
    policy = assignment_policy(own, order.priority, order.arrival_radius_m)
    people = [one.user_id for one in asked]
    due_at = await offer_due_at(
        session, machine.organization_id, people, datetime.now(UTC), policy.offer_stands_s
    )
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
        policy=policy,
        asked=asked,
        waiting=waiting,
        mode=order.offer.mode,
        offer_due_at=due_at if people else None,
        description=order.description,
        expected_minutes=order.expected_minutes or usual,
        arrival_radius_m=order.arrival_radius_m,
        parent_assignment_id=order.parent_assignment_id,
        onboarding_id=onboarding_id(machine.uuid) if waits else None,
    )


async def offer_terms(session: AsyncSession, order: OfferOrder) -> OfferTerms:
    """Return how long an offer stands by the organization's settings of today, and when it is over."""
    own = await settings(session, order.organization_id)
    stands_s = own[f"offer_stands_{order.priority}_s"]
    due_at = await offer_due_at(session, order.organization_id, order.user_ids, order.at, stands_s)
    return OfferTerms(stands_s, due_at)
