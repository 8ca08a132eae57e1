"""Whether the process lives, whether it can work, and its figures."""

import asyncio
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from fastapi import APIRouter, Response
from pydantic import BaseModel

from db.chat.health import ChatHealth, health
from db.chat.outages import is_outage
from db.queries.measures import measures
from db.queries.statistics import machines_by_connection
from db.session import SYSTEM
from webhooks.state import Web, WebState

router = APIRouter(tags=["platform"])

PATIENCE_S = 3.0
MEASURED = timedelta(days=1)
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Part(StrEnum):
    """How one part stands."""

    OK = "ok"
    GONE = "gone"
    STUCK = "stuck"
    UNKNOWN = "unknown"


class Readiness(BaseModel):
    """Red (503) when anything is not ``ok``; ages in seconds."""

    ready: bool
    database: Part
    temporal: Part
    updates: Part
    deliveries: Part
    oldest_update_s: float = 0.0
    oldest_delivery_s: float = 0.0


@router.get("/healthz", summary="The process lives")
async def healthz() -> dict[str, str]:
    """Says nothing about its partners."""
    return {"status": "ok"}


@router.get("/readyz", summary="The process and its partners work", responses={503: {"model": Readiness}})
async def readyz(web: Web, response: Response) -> Readiness:
    """Red when the database or Temporal is gone, or an update or a due delivery waits for too long."""
    temporal, chat = await asyncio.gather(_temporal(web), _chat(web))
    limit = web.settings.stuck_after_s
    updates = Part.UNKNOWN if chat is None else Part.STUCK if chat.oldest_update_s > limit else Part.OK
    deliveries = Part.UNKNOWN if chat is None else Part.STUCK if chat.oldest_delivery_s > limit else Part.OK
    answer = Readiness(
        ready=temporal == updates == deliveries == Part.OK,
        database=Part.GONE if chat is None else Part.OK,
        temporal=temporal,
        updates=updates,
        deliveries=deliveries,
        oldest_update_s=round(chat.oldest_update_s, 1) if chat else 0.0,
        oldest_delivery_s=round(chat.oldest_delivery_s, 1) if chat else 0.0,
    )
    response.status_code = 200 if answer.ready else 503
    return answer


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics(web: Web) -> Response:
    """With the database gone, the process's own figures stay readable."""
    try:
        async with asyncio.timeout(PATIENCE_S), web.settings.database.transaction(SYSTEM) as session:
            now = datetime.now(UTC)
            measured = await measures(session, now - MEASURED, now)
            web.metrics.show(await machines_by_connection(session), await health(session), measured)
    except Exception as error:
        if not is_outage(error):
            raise
    return Response(web.metrics.text(), media_type=METRICS_TYPE)


async def temporal_answers(web: WebState) -> bool:
    """Return whether Temporal answers soon."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await web.settings.gateway.healthy()
    except TimeoutError:
        return False


async def _temporal(web: WebState) -> Part:
    return Part.OK if await temporal_answers(web) else Part.GONE


async def _chat(web: WebState) -> ChatHealth | None:
    try:
        async with asyncio.timeout(PATIENCE_S), web.settings.database.transaction(SYSTEM) as session:
            return await health(session)
    except Exception as error:
        if not is_outage(error):
            raise
        return None
