"""A small server that keeps the device contract and verifies each signature, for real HTTP in the tests."""

import asyncio
import hashlib
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from domain import signing
from tests.edge_worker.waiting import until

HOST = "127.0.0.1"
API_KEY = "sk-machine-one"
MACHINE = {"uuid": "7f0c3a7e-6f0e-4d0c-9a53-0d1d7a3f6a11", "name": "RVM Grand Indonesia"}
CODE = "K7QM2-9XRTD"


def problem(status: int, code: str, headers: dict[str, str] | None = None, **details: Any) -> Response:  # noqa: ANN401
    """Return a refusal as the product's API writes it."""
    body = {"type": "about:blank", "title": code, "status": status, "code": code, **details}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


class DeviceServer:
    """State that the tests look at, and switches that they turn."""

    def __init__(self) -> None:
        self.edge_key, self.edge_secret = "ek-1", "secret-1"
        self.beat_s = 0.1
        self.temporal: dict[str, Any] | None = None
        self.config_version = "1"
        self.keypad: dict[str, Any] = {"people": [], "revoked": []}
        self.clock_ahead_s = 0.0
        self.setup_answer: Callable[[], Response] | None = None
        self.handshake_answers: list[Callable[[], Response]] = []
        self.beat_answers: list[Callable[[dict[str, Any]], Response | None]] = []
        self.file_answers: list[Callable[[], Response]] = []
        self.handshakes: list[dict[str, Any]] = []
        self.beats: list[dict[str, Any]] = []
        self.entries: dict[int, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.used_nonces: set[str] = set()
        self.refusals: list[str] = []
        self._port = 0
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens, also while it is down."""
        return f"http://{HOST}:{self._port}"

    @property
    def ack(self) -> int:
        """The highest number with nothing missing below it, counted as strictly as can be."""
        number = 0
        while number + 1 in self.entries:
            number += 1
        return number

    async def start(self) -> None:
        """Listen; after a stop on the same port again."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, self._port))
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(self._app(), log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._server.serve([listening]))
        server = self._server
        await until(lambda: server.started)

    async def stop(self) -> None:
        """Cut the cable."""
        if self._server and self._task:
            self._server.should_exit = True
            await self._task
            self._server = None

    def _now(self) -> float:
        return time.time() + self.clock_ahead_s

    def _server_time(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).isoformat()

    def _app(self) -> FastAPI:
        app = FastAPI()
        app.post("/api/v1/edge/setup")(self._setup)
        app.post("/api/v1/edge/handshake")(self._handshake)
        app.post("/api/v1/edge/heartbeat")(self._heartbeat)
        app.post("/api/v1/edge/files")(self._files)
        app.get("/api/v1/edge/config")(self._config)
        return app

    async def _setup(self, request: Request) -> Response:
        if self.setup_answer:
            return self.setup_answer()
        if (await request.json()) != {"code": CODE}:
            return problem(404, "code_unknown")
        answer = {"api_key": API_KEY, "edge_id": "edge-one", "machine": MACHINE}
        return JSONResponse({**answer, "server_time": self._server_time()})

    async def _handshake(self, request: Request) -> Response:
        self.handshakes.append(await request.json())
        if request.headers["authorization"] != f"Bearer {API_KEY}":
            return problem(401, "key_unknown")
        return self.handshake_answers.pop(0)() if self.handshake_answers else self.bound()

    def bound(self) -> Response:
        """Return the answer of a handshake that binds."""
        return JSONResponse(
            {
                "status": "bound",
                "edge_id": "one",
                "edge_key": self.edge_key,
                "edge_secret": self.edge_secret,
                "machine": MACHINE,
                "beat_s": self.beat_s,
                "bound_at": self._server_time(),
                "server_time": self._server_time(),
                "temporal": self.temporal,
                "queue": "edge-one",
            }
        )

    async def _heartbeat(self, request: Request) -> Response:
        refused = await self._unsigned(request)
        if refused:
            return refused
        beat = await request.json()
        answer = self.beat_answers.pop(0)(beat) if self.beat_answers else None
        if answer:
            return answer
        self.beats.append(beat)
        for entry in beat["entries"]:
            self.entries.setdefault(entry["sequence"], entry)
        return JSONResponse(
            {"ack": self.ack, "server_time": self._server_time(), "config_version": self.config_version}
        )

    async def _config(self, request: Request) -> Response:
        refused = await self._unsigned(request)
        if refused:
            return refused
        return JSONResponse(
            {
                "edge_id": "one",
                "machine": MACHINE,
                "beat_s": self.beat_s,
                "missed_after_s": 75,
                "temporal": self.temporal,
                "queue": "edge-one",
                "keypad": self.keypad,
                "config_version": self.config_version,
            }
        )

    async def _files(self, request: Request) -> Response:
        refused = await self._unsigned(request)
        if refused:
            return refused
        if self.file_answers:
            return self.file_answers.pop(0)()
        content = await request.body()
        digest = hashlib.sha256(content).hexdigest()
        if request.headers["x-file-sha256"] != digest:
            return problem(400, "malformed")
        known = digest in self.files
        self.files[digest] = content
        answer = {
            "file_id": 1 + list(self.files).index(digest),
            "sha256": digest,
            "width": 1280,
            "height": 720,
        }
        return JSONResponse(answer, 200 if known else 201)

    async def _unsigned(self, request: Request) -> Response | None:
        refusal = self._judged(request, await request.body())
        if refusal:
            self.refusals.append(refusal.headers["x-code"])
        return refusal

    def _judged(self, request: Request, body: bytes) -> Response | None:
        key, timestamp, nonce, given = (
            request.headers[name]
            for name in (
                signing.KEY_HEADER,
                signing.TIMESTAMP_HEADER,
                signing.NONCE_HEADER,
                signing.SIGNATURE_HEADER,
            )
        )
        expected = signing.signature(
            self.edge_secret, request.method, request.url.path, timestamp, nonce, body
        )
        if key != self.edge_key or not signing.signature_fits(given, expected):
            return problem(401, "signature_invalid", {"x-code": "signature_invalid"})
        off_by = int(timestamp) - self._now()
        if abs(off_by) > signing.WINDOW_S:
            details = {"server_time": self._server_time(), "off_by_s": off_by}
            return problem(401, "clock_off", {"x-code": "clock_off"}, **details)
        if nonce in self.used_nonces:
            return problem(409, "replayed", {"x-code": "replayed"})
        self.used_nonces.add(nonce)
        return None
