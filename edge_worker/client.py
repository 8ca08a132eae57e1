"""The signed door to the server: heartbeats and files (DESIGN 7)."""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx

from domain import signing
from domain.errors import ClockOff
from edge_worker.answers import read_answer
from edge_worker.credentials import Credentials
from edge_worker.errors import ServerUnreachable
from edge_worker.spool import Entry

log = logging.getLogger(__name__)

_PREFIX = "/api/v1"
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_UPLOAD_TIMEOUT = httpx.Timeout(60.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class BeatAnswer:
    """``ack``: the highest spool sequence the server has without a gap."""

    ack: int
    config_version: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded picture: the server's file id, SHA-256, size in pixels."""

    file_id: int
    sha256: str
    width: int
    height: int


class EdgeClient:
    """An HTTP client that signs each request; use as an async context.

    All methods raise ``ServerUnreachable``, ``ServerBusy``, ``NotRecognised`` or a ``Refusal``.
    """

    def __init__(
        self, server_url: str, credentials: Credentials, clock: Callable[[], float] = time.time
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._correction_s = 0.0
        """Added to the own clock when signing, once the server has refused it."""
        self.clock_offset_s: float | None = None
        """How far the own clock is ahead of the server's, as last seen; none before the first answer."""
        self._http = httpx.AsyncClient(base_url=server_url, timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def beat(self, vitals: Mapping[str, Any], entries: Sequence[Entry]) -> BeatAnswer:
        """Say that the box lives, how it is, and what waits in the spool."""
        body = {
            "at": datetime.now(UTC).isoformat(),
            "status": dict(vitals),
            "entries": [asdict(entry) for entry in entries],
        }
        answer = await self._send(
            "POST",
            "/edge/heartbeat",
            json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json"},
        )
        return BeatAnswer(int(answer.get("ack", 0)), str(answer.get("config_version", "")))

    async def config(self) -> dict[str, Any]:
        """Ask what the box is to go by."""
        return await self._send("GET", "/edge/config", b"", {})

    async def upload(self, content: bytes, content_type: str = "image/jpeg") -> StoredFile:
        """Store a picture; the same bytes again give the same file."""
        digest = hashlib.sha256(content).hexdigest()
        headers = {"Content-Type": content_type, "X-File-SHA256": digest}
        answer = await self._send("POST", "/edge/files", content, headers, _UPLOAD_TIMEOUT)
        return StoredFile(
            int(answer["file_id"]),
            str(answer.get("sha256", digest)),
            int(answer["width"]),
            int(answer["height"]),
        )

    async def _send(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout: httpx.Timeout = _TIMEOUT,  # noqa: ASYNC109 - httpx's own, per phase of the request
    ) -> dict[str, Any]:
        """Sign and send; when the server refuses the clock, correct it from the answer and send once more."""
        try:
            return await self._send_once(method, path, body, headers, timeout)
        except ClockOff as refusal:
            self._correct(refusal)
            return await self._send_once(method, path, body, headers, timeout)

    async def _send_once(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout: httpx.Timeout,  # noqa: ASYNC109
    ) -> dict[str, Any]:
        # The path of the contract is signed, whatever prefix a proxy in front of the server adds.
        target = _PREFIX + path
        signed = {**headers, **self._signature(method, target, body)}
        sent_at = self._clock()
        try:
            response = await self._http.request(method, target, content=body, headers=signed, timeout=timeout)
        except httpx.RequestError as error:
            msg = f"The server does not answer ({type(error).__name__})."
            raise ServerUnreachable(msg) from error
        answer = read_answer(response)
        self._compare_clocks(answer.get("server_time"), (sent_at + self._clock()) / 2)
        return answer

    def _signature(self, method: str, target: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock() + self._correction_s))
        nonce = secrets.token_hex(16)
        return {
            signing.KEY_HEADER: self._credentials.edge_key,
            signing.TIMESTAMP_HEADER: timestamp,
            signing.NONCE_HEADER: nonce,
            signing.SIGNATURE_HEADER: signing.signature(
                self._credentials.edge_secret, method, target, timestamp, nonce, body
            ),
        }

    def _correct(self, refusal: ClockOff) -> None:
        offset_s = _ahead_s(refusal.details.get("server_time"), self._clock())
        if offset_s is None:
            raise refusal
        self.clock_offset_s = offset_s
        self._correction_s = -offset_s
        log.warning(
            "This box's clock is %.0f s off the server's; requests are signed with server time.", offset_s
        )

    def _compare_clocks(self, server_time: object, at: float) -> None:
        offset_s = _ahead_s(server_time, at)
        if offset_s is not None:
            self.clock_offset_s = offset_s


def _ahead_s(server_time: object, at: float) -> float | None:
    """Return how many seconds ``at`` lies after the server's ISO time, none when that cannot be read."""
    try:
        moment = datetime.fromisoformat(str(server_time))
    except ValueError:
        return None
    return at - moment.timestamp() if moment.tzinfo else None
