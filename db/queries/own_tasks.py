"""Reading what a person did last, for words that come when a task has moved on."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.queries.assignments import AssignmentDetail, assignment_by_id


async def last_task_of(session: AsyncSession, user_id: int) -> AssignmentDetail | None:
    """Return the task of a person that changed last, whatever its status."""
    query = select(TechnicianAssignment.id).where(TechnicianAssignment.assigned_to == user_id)
    order = (TechnicianAssignment.updated_at.desc(), TechnicianAssignment.id.desc())
    number = await session.scalar(query.order_by(*order).limit(1))
    return None if number is None else await assignment_by_id(session, number)
