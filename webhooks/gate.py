"""The outermost door: body limits and measured answers, as plain ASGI because every heartbeat passes it."""

import time
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.defaults import PHOTO_LIMIT_MB
from domain.errors import FileTooBig, Refusal, TooLarge
from webhooks.heartbeat import answer_beat
from webhooks.pages.rendering import refusal_page
from webhooks.problems import failed, refused
from webhooks.state import WebState

API = "/api"
PREFIX = f"{API}/v1"
HEARTBEAT = f"{PREFIX}/edge/heartbeat"
BODY_LIMIT = 256 * 1024
"""Bytes."""
UPLOADS = ("/edge/files", "/upload-photo", "/attachments")
PAGES = "/m/"
"""Where people without an account are: they get pages, and may send a photo."""
UPLOAD_LIMIT = PHOTO_LIMIT_MB * 1024 * 1024 + 64 * 1024
"""A picture and what multipart puts around it; bytes."""
READ_AWAY = 64 * 1024 * 1024
"""So much of a refused body is still read: the sender hears the answer, not a closed connection."""
UNKNOWN_ROUTE = "unknown"


class Gate:
    """Refuses bodies over the limit of their path, answers heartbeats itself, and counts every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        if scope["path"] == HEARTBEAT and scope["method"] == "POST":
            status = await _beat(scope, receive, send)
            _web(scope).metrics.observe("POST", HEARTBEAT, status, time.perf_counter() - begun)
            return
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._limited(scope, receive, note)
        finally:
            _web(scope).metrics.observe(scope["method"], _route(scope), status, time.perf_counter() - begun)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit, refusal = _limit(scope["path"])
        if _declared(scope) > limit:
            await _read_away(receive)
            await _answer(scope, refusal)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


def _web(scope: Scope) -> WebState:
    web: WebState = scope["app"].state.web
    return web


async def _beat(scope: Scope, receive: Receive, send: Send) -> int:
    """Answer a heartbeat: FastAPI's routing alone would cost more than everything else about it."""
    try:
        body = await _whole(receive)
        answer = await answer_beat(_web(scope), scope, body)
    except Exception as error:  # noqa: BLE001 - the box must hear an answer; the unexpected is logged
        response = failed(error)
        await response(scope, receive, send)
        return response.status_code
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
    return 200


async def _whole(receive: Receive) -> bytes:
    """Return a heartbeat's body; raises ``TooLarge`` after reading the rest away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            break
    if len(body) > BODY_LIMIT:
        if message.get("more_body"):
            await _read_away(receive)
        raise TooLarge(limit_kb=BODY_LIMIT // 1024)
    return body


def _limit(path: str) -> tuple[int, Refusal]:
    if path.endswith(UPLOADS) or path.startswith(PAGES):
        return UPLOAD_LIMIT, FileTooBig(limit_mb=PHOTO_LIMIT_MB)
    return BODY_LIMIT, TooLarge(limit_kb=BODY_LIMIT // 1024)


def _answer(scope: Scope, refusal: Refusal) -> Response:
    if not scope["path"].startswith(PAGES):
        return refused(refusal)
    request = Request(scope)
    return refusal_page(request.headers, request.query_params, refusal)


def _declared(scope: Scope) -> int:
    headers: Mapping[bytes, bytes] = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


async def _read_away(receive: Receive) -> None:
    read = 0
    while read < READ_AWAY:
        message = await receive()
        read += len(message.get("body", b""))
        if not message.get("more_body"):
            return


def _route(scope: Scope) -> str:
    """Return the template of the path; an included router's route knows it without the prefix."""
    path = str(getattr(scope.get("route"), "path", UNKNOWN_ROUTE))
    if not path.startswith("/") or path.startswith(API):
        return path
    prefix = next((one for one in (PREFIX, API) if scope["path"].startswith(f"{one}/")), "")
    return prefix + path
