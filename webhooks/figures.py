"""How an organization stands, and the measures of seed 002."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from db.queries.exports import organization_zone
from db.queries.measures import measures
from db.queries.status import standing
from db.session import SYSTEM
from domain.roles import Permission, Role
from webhooks.auth import Reader
from webhooks.days import Wanted
from webhooks.inputs import Output, QueryId
from webhooks.platform import temporal_answers
from webhooks.state import Web

router = APIRouter(prefix="/admin", tags=["organization"])


class RateOut(Output):
    """How many of how many succeeded; ``share`` is null of none."""

    good: int
    all: int
    share: float | None


class MeasuresOut(Output):
    """The measures of a period."""

    begin: datetime
    end: datetime
    uploads: RateOut = Field(description="Photos of tasks taken in; the identical file again is no failure.")
    creations: RateOut = Field(description="Assignments that came to be, of those asked for.")
    deliveries: RateOut = Field(description="Notifications known to have arrived; kept for 30 days.")
    completed: int
    work_minutes: float | None = Field(description="Average from start to completion.")
    lead_minutes: float | None = Field(description="Average from creation to completion.")
    satisfaction: RateOut = Field(description="Answers to the monthly question, of the people asked.")
    stars: float | None = Field(description="Their average, 1 to 5.")


class UnreachableOut(Output):
    """Somebody of the staff whom the bot cannot write to."""

    user_id: int
    organization_id: int
    name: str
    role: Role
    blocked: bool = Field(description="Blocked the bot; else not linked yet.")
    missed: int = Field(description="Messages of seven days that did not arrive.")


class StatusOut(Output):
    """Queues of the installation; people, machines, tasks and sends of the caller's organizations."""

    temporal: bool
    waiting_updates: int
    waiting_chats: int
    oldest_update_s: float
    due: int
    oldest_delivery_s: float
    parked: int
    failed: int
    uncertain: int
    median_s: float = Field(description="From due to sent, of a day.")
    p95_s: float
    unreachable: list[UnreachableOut]
    offline: int
    lost_runs: list[int]
    overdue: int
    database_s: float


@router.get("/measures", summary="Success rates and times")
async def get_measures(
    web: Web, caller: Reader, wanted: Wanted, organization_id: QueryId = None
) -> MeasuresOut:
    """Counted from rows, in days of the organization's zone: uploads, creations, deliveries, times."""
    within = caller.organizations_with(Permission.SEE_FIGURES, organization_id)
    async with web.settings.database.transaction(SYSTEM) as session:
        span = wanted.span(await organization_zone(session, within[0]))
        found = await measures(session, span.begin, span.end, within)
    return MeasuresOut(
        begin=span.begin,
        end=span.end,
        uploads=RateOut.model_validate(found.uploads),
        creations=RateOut.model_validate(found.creations),
        deliveries=RateOut.model_validate(found.deliveries),
        completed=found.completed,
        work_minutes=found.work_minutes,
        lead_minutes=found.lead_minutes,
        satisfaction=RateOut.model_validate(found.satisfaction),
        stars=found.stars,
    )


@router.get("/status", summary="How everything stands")
async def get_status(web: Web, caller: Reader, organization_id: QueryId = None) -> StatusOut:
    """What `/status` says in chat."""
    within = caller.organizations_with(Permission.SEE_FIGURES, organization_id)
    async with web.settings.database.transaction(SYSTEM) as session:
        found = await standing(session, within)
    return StatusOut(
        temporal=await temporal_answers(web),
        waiting_updates=found.waiting_updates,
        waiting_chats=found.waiting_chats,
        oldest_update_s=found.chat.oldest_update_s,
        due=found.due,
        oldest_delivery_s=found.chat.oldest_delivery_s,
        parked=found.chat.parked,
        failed=found.failed,
        uncertain=found.uncertain,
        median_s=found.median_s,
        p95_s=found.p95_s,
        unreachable=[UnreachableOut.model_validate(one) for one in found.unreachable],
        offline=found.offline_total,
        lost_runs=list(found.lost_runs),
        overdue=found.overdue_total,
        database_s=found.database_s,
    )
