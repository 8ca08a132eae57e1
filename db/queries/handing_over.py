"""Reading what is somebody's in an organization, before it is given to a successor."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.models.assignments import TechnicianAssignment
from db.models.core import Invite
from db.queries.dispatchers import handovers
from db.queries.offers import is_asked
from domain.access import GrantSource
from domain.assignments import OPEN_STATUSES
from domain.handovers import successor


@dataclass(frozen=True, slots=True)
class Holdings:
    """The numbers of what is somebody's, each in the order it is to be moved."""

    tasks: list[int]
    """Open assignments they hold or alone are asked for, in order of the day."""
    shared: list[int]
    """Offers to them and others at once: the others are still asked."""
    dispatched: list[int]
    """Open assignments whose dispatcher they are."""
    invites: list[int]
    """Links that were not answered yet."""
    grants: list[int]
    """Machines they may enter by a grant given by hand."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.tasks or self.shared or self.dispatched or self.invites or self.grants)


async def holdings(session: AsyncSession, user_id: int, organization_id: int) -> Holdings:
    """Return what is a person's in an organization (system scope)."""
    task = TechnicianAssignment
    open_here = (task.organization_id == organization_id, task.status.in_(OPEN_STATUSES))
    order = (task.scheduled_date, task.id)
    tasks = await session.scalars(
        select(task.id).where(*open_here, task.assigned_to == user_id).order_by(*order)
    )
    shared = await session.scalars(
        select(task.id).where(*open_here, task.assigned_to.is_(None), is_asked(user_id)).order_by(*order)
    )
    moved = await handovers(session, organization_id)
    open_tasks = await session.execute(
        select(task.id, task.assigned_by, task.created_at).where(*open_here).order_by(*order)
    )
    dispatched = [
        one.id for one in open_tasks if successor(moved, one.assigned_by, one.created_at) == user_id
    ]
    invites = await session.scalars(
        select(Invite.id)
        .where(
            Invite.organization_id == organization_id,
            Invite.invited_by == user_id,
            Invite.confirmed_at.is_(None),
            Invite.refused_at.is_(None),
        )
        .order_by(Invite.id)
    )
    grants = await session.scalars(
        select(MachineGrant.id)
        .where(
            MachineGrant.organization_id == organization_id,
            MachineGrant.user_id == user_id,
            MachineGrant.source == GrantSource.MANUAL,
            MachineGrant.revoked_at.is_(None),
        )
        .order_by(MachineGrant.id)
    )
    return Holdings(list(tasks), list(shared), dispatched, list(invites), list(grants))
