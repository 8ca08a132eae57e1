"""Reading who may see a file."""

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import AssignmentPhoto, TechnicianAssignment
from db.models.core import File


async def has_own_file(session: AsyncSession, file_id: int, user_id: int) -> bool:
    """Return whether a person sent the file or it belongs to an assignment that is theirs."""
    shown = exists().where(
        AssignmentPhoto.file_id == File.id,
        AssignmentPhoto.assignment_id == TechnicianAssignment.id,
        TechnicianAssignment.assigned_to == user_id,
    )
    query = select(File.id).where(File.id == file_id, or_(File.created_by == user_id, shown))
    return await session.scalar(query) is not None
