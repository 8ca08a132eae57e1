"""Reading what was written under the photos of an assignment."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import AssignmentPhoto


async def captions(session: AsyncSession, assignment_id: int) -> list[str]:
    """Return the captions of an assignment's photos, in the order they came; empty where there is none."""
    query = select(AssignmentPhoto.caption).where(AssignmentPhoto.assignment_id == assignment_id)
    return [caption or "" for caption in await session.scalars(query.order_by(AssignmentPhoto.id))]
