"""Which file is the report of a task."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment


async def keep_report(session: AsyncSession, assignment_id: int, file_id: int) -> None:
    """Name the file that is the task's report."""
    row = TechnicianAssignment
    await session.execute(update(row).where(row.id == assignment_id).values(report_file_id=file_id))
