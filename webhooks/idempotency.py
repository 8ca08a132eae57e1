"""The source of a move: from caller, route and Idempotency-Key, so a repeat is the same move (DESIGN 3.4)."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from db.ingest.requests import remember_request
from db.session import SYSTEM
from domain.ids import http_source
from webhooks.auth import Writer
from webhooks.state import Web

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Repeating a request with the same key and body has one effect and gets the same answer.",
    ),
]


@dataclass(frozen=True, slots=True)
class Source:
    """Update id of a move; ``repeated`` when the same request came before."""

    text: str
    repeated: bool


class SourceOfMove:
    """Knows who moves what, and asks the database whether this request came before."""

    def __init__(self, request: Request, web: Web, caller: Writer, key: Key = None) -> None:
        self._request = request
        self._database = web.settings.database
        self._principal = f"user-{caller.person.user_id}"
        self._key = key

    async def take(self, content: bytes | None = None) -> Source:
        """Return the source; ``content`` stands for a body whose bytes differ between repeats (multipart).

        Called once the input is known to be good: a refused input does not use up its key.

        Raises:
            KeyReused: the key came before with another body.
        """
        route = f"{self._request.method} {self._request.url.path}"
        if self._key is None:
            return Source(http_source(self._principal, route, secrets.token_hex(16)), repeated=False)
        source = http_source(self._principal, route, self._key)
        body = await self._request.body() if content is None else content
        query = self._request.url.query.encode()
        digest = hashlib.sha256(body + b"\n" + query).hexdigest()
        async with self._database.transaction(SYSTEM) as session:
            return Source(source, await remember_request(session, source, digest))


Move = Annotated[SourceOfMove, Depends()]
