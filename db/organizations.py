"""Writing organizations: the first one of an installation (further ones are master data of the API)."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import Organization


async def ensure_organization(session: AsyncSession, name: str) -> int:
    """Return the id of the organization with this name, made if there is none."""
    found = await session.scalar(
        select(Organization.id).where(Organization.name == name, Organization.deleted_at.is_(None)).limit(1)
    )
    if found is not None:
        return found
    row = Organization(name=name)
    session.add(row)
    await session.flush()
    return row.id
