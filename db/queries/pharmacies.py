"""Reading pharmacies and who works there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import MembershipRow, User
from db.models.helpdesk import Pharmacy, Ticket
from domain.roles import Role
from domain.tickets import OPEN_TICKETS


@dataclass(frozen=True, slots=True)
class PharmacyDetail:
    """A pharmacy as lists, pages and the API show it."""

    pharmacy_id: int
    organization_id: int
    name: str
    address: str | None
    phone: str | None
    app_version: str | None
    pic_id: int | None
    pic_name: str | None
    code_ends: str | None
    code_issued_at: datetime | None
    is_active: bool
    people: int
    open_tickets: int
    created_at: datetime


_PEOPLE = (
    select(func.count())
    .where(MembershipRow.pharmacy_id == Pharmacy.id, MembershipRow.is_active)
    .correlate(Pharmacy)
    .scalar_subquery()
)
_OPEN = (
    select(func.count())
    .where(
        Ticket.pharmacy_id == Pharmacy.id,
        Ticket.status.in_(sorted(OPEN_TICKETS)),
        Ticket.deleted_at.is_(None),
    )
    .correlate(Pharmacy)
    .scalar_subquery()
)
_QUERY = (
    select(Pharmacy, User.name, _PEOPLE, _OPEN)
    .outerjoin(User, User.id == Pharmacy.pic_id)
    .where(Pharmacy.deleted_at.is_(None))
)


def _detail(row: Pharmacy, pic_name: str | None, people: int, open_tickets: int) -> PharmacyDetail:
    return PharmacyDetail(
        pharmacy_id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        address=row.address,
        phone=row.phone,
        app_version=row.app_version,
        pic_id=row.pic_id,
        pic_name=pic_name,
        code_ends=row.code_ends,
        code_issued_at=row.code_issued_at,
        is_active=row.is_active,
        people=people,
        open_tickets=open_tickets,
        created_at=row.created_at,
    )


async def pharmacy_by_id(session: AsyncSession, pharmacy_id: int) -> PharmacyDetail | None:
    """Return a pharmacy the scope may see, suspended or not."""
    row = (await session.execute(_QUERY.where(Pharmacy.id == pharmacy_id))).one_or_none()
    return None if row is None else _detail(*row)


def _narrowed(organizations: Sequence[int], search: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Pharmacy.organization_id.in_(organizations)]
    if search:
        found.append(Pharmacy.name.icontains(search, autoescape=True))
    return found


async def list_pharmacies(
    session: AsyncSession, organizations: Sequence[int], *, search: str = "", limit: int = 50, offset: int = 0
) -> list[PharmacyDetail]:
    """Return pharmacies by name."""
    query = _QUERY.where(*_narrowed(organizations, search)).order_by(Pharmacy.name, Pharmacy.id)
    return [_detail(*row) for row in await session.execute(query.limit(limit).offset(offset))]


async def count_pharmacies(session: AsyncSession, organizations: Sequence[int], *, search: str = "") -> int:
    """Return how many ``list_pharmacies`` pages through."""
    query = select(func.count()).select_from(Pharmacy).where(Pharmacy.deleted_at.is_(None))
    return int(await session.scalar(query.where(*_narrowed(organizations, search))) or 0)


async def pharmacies_of(session: AsyncSession, organizations: Sequence[int]) -> list[int]:
    """Return the numbers of all pharmacies of organizations."""
    return list(await session.scalars(select(Pharmacy.id).where(Pharmacy.organization_id.in_(organizations))))


async def customers_of(session: AsyncSession, pharmacy_id: int) -> list[tuple[int, str]]:
    """Return a pharmacy's active people, by name."""
    rows = await session.execute(
        select(User.id, User.name)
        .join(MembershipRow, MembershipRow.user_id == User.id)
        .where(
            MembershipRow.pharmacy_id == pharmacy_id,
            MembershipRow.role == Role.CUSTOMER,
            MembershipRow.is_active,
            User.is_active,
        )
        .order_by(User.name)
    )
    return [(number, name) for number, name in rows]
