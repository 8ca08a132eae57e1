"""`/bot{token}/{method}` and `/file/bot{token}/{path}`: what the bot talks to."""

import asyncio
import inspect
import logging
import time
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile
from starlette.types import Receive, Scope, Send

from siaga.simulator.faults import Fault
from siaga.simulator.journal import Json
from siaga.simulator.methods.registry import HANDLERS
from siaga.simulator.refusals import RefusalError, StrictRefusalError, refuse
from siaga.simulator.spec.table import served
from siaga.simulator.state import World
from siaga.simulator.validate import Upload, read_request

log = logging.getLogger(__name__)
router = APIRouter()


class LostResponse(Response):
    """Closes the connection in the middle of an answer, which a client sees as a network error."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """Announces more bytes than it sends; the server then drops the connection."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


@dataclass(frozen=True, slots=True)
class Call:
    """What the bot sent."""

    method: str
    fields: dict[str, str]
    files: dict[str, Upload]

    def shown(self) -> Json:
        """For the journal: a file stands there by name and size."""
        sizes = {part: f"<{one.filename}, {len(one.data)} bytes>" for part, one in self.files.items()}
        return self.fields | sizes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call came to: HTTP status and JSON, or no answer at all."""

    status: int
    body: Json
    lost: bool = False


@router.post("/bot{token}/{method}")
@router.get("/bot{token}/{method}")
async def call(token: str, method: str, http: Request) -> Response:
    """One Bot API call."""
    world: World = http.app.state.world
    started = time.perf_counter()
    name = served().get(method.lower(), method)
    fields, files = await _form(http)
    asked = Call(name, fields, files)
    outcome = await _outcome(world, token, asked)
    elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
    entry = {"at": world.clock.now(), "method": name, "params": asked.shown(), "status": outcome.status}
    world.journal.call(entry | {"response": outcome.body, "ms": elapsed_ms, "lost": outcome.lost})
    if outcome.lost:
        return LostResponse()
    return JSONResponse(outcome.body, outcome.status)


@router.get("/file/bot{token}/{path:path}")
async def download(token: str, path: str, http: Request) -> Response:
    """The bytes behind a `getFile` path."""
    world: World = http.app.state.world
    found = world.files.download(path) if token == world.settings.token else None
    if found is None:
        return JSONResponse(RefusalError("", 404).body(), 404)
    return Response(found.data, media_type=found.mime_type)


async def _form(http: Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Query, form fields and file parts.

    A JSON body, which the Bot API takes too, is not read: PTB never sends one.
    """
    fields: dict[str, str] = dict(http.query_params)
    files: dict[str, Upload] = {}
    async with http.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content_type = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename or name, content_type, await value.read())
            else:
                fields[name] = value
    return fields, files


async def _outcome(world: World, token: str, asked: Call) -> Outcome:
    """Applies the queued fault, if there is one, round the call itself."""
    method = asked.method
    try:
        if token != world.settings.token:
            refuse("", 401)
        if method not in HANDLERS:
            log.error("the simulator does not serve the Bot API method %r", method)
            refuse(": method not found", 404)
        fault = world.faults.take(method, asked.shown())
        if fault:
            world.journal.event("fault", fault_id=fault.id, method=method)
            await asyncio.sleep(fault.delay_ms / 1000)
            if fault.drop_connection:
                return Outcome(0, {}, lost=True)
            _refuse(fault)
        result = await _result(world, asked)
    except RefusalError as refusal:
        if isinstance(refusal, StrictRefusalError):
            log.warning("%s: %s", method, refusal.description)
            world.journal.violation(method, refusal.rule, refusal.detail)
        return Outcome(refusal.code, refusal.body())
    return Outcome(200, {"ok": True, "result": result}, lost=bool(fault and fault.drop_after_apply))


async def _result(world: World, asked: Call) -> object:
    request = read_request(asked.method, asked.fields, asked.files, strict=world.strict)
    result = HANDLERS[asked.method](world, request)
    return await result if inspect.isawaitable(result) else result


def _refuse(fault: Fault) -> None:
    """Raises what the fault says."""
    if fault.code is None:
        return
    retry: Json = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
    refusal = RefusalError("", fault.code, **retry)
    if fault.description:
        refusal.description = fault.description
    elif fault.retry_after is not None:
        refusal.description += f"retry after {fault.retry_after}"
    raise refusal
