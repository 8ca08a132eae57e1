"""Reading invites as cards and lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import Invite, Organization
from domain.roles import Role


class InviteState(StrEnum):
    """Where an invite stands."""

    OPEN = "open"
    EXPIRED = "expired"
    TO_CONFIRM = "to_confirm"
    """Opened by somebody whom the inviter has not confirmed yet."""
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class InviteDetail:
    """An invite as its card shows it."""

    invite_id: int
    organization_id: int | None
    organization_name: str
    name: str
    role: Role
    invited_by: int | None
    expires_at: datetime
    opened_at: datetime | None
    opened_by_name: str | None
    opened_by_username: str | None
    opened_by_telegram_id: int | None
    confirmed_at: datetime | None
    refused_at: datetime | None


@dataclass(frozen=True, slots=True)
class InviteRow:
    """An invite in lists; never its code."""

    invite_id: int
    organization_id: int | None
    name: str
    role: Role
    invited_by: int | None
    state: InviteState
    expires_at: datetime
    opened_at: datetime | None
    opened_by_name: str | None
    created_at: datetime


def _state(invite: Invite, now: datetime) -> InviteState:
    if invite.refused_at is not None:
        return InviteState.REFUSED
    if invite.confirmed_at is not None:
        return InviteState.CONFIRMED
    if invite.opened_at is not None:
        return InviteState.TO_CONFIRM
    return InviteState.EXPIRED if invite.expires_at <= now else InviteState.OPEN


def _row(invite: Invite) -> InviteRow:
    return InviteRow(
        invite_id=invite.id,
        organization_id=invite.organization_id,
        name=invite.name,
        role=invite.role,
        invited_by=invite.invited_by,
        state=_state(invite, datetime.now(UTC)),
        expires_at=invite.expires_at,
        opened_at=invite.opened_at,
        opened_by_name=invite.opened_by_name,
        created_at=invite.created_at,
    )


def _within(query: Select[Any], organizations: Sequence[int]) -> Select[Any]:
    return query.where(Invite.organization_id.in_(organizations))


async def list_invites(
    session: AsyncSession, organizations: Sequence[int], *, limit: int = 50, offset: int = 0
) -> list[InviteRow]:
    """Return the invites of organizations, newest first."""
    query = _within(select(Invite), organizations).order_by(Invite.id.desc()).limit(limit).offset(offset)
    return [_row(invite) for invite in await session.scalars(query)]


async def count_invites(session: AsyncSession, organizations: Sequence[int]) -> int:
    """Return how many invites ``list_invites`` pages through."""
    return int(await session.scalar(_within(select(func.count(Invite.id)), organizations)) or 0)


async def invite_row(session: AsyncSession, invite_id: int) -> InviteRow | None:
    """Return one invite the scope may see."""
    invite = await session.get(Invite, invite_id)
    return None if invite is None else _row(invite)


async def invite_detail(session: AsyncSession, invite_id: int) -> InviteDetail | None:
    """Return an invite for its card (system scope)."""
    row = (
        await session.execute(
            select(Invite, Organization.name)
            .outerjoin(Organization, Organization.id == Invite.organization_id)
            .where(Invite.id == invite_id)
        )
    ).one_or_none()
    if row is None:
        return None
    invite, organization = row
    return InviteDetail(
        invite_id=invite.id,
        organization_id=invite.organization_id,
        organization_name=organization or "",
        name=invite.name,
        role=invite.role,
        invited_by=invite.invited_by,
        expires_at=invite.expires_at,
        opened_at=invite.opened_at,
        opened_by_name=invite.opened_by_name,
        opened_by_username=invite.opened_by_username,
        opened_by_telegram_id=invite.opened_by_telegram_id,
        confirmed_at=invite.confirmed_at,
        refused_at=invite.refused_at,
    )
