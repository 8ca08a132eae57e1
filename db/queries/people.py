"""Reading people: who somebody is, who works where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.core import MembershipRow, Organization, TelegramAccount, User
from db.models.helpdesk import Pharmacy
from domain.assignments import OPEN_STATUSES
from domain.people import Membership, Person
from domain.roles import ADMIN_ROLES, FIELD_ROLES, Role


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person with what identity checks need beside them."""

    person: Person
    is_active: bool
    """False: the account is off, or every membership is suspended."""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in lists and pickers of one organization."""

    user_id: int
    name: str
    email: str | None
    role: Role
    organization_id: int
    is_active: bool
    linked: bool
    blocked: bool
    open_assignments: int
    planned_minutes: int
    username: str | None
    created_at: datetime
    points_balance: int
    photo_url: str | None


# Once made, since every update and every delivery asks it.
_PERSON = (
    select(
        User.id,
        User.name,
        User.language,
        User.time_zone,
        User.is_super_admin,
        User.is_active,
        TelegramAccount.telegram_id,
        TelegramAccount.blocked_at,
        MembershipRow.organization_id,
        MembershipRow.role,
        MembershipRow.is_active.label("membership_is_active"),
        MembershipRow.pharmacy_id,
        Organization.name.label("organization_name"),
        Pharmacy.name.label("pharmacy_name"),
    )
    .outerjoin(TelegramAccount, TelegramAccount.user_id == User.id)
    .outerjoin(MembershipRow, MembershipRow.user_id == User.id)
    .outerjoin(Organization, Organization.id == MembershipRow.organization_id)
    .outerjoin(Pharmacy, Pharmacy.id == MembershipRow.pharmacy_id)
    .where(User.deleted_at.is_(None))
    .order_by(MembershipRow.id)
)
_BY_TELEGRAM = _PERSON.where(TelegramAccount.telegram_id == bindparam("telegram_id"))
_BY_ID = _PERSON.where(User.id == bindparam("user_id"))


async def _known(
    session: AsyncSession, query: Select[*tuple[Any, ...]], given: dict[str, int]
) -> KnownPerson | None:
    rows = (await session.execute(query, given)).all()
    if not rows:
        return None
    user = rows[0]
    held = [row for row in rows if row.organization_id is not None]
    active = tuple(
        Membership(
            row.organization_id, row.organization_name, row.role, row.pharmacy_id, row.pharmacy_name or ""
        )
        for row in held
        if row.membership_is_active
    )
    person = Person(
        user_id=user.id,
        name=user.name,
        language=user.language,
        time_zone=user.time_zone,
        is_super_admin=user.is_super_admin,
        memberships=active,
        telegram_id=user.telegram_id,
    )
    is_active = user.is_active and (user.is_super_admin or bool(active) or not held)
    return KnownPerson(person, is_active, blocked=user.blocked_at is not None)


async def person_by_telegram(session: AsyncSession, telegram_id: int) -> KnownPerson | None:
    """Return who is linked to a Telegram account (system scope)."""
    return await _known(session, _BY_TELEGRAM, {"telegram_id": telegram_id})


async def person_by_id(session: AsyncSession, user_id: int) -> KnownPerson | None:
    """Return a person by id (system scope)."""
    return await _known(session, _BY_ID, {"user_id": user_id})


def _people_query() -> Select[*tuple[Any, ...]]:
    open_work = (
        select(
            TechnicianAssignment.assigned_to,
            func.count().label("open"),
            func.sum(TechnicianAssignment.expected_minutes).label("minutes"),
        )
        .where(TechnicianAssignment.status.in_(OPEN_STATUSES))
        .group_by(TechnicianAssignment.assigned_to)
        .subquery()
    )
    return (
        select(
            User,
            MembershipRow,
            TelegramAccount,
            func.coalesce(open_work.c.open, 0).label("open"),
            func.coalesce(open_work.c.minutes, 0).label("minutes"),
        )
        .join(MembershipRow, MembershipRow.user_id == User.id)
        .outerjoin(TelegramAccount, TelegramAccount.user_id == User.id)
        .outerjoin(open_work, open_work.c.assigned_to == User.id)
        .where(User.deleted_at.is_(None))
    )


def _person_row(row: Row[*tuple[Any, ...]]) -> PersonRow:
    user, membership, account, open_count, minutes = row
    return PersonRow(
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=membership.role,
        organization_id=membership.organization_id,
        is_active=user.is_active and membership.is_active,
        linked=account is not None,
        blocked=bool(account and account.blocked_at),
        open_assignments=int(open_count),
        planned_minutes=int(minutes),
        username=account.username if account else None,
        created_at=user.created_at,
        points_balance=user.points_balance,
        photo_url=user.photo_url,
    )


async def list_people(  # noqa: PLR0913 - each is one filter of the list
    session: AsyncSession,
    organizations: Sequence[int],
    *,
    roles: Sequence[Role] = (),
    search: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[PersonRow]:
    """Return people of the organizations by name. Needs the system scope: it reads linked accounts."""
    query = _people_query().where(MembershipRow.organization_id.in_(organizations))
    if roles:
        query = query.where(MembershipRow.role.in_(roles))
    if search:
        query = query.where(User.name.icontains(search, autoescape=True))
    rows = await session.execute(query.order_by(User.name, User.id).limit(limit).offset(offset))
    return [_person_row(row) for row in rows]


async def person_row(session: AsyncSession, user_id: int, organization_id: int) -> PersonRow | None:
    """Return one member of an organization, suspended or not. Needs the system scope like ``list_people``."""
    query = _people_query().where(User.id == user_id, MembershipRow.organization_id == organization_id)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _person_row(row)


async def count_people(
    session: AsyncSession, organizations: Sequence[int], *, roles: Sequence[Role] = (), search: str = ""
) -> int:
    """Return how many memberships ``list_people`` pages through."""
    query = (
        select(func.count())
        .select_from(MembershipRow)
        .join(User, User.id == MembershipRow.user_id)
        .where(MembershipRow.organization_id.in_(organizations), User.deleted_at.is_(None))
    )
    if roles:
        query = query.where(MembershipRow.role.in_(roles))
    if search:
        query = query.where(User.name.icontains(search, autoescape=True))
    return int(await session.scalar(query) or 0)


async def field_people(session: AsyncSession, organization_id: int, search: str = "") -> list[PersonRow]:
    """Return the active technicians and operators of an organization, least loaded first."""
    rows = await list_people(session, [organization_id], roles=tuple(FIELD_ROLES), search=search, limit=200)
    active = [row for row in rows if row.is_active]
    return sorted(active, key=lambda row: (not row.linked or row.blocked, row.planned_minutes, row.name))


async def member_ids(session: AsyncSession, organization_id: int, roles: Collection[Role]) -> list[int]:
    """Return the active people who have one of the roles in an organization."""
    found = await session.scalars(
        select(MembershipRow.user_id)
        .join(User, User.id == MembershipRow.user_id)
        .where(
            MembershipRow.organization_id == organization_id,
            MembershipRow.role.in_(roles),
            MembershipRow.is_active,
            User.is_active,
        )
        .order_by(MembershipRow.user_id)
    )
    return list(dict.fromkeys(found))


async def admin_ids(session: AsyncSession, organization_id: int) -> list[int]:
    """Return the active admins of an organization; when it has none, the super admins."""
    found = await member_ids(session, organization_id, ADMIN_ROLES)
    if found:
        return found
    return list(
        await session.scalars(select(User.id).where(User.is_super_admin, User.is_active).order_by(User.id))
    )


async def organizations(session: AsyncSession) -> list[tuple[int, str]]:
    """Return the visible organizations as (id, name)."""
    rows = await session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.deleted_at.is_(None))
        .order_by(Organization.name)
    )
    return [(number, name) for number, name in rows]


async def any_super_admin_linked(session: AsyncSession) -> bool:
    """Return whether a super admin has linked a chat; until then ``siaga up`` prints a link (WORDS 1)."""
    found = await session.scalar(
        select(User.id)
        .join(TelegramAccount, TelegramAccount.user_id == User.id)
        .where(User.is_super_admin)
        .limit(1)
    )
    return found is not None
