"""Access to machines, given and taken back by hand (WORDS 1: super admins alone)."""

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import Field

from db.grants import AccessChange, grant, revoke
from db.queries.grants import (
    GrantFilter,
    count_live_grants,
    grant_by_hand,
    grant_by_id,
    live_grants,
)
from db.queries.machines import machine_by_id
from db.queries.people import field_people
from db.session import SYSTEM
from domain.access import GrantSource
from domain.errors import InvalidInput, NotFound
from domain.roles import Permission
from webhooks.auth import Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Identity, Input, Moment, Output, Page, Paged, PathId, QueryId
from webhooks.state import Web

router = APIRouter(prefix="/admin/grants", tags=["machines"])


class GrantIn(Input):
    """Who may enter which machine; without ``expires_at`` until it is taken back."""

    user_id: Identity
    rvm_machine_id: Identity
    expires_at: Moment | None = None


class GrantOut(Output):
    """A person's access; an assignment's is withdrawn with the task."""

    id: int = Field(validation_alias="grant_id")
    organization_id: int
    user_id: int
    user_name: str
    rvm_machine_id: int = Field(validation_alias="machine_id")
    machine_name: str
    source: GrantSource
    assignment_id: int | None
    assigned_at: datetime
    expires_at: datetime | None


@router.get("", summary="Who may enter what now")
async def list_all(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    rvm_machine_id: QueryId = None,
    user_id: QueryId = None,
) -> Page[GrantOut]:
    """By person, then machine."""
    wanted = GrantFilter(
        caller.organizations_with(Permission.GRANT_ACCESS, organization_id), rvm_machine_id, user_id
    )
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = await live_grants(session, wanted, limit=paging.limit, offset=paging.offset)
        total = await count_live_grants(session, wanted)
    items = [GrantOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("", summary="Let somebody enter a machine", status_code=201)
async def give(body: GrantIn, web: Web, caller: Writer, move: Move) -> GrantOut:
    """The person is told; who has a grant by hand already gets the new end."""
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, body.rvm_machine_id)
    if machine is None:
        raise NotFound(noun="machine")
    caller.require(Permission.GRANT_ACCESS, machine.organization_id)
    if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
        raise InvalidInput(field="expires_at", problem="in_past")
    async with web.settings.database.transaction(SYSTEM) as session:
        people = await field_people(session, machine.organization_id)
    if all(row.user_id != body.user_id for row in people):
        raise InvalidInput(field="user_id", problem="no_such_technician")
    change = AccessChange(
        machine.organization_id,
        machine.machine_id,
        body.user_id,
        caller.person.user_id,
        (await move.take()).text,
    )
    async with web.settings.database.transaction(SYSTEM) as session:
        await grant(session, change, body.expires_at)
        row = await grant_by_hand(session, body.user_id, machine.machine_id)
    if row is None:
        raise NotFound(noun="grant")
    return GrantOut.model_validate(row)


@router.delete("/{grant_id}", summary="Take access back", status_code=204)
async def take_back(grant_id: PathId, web: Web, caller: Writer, move: Move) -> None:
    """Also what an accepted task brought: the task stays, but it does not begin. Twice is once."""
    async with web.settings.database.transaction(caller.tenants) as session:
        row = await grant_by_id(session, grant_id)
    if row is None:
        raise NotFound(noun="grant")
    caller.require(Permission.GRANT_ACCESS, row.organization_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        await revoke(
            session,
            grant_id,
            organization_id=row.organization_id,
            revoked_by=caller.person.user_id,
            source=source.text,
        )
