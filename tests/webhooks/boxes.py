"""A box as the door sees it: it signs what it sends."""

import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from domain.signing import KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, signature

STATUS = {"cpu_percent": 12.5, "memory_percent": 40, "disk_free_gib": 21.4, "uptime_s": 60}
NOW = "2026-01-10T09:00:00+07:00"


def beat(*sequences: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a heartbeat's body with entries of these sequences."""
    entries = [{"sequence": one, "kind": "door", "at": NOW, "data": {"n": one}} for one in sequences]
    return {"at": NOW, "status": STATUS, "entries": entries} | changes


@dataclass(slots=True)
class Box:
    """Signs with its secret; ``skew_s`` is how wrong its clock is."""

    http: httpx.AsyncClient
    edge_server_id: int
    edge_key: str
    secret: str
    skew_s: int = 0
    nonces: list[str] = field(default_factory=list)

    def headers(self, method: str, path: str, body: bytes, nonce: str | None = None) -> dict[str, str]:
        """Return the headers of a signed request."""
        timestamp = str(int(time.time()) + self.skew_s)
        used = nonce or secrets.token_hex(16)
        self.nonces.append(used)
        return {
            KEY_HEADER: self.edge_key,
            TIMESTAMP_HEADER: timestamp,
            NONCE_HEADER: used,
            SIGNATURE_HEADER: signature(self.secret, method, path, timestamp, used, body),
        }

    async def beat(self, body: dict[str, Any] | bytes, nonce: str | None = None) -> httpx.Response:
        """Send a heartbeat."""
        path = "/api/v1/edge/heartbeat"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(path, content=content, headers=self.headers("POST", path, content, nonce))

    async def get(self, path: str) -> httpx.Response:
        """Send a signed GET; ``path`` with its query."""
        return await self.http.get(path, headers=self.headers("GET", path, b""))

    async def upload(self, content: bytes, sha256: str | None = None) -> httpx.Response:
        """Upload a picture."""
        path = "/api/v1/edge/files"
        headers = self.headers("POST", path, content)
        headers["X-File-SHA256"] = sha256 or hashlib.sha256(content).hexdigest()
        return await self.http.post(path, content=content, headers=headers)
