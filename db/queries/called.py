"""Whom a rung of a ladder calls at this moment (WORDS 1)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import AssignmentOffer, TechnicianAssignment
from db.models.core import User
from db.models.helpdesk import Ticket
from db.queries.dispatchers import dispatchers_of
from db.queries.duty import duties_of
from db.queries.people import admin_ids, member_ids, person_by_id
from domain.chat import Thing
from domain.escalations import Audience
from domain.offers import OfferOutcome
from domain.roles import Role


async def called_now(  # noqa: PLR0913 - what is late, where, and whom of whom
    session: AsyncSession,
    owner: Thing,
    owner_id: int,
    *,
    organization_id: int,
    audience: Audience,
    at: datetime,
) -> list[int]:
    """Return the active people an audience stands for at a moment, each once; nobody is an empty list."""
    if audience == Audience.SUPER_ADMINS:
        everywhere = select(User.id).where(User.is_super_admin, User.is_active, User.deleted_at.is_(None))
        return list(await session.scalars(everywhere.order_by(User.id)))
    if audience == Audience.ADMINS:
        return await admin_ids(session, organization_id)
    if audience == Audience.EXPERTS:
        experts = await member_ids(session, organization_id, (Role.TEAM_EXPERT,))
        return await _there(session, organization_id, experts, at) or experts
    if audience == Audience.HOLDER:
        holders = await _active(session, await _holders(session, owner, owner_id))
        # A ticket waits for no one who is away: the next rung is called at once. A task is its holder's.
        is_ticket = owner == Thing.TICKET
        return await _there(session, organization_id, holders, at) if is_ticket else holders
    if owner == Thing.ASSIGNMENT:
        return await dispatchers_of(session, owner_id, at)
    return await admin_ids(session, organization_id)


async def _holders(session: AsyncSession, owner: Thing, owner_id: int) -> Sequence[int]:
    """Return who holds the owner, else everybody who is asked and has not answered."""
    if owner == Thing.TICKET:
        ticket = await session.get_one(Ticket, owner_id)
        return [user for user in (ticket.tech_id or ticket.expert_id,) if user is not None]
    if owner != Thing.ASSIGNMENT:
        return ()
    holder = await session.scalar(
        select(TechnicianAssignment.assigned_to).where(TechnicianAssignment.id == owner_id)
    )
    if holder is not None:
        return (holder,)
    asked = select(AssignmentOffer.user_id).where(
        AssignmentOffer.assignment_id == owner_id, AssignmentOffer.outcome == OfferOutcome.ASKED
    )
    return list(dict.fromkeys(await session.scalars(asked.order_by(AssignmentOffer.id))))


async def _there(
    session: AsyncSession, organization_id: int, users: Sequence[int], at: datetime
) -> list[int]:
    """Return who of the people is on duty."""
    duties = await duties_of(session, organization_id, users)
    return [user for user in users if duties[user].on_duty(at)]


async def _active(session: AsyncSession, users: Sequence[int]) -> list[int]:
    """Leave out who was suspended: nobody answers there."""
    known = [(user, await person_by_id(session, user)) for user in users]
    return [user for user, person in known if person is not None and person.is_active]
