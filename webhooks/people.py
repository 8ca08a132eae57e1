"""People (seed 002) and their membership in organizations."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from db.people import restore, suspend
from db.queries.assignments import AssignmentDetail, open_assignments_of
from db.queries.field_figures import field_figures
from db.queries.people import count_people, list_people, person_by_id
from db.queries.statistics import statistics_of
from db.session import SYSTEM
from domain.assignments import OPEN_STATUSES, AssignmentCommand, AssignmentMove, AssignmentStatus
from domain.errors import Closed, InvalidInput, NotAllowed, NotFound, NotYours
from domain.roles import Permission, Role, may_invite
from webhooks.answers import settled
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Output, Page, Paged, PathId, QueryId, Search
from webhooks.state import Web, WebState

log = logging.getLogger(__name__)

router = APIRouter(prefix="/admin", tags=["people"])


class PersonOut(Output):
    """A person in one organization (seed 002 ``getAllUsers``)."""

    id: int = Field(validation_alias="user_id")
    name: str
    email: str | None
    role: Role
    organization_id: int
    points_balance: int
    photo_url: str | None
    created_at: datetime
    is_active: bool
    linked: bool = Field(description="Whether a Telegram account is linked.")
    open_assignments: int
    planned_minutes: int


class FieldFiguresOut(Output):
    """Field work within the period; null where there is nothing to reckon with."""

    since: datetime
    until: datetime
    open: int = Field(description="Now, whenever it began.")
    completed: int
    on_time_share: float | None = Field(
        description="0 to 1: completed within the task's window, else by 150 % of its minutes after its time."
    )
    median_minutes: float | None = Field(description="From accepting to completing.")
    declines: int
    hand_backs: int
    satisfaction: float | None = Field(description="Mean of the stars, 1 to 5, that the person gave.")


class StatisticsOut(Output):
    """Seed 002 ``getUserStats``; deposits and rewards come with a later module, until then they are zero."""

    id: int
    name: str
    points_balance: int
    total_transactions: int = 0
    total_earned: int = 0
    total_redeemed: int = 0
    points_history: list[dict[str, int | str]] = Field(default_factory=list)
    active_assignments: int
    completed_assignments: int
    cancelled_assignments: int
    field_work: FieldFiguresOut


class MembershipOut(Output):
    """A membership after a switch; ``handed_back`` lists the assignments that went back to the dispatcher."""

    user_id: int
    organization_id: int
    is_active: bool
    handed_back: list[int] = Field(default_factory=list)


@router.get("/users", summary="People of the caller's organizations")
async def list_users(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    role: Annotated[list[Role] | None, Query(description="Repeat it for several.")] = None,
    search: Search = "",
) -> Page[PersonOut]:
    """By name; somebody in two organizations is listed in both."""
    within = caller.organizations_with(Permission.MANAGE_PEOPLE, organization_id)
    async with web.settings.database.transaction(SYSTEM) as session:
        rows = await list_people(
            session, within, roles=role or (), search=search, limit=paging.limit, offset=paging.offset
        )
        total = await count_people(session, within, roles=role or (), search=search)
    items = [PersonOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/users/{user_id}/stats", summary="What a person did")
async def statistics(
    user_id: PathId,
    web: Web,
    caller: Reader,
    days: Annotated[int, Query(ge=1, le=366, description="How many days ``field_work`` looks back.")] = 30,
) -> StatisticsOut:
    """404 also for a person of another organization."""
    caller.organizations_with(Permission.MANAGE_PEOPLE)
    now = datetime.now(UTC)
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await statistics_of(session, user_id)
        figures = await field_figures(session, user_id, now - timedelta(days=days), now)
    if found is None:
        raise NotFound(noun="person")
    return StatisticsOut(
        id=found.user_id,
        name=found.name,
        points_balance=found.points_balance,
        active_assignments=sum(found.assignments.get(status, 0) for status in OPEN_STATUSES),
        completed_assignments=found.assignments.get(AssignmentStatus.COMPLETED, 0),
        cancelled_assignments=found.assignments.get(AssignmentStatus.CANCELLED, 0),
        field_work=FieldFiguresOut.model_validate(figures),
    )


@router.put("/memberships/{organization_id}/{user_id}/suspend", summary="Cut a person off")
async def suspend_member(
    organization_id: PathId, user_id: PathId, web: Web, caller: Writer, move: Move
) -> MembershipOut:
    """Tokens and taps stop at once; open work goes back to the dispatcher."""
    await _may_switch(web, caller, organization_id, user_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        await suspend(session, user_id, organization_id, caller.person.user_id)
        held = [
            one
            for one in await open_assignments_of(session, user_id)
            if one.organization_id == organization_id
        ]
    for detail in held:
        await _take_back(web, caller, detail, user_id, source.text)
    freed = [detail.assignment_id for detail in held]
    return MembershipOut(user_id=user_id, organization_id=organization_id, is_active=False, handed_back=freed)


@router.put("/memberships/{organization_id}/{user_id}/restore", summary="Let a suspended person back in")
async def restore_member(organization_id: PathId, user_id: PathId, web: Web, caller: Writer) -> MembershipOut:
    """Revoked tokens stay revoked."""
    await _may_switch(web, caller, organization_id, user_id)
    async with web.settings.database.transaction(SYSTEM) as session:
        await restore(session, user_id, organization_id, caller.person.user_id)
    return MembershipOut(user_id=user_id, organization_id=organization_id, is_active=True)


async def _may_switch(web: WebState, caller: Caller, organization_id: int, user_id: int) -> None:
    """Refuse what is not the caller's to decide: other tenants, themselves, people above them."""
    if organization_id not in caller.organizations:
        raise NotFound(noun="organization")
    caller.require(Permission.MANAGE_PEOPLE, organization_id)
    if user_id == caller.person.user_id:
        raise InvalidInput(field="user_id", problem="yourself")
    async with web.settings.database.transaction(SYSTEM) as session:
        known = await person_by_id(session, user_id)
    own = caller.person.role_in(organization_id)
    if (
        known is not None
        and known.person.is_super_admin
        and own is not None
        and not may_invite(own, Role.SUPER_ADMIN)
    ):
        raise NotAllowed(permission=Permission.MANAGE_PEOPLE.value)


async def _take_back(
    web: WebState, caller: Caller, detail: AssignmentDetail, user_id: int, source: str
) -> None:
    """Take a suspended person's open work back; its dispatcher chooses again."""
    order = AssignmentCommand(
        AssignmentMove.WITHDRAW,
        actor_id=caller.person.user_id,
        actor_name=caller.person.name,
        actor_may_manage=caller.person.may(Permission.MANAGE_ASSIGNMENTS, detail.organization_id),
        withdrawn=user_id,
    )
    call = web.settings.gateway.move_assignment(
        f"{source}-{detail.assignment_id}", detail.assignment_id, order
    )
    try:
        await settled(call, see=f"/api/v1/admin/assignments/{detail.assignment_id}")
    except (Closed, NotYours):
        log.info("assignment %d is no longer theirs", detail.assignment_id)
