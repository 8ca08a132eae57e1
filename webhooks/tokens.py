"""Bearer tokens: hashed, scoped, revocable (DESIGN 7)."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from db.ingest.requests import revoke_token
from db.people import create_token
from db.queries.people import person_by_id
from db.queries.tokens import count_tokens, list_tokens, token_by_hash, token_by_id
from db.session import SYSTEM
from domain.errors import Closed, NotAllowed, NotFound
from domain.people import Person
from domain.roles import ADMIN_ROLES, Permission
from domain.signing import secret_hash
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Identity, Input, Name, Output, Page, Paged, PathId, QueryId
from webhooks.state import Web, WebState

router = APIRouter(prefix="/admin/tokens", tags=["people"])

TokenScope = Literal["read", "write"]


class TokenIn(Input):
    """For whom and what for; without ``user_id`` for the caller."""

    name: Name = Field(examples=["Dashboard"])
    user_id: Identity | None = None
    scopes: list[TokenScope] = Field(default=["read", "write"], min_length=1, max_length=2)


class TokenOut(Output):
    """A token in lists; what it opens is never told again."""

    id: int = Field(validation_alias="token_id")
    user_id: int
    user_name: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class NewTokenOut(Output):
    """The token, told once."""

    id: int
    user_id: int
    token: str = Field(examples=["siaga_..."])
    scopes: list[str]


@router.post("", summary="Make a token", status_code=201)
async def make(body: TokenIn, web: Web, caller: Writer, move: Move) -> NewTokenOut:
    """For oneself, or for somebody who is no admin and works only in organizations the caller manages.

    A repeat with the same Idempotency-Key is refused (410): the token was told once.
    """
    user_id = body.user_id or caller.person.user_id
    await _owned(web, caller, user_id)
    if not set(body.scopes) <= set(caller.scopes):
        raise NotAllowed(scope="write")
    if (await move.take()).repeated:
        raise Closed(noun="token")
    scopes: list[str] = sorted(set(body.scopes))
    async with web.settings.database.transaction(SYSTEM) as session:
        token = await create_token(session, user_id, body.name, scopes)
        row = await token_by_hash(session, secret_hash(token))
    return NewTokenOut(id=row.token_id if row else 0, user_id=user_id, token=token, scopes=scopes)


@router.get("", summary="Tokens of one person")
async def list_all(web: Web, caller: Reader, paging: Paged, user_id: QueryId = None) -> Page[TokenOut]:
    """The caller's own unless `user_id` says whose."""
    wanted = user_id or caller.person.user_id
    await _owned(web, caller, wanted)
    async with web.settings.database.transaction(SYSTEM) as session:
        rows = await list_tokens(session, wanted, limit=paging.limit, offset=paging.offset)
        total = await count_tokens(session, wanted)
    items = [TokenOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.delete("/{token_id}", summary="Revoke a token", status_code=204)
async def revoke(token_id: PathId, web: Web, caller: Writer) -> Response:
    """It stops at once; revoking it again changes nothing."""
    async with web.settings.database.transaction(SYSTEM) as session:
        row = await token_by_id(session, token_id)
    if row is None:
        raise NotFound(noun="token")
    await _owned(web, caller, row.user_id)
    async with web.settings.database.transaction(SYSTEM) as session:
        await revoke_token(session, token_id)
    return Response(status_code=204)


async def _owned(web: WebState, caller: Caller, user_id: int) -> None:
    """Refuse another person's tokens where they would give rights that the caller has not.

    Raises:
        NotFound: the person is in none of the caller's organizations.
        NotAllowed: they are an admin, or work elsewhere too, or the caller manages nobody.
    """
    if user_id == caller.person.user_id:
        return
    managed = caller.organizations_with(Permission.MANAGE_PEOPLE)
    async with web.settings.database.transaction(SYSTEM) as session:
        known = await person_by_id(session, user_id)
    if known is None:
        raise NotFound(noun="person")
    _may_own(caller, known.person, managed)


def _may_own(caller: Caller, person: Person, managed: tuple[int, ...]) -> None:
    if caller.person.is_super_admin and not person.is_super_admin:
        return
    if not any(membership.organization_id in managed for membership in person.memberships):
        raise NotFound(noun="person")
    elsewhere = any(membership.organization_id not in managed for membership in person.memberships)
    above = person.is_super_admin or any(membership.role in ADMIN_ROLES for membership in person.memberships)
    if elsewhere or above:
        raise NotAllowed(permission=Permission.MANAGE_PEOPLE.value)
