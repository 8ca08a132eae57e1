"""Reading who wants to join a pharmacy."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.core import User
from db.models.helpdesk import JoinRequest, Pharmacy


@dataclass(frozen=True, slots=True)
class JoinDetail:
    """A request as its card shows it."""

    request_id: int
    organization_id: int
    pharmacy_id: int
    pharmacy_name: str
    pic_id: int | None
    name: str
    username: str | None
    telegram_id: int
    language: str
    asked_at: datetime
    answered_at: datetime | None
    answered_by_name: str | None
    is_accepted: bool | None


_BY = aliased(User)


async def join_request(session: AsyncSession, request_id: int) -> JoinDetail | None:
    """Return a request."""
    query = (
        select(JoinRequest, Pharmacy.name, Pharmacy.pic_id, _BY.name)
        .join(Pharmacy, Pharmacy.id == JoinRequest.pharmacy_id)
        .outerjoin(_BY, _BY.id == JoinRequest.answered_by)
        .where(JoinRequest.id == request_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    request, pharmacy, pic, by = row
    return JoinDetail(
        request_id=request.id,
        organization_id=request.organization_id,
        pharmacy_id=request.pharmacy_id,
        pharmacy_name=pharmacy,
        pic_id=pic,
        name=request.name,
        username=request.username,
        telegram_id=request.telegram_id,
        language=request.language,
        asked_at=request.created_at,
        answered_at=request.answered_at,
        answered_by_name=by,
        is_accepted=request.is_accepted,
    )


async def pic_of(session: AsyncSession, pharmacy_id: int) -> int | None:
    """Return a pharmacy's person in charge."""
    return await session.scalar(select(Pharmacy.pic_id).where(Pharmacy.id == pharmacy_id))
