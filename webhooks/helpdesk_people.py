"""Who is who at the helpdesk (seed 003 ``/api/users``)."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from db.queries.people import count_people, list_people
from db.session import SYSTEM
from domain.roles import Permission, Role
from webhooks.auth import Reader
from webhooks.inputs import Output, Page, Paged, QueryId, Search
from webhooks.state import Web

router = APIRouter(prefix="/users", tags=["helpdesk"])
ROLES = (Role.ADMIN, Role.TEAM_EXPERT, Role.TECH, Role.CUSTOMER)


class HelpdeskPersonOut(Output):
    """Somebody of the helpdesk or of its pharmacies."""

    id: int = Field(validation_alias="user_id")
    name: str
    role: Role
    organization_id: int
    is_active: bool
    linked: bool = Field(description="Whether a Telegram account is linked.")


@router.get("", summary="People of the helpdesk")
async def list_all(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    role: Annotated[list[Role] | None, Query(description="Repeat it for several.")] = None,
    search: Search = "",
) -> Page[HelpdeskPersonOut]:
    """By name, for experts and admins: whom to forward to, whom a ticket is opened for."""
    within = caller.organizations_with(Permission.REVIEW_TICKETS, organization_id)
    roles = [one for one in (role or ROLES) if one in ROLES]
    async with web.settings.database.transaction(SYSTEM) as session:
        rows = await list_people(
            session, within, roles=roles, search=search, limit=paging.limit, offset=paging.offset
        )
        total = await count_people(session, within, roles=roles, search=search)
    if not roles:
        rows, total = [], 0
    items = [HelpdeskPersonOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)
