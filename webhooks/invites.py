"""Invites: one-time links for people to be (WORDS 1)."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from db.people import create_invite
from db.queries.invites import InviteState, count_invites, invite_row, list_invites
from domain.errors import NotAllowed, NotFound
from domain.ids import uuid_from_source
from domain.roles import Permission, Role, may_invite
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Identity, Input, Name, Output, Page, Paged, QueryId
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin/invites", tags=["people"])

CODE_PARTS = ("first", "second")
"""Two setup codes' worth of letters: 100 bits, from the source, so that a repeat gets the same link."""


class InviteIn(Input):
    """Who is to come, as what."""

    name: Name = Field(examples=["Sari"])
    role: Role = Field(examples=["teknisi"])
    organization_id: Identity


class InviteOut(Output):
    """An invite; its code is told only when it is made."""

    id: int = Field(validation_alias="invite_id")
    organization_id: int | None
    name: str
    role: Role
    invited_by: int | None
    state: InviteState
    expires_at: datetime
    opened_at: datetime | None
    opened_by_name: str | None
    created_at: datetime


class NewInviteOut(InviteOut):
    """The link to pass on; ``link`` is None where the bot's name is not set."""

    code: str
    link: str | None


@router.post("", summary="Invite somebody", status_code=201)
async def invite(body: InviteIn, web: Web, caller: Writer, move: Move) -> NewInviteOut:
    """Opened by the first who taps it; staff roles wait for the inviter's confirmation in chat."""
    _may_give(caller, body)
    source = await move.take()
    async with web.settings.database.transaction(caller.tenants) as session:
        invite_id, code = await create_invite(
            session,
            name=body.name,
            role=body.role,
            organization_id=body.organization_id,
            invited_by=caller.person.user_id,
            code=_code(web, source.text),
        )
        row = InviteOut.model_validate(await invite_row(session, invite_id))
    bot = web.settings.bot_username
    link = f"https://t.me/{bot}?start={code}" if bot else None
    return NewInviteOut.model_validate(
        row.model_dump() | {"invite_id": invite_id, "code": code, "link": link}
    )


@router.get("", summary="Invites of the caller's organizations")
async def list_all(
    web: Web, caller: Reader, paging: Paged, organization_id: QueryId = None
) -> Page[InviteOut]:
    """Newest first."""
    within = caller.organizations_with(Permission.MANAGE_PEOPLE, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = await list_invites(session, within, limit=paging.limit, offset=paging.offset)
        total = await count_invites(session, within)
    items = [InviteOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


def _may_give(caller: Caller, body: InviteIn) -> None:
    if body.organization_id not in caller.organizations:
        raise NotFound(noun="organization")
    role = caller.person.role_in(body.organization_id)
    if role is None or not may_invite(role, body.role):
        raise NotAllowed(permission=Permission.MANAGE_PEOPLE.value)


def _code(web: WebState, source: str) -> str:
    parts = (
        web.settings.cipher.setup_code(uuid_from_source(f"invite-{part}-{source}")) for part in CODE_PARTS
    )
    return "".join(parts).replace("-", "")
