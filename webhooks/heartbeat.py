"""``POST /edge/heartbeat``: the one endpoint that every box calls all the time, so its path is short."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, JsonValue, ValidationError
from pydantic_core import to_json
from starlette.types import Scope

from db.ingest.beats import Beat
from db.ingest.spool import SpoolEntry
from domain.errors import Malformed
from webhooks.documentation import SIGNED, body_of
from webhooks.inputs import LARGEST, Moment
from webhooks.signatures import verify
from webhooks.state import WebState

ENTRIES = 200
"""Spool entries a beat may carry."""

Figure = Annotated[float, Field(allow_inf_nan=False)]


class BeatStatus(BaseModel):
    """How the box feels right now."""

    cpu_percent: Figure
    memory_percent: Figure
    disk_free_gib: Figure
    temperature_c: Figure | None = None
    cameras_ok: int | None = None
    uptime_s: Figure


class BeatEntry(BaseModel):
    """One line of the box's spool."""

    sequence: int = Field(ge=1, le=LARGEST)
    kind: str = Field(min_length=1, max_length=50, pattern=r"^[a-z0-9_.-]+$")
    at: Moment
    data: dict[str, JsonValue] = {}


class HeartbeatIn(BaseModel):
    """Body of a heartbeat, at most 256 KiB."""

    at: Moment
    status: BeatStatus
    entries: list[BeatEntry] = Field(default=[], max_length=ENTRIES)

    model_config = {
        "json_schema_extra": {
            "example": {
                "at": "2026-01-10T09:00:00+07:00",
                "status": {
                    "cpu_percent": 12.5,
                    "memory_percent": 40,
                    "disk_free_gib": 21.4,
                    "uptime_s": 86400,
                },
                "entries": [
                    {"sequence": 7, "kind": "door", "at": "2026-01-10T08:59:30+07:00", "data": {"open": True}}
                ],
            }
        }
    }


class HeartbeatOut(BaseModel):
    """``ack``: highest spool sequence with nothing missing below it; the box may drop up to there."""

    ack: int
    server_time: datetime
    config_version: int


router = APIRouter(prefix="/edge", tags=["device"])


@router.post(
    "/heartbeat",
    summary="Beat, and hand over the spool",
    responses={200: {"model": HeartbeatOut}},
    openapi_extra=body_of(HeartbeatIn, SIGNED),
)
async def heartbeat(request: Request) -> Response:
    """Signed. Answered when the beat's transaction is committed.

    A new `config_version` says to fetch `/edge/config`. Entries whose sequence was stored before are dropped.
    Overload is answered 503 with `Retry-After` before anything is stored.
    """
    answer = await answer_beat(request.app.state.web, request.scope, await request.body())
    return Response(answer, media_type="application/json")


async def answer_beat(web: WebState, scope: Scope, body: bytes) -> bytes:
    """Verify, read and store one beat and return the JSON to answer; the gate calls it without FastAPI."""
    signed = await verify(scope, body, web.boxes)
    beat = _read(body, signed.box.device.edge_server_id, signed.nonce)
    ack = await web.beats.put(beat)
    web.metrics.beats.inc()
    if beat.entries:
        web.metrics.entries.inc(len(beat.entries))
    now = datetime.now(UTC).isoformat()
    return b'{"ack":%d,"server_time":"%b","config_version":%d}' % (
        ack,
        now.encode(),
        signed.box.config_version,
    )


def _read(body: bytes, edge_server_id: int, nonce: str) -> Beat:
    try:
        given = HeartbeatIn.model_validate_json(body)
        # A NUL cannot be stored in jsonb; a spool must not hang on it.
        entries = tuple(
            SpoolEntry(
                entry.sequence,
                entry.kind,
                entry.at,
                to_json(_storable(entry.data), inf_nan_mode="null").decode(),
            )
            for entry in given.entries
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Malformed(problem=first["msg"], field=field) from error
    return Beat(edge_server_id, nonce, given.status.model_dump_json(exclude_none=True), entries)


def _storable(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {str(_storable(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
