"""The Bot API over HTTP, with errors that say whether a call may have taken effect (DESIGN 3.6)."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiohttp

CALL_S = 15.0
_CONNECT_S = 5.0
_REUSE_WITHIN_S = 4.0
"""A connection that rests longer is not used again: many servers close it after five seconds, and a call that
crosses that has no answer."""
_OK = 200
DOWNLOAD = "download"
_GATEWAY_TIMEOUT = 504
_SERVER_ERROR = 500
_TOO_MANY = 429


class ApiError(Exception):
    """A call that did not succeed."""


class ApiRefused(ApiError):
    """Telegram answered no. ``retry_after``: seconds to wait, with code 429.

    ``migrated_to``: the supergroup that the group has become, whose number it has now.
    """

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        given = (parameters or {}).get("retry_after")
        self.retry_after: float | None = float(given) if isinstance(given, int | float) else None
        moved = (parameters or {}).get("migrate_to_chat_id")
        self.migrated_to: int | None = moved if isinstance(moved, int) else None
        if code == _TOO_MANY and self.retry_after is None:
            self.retry_after = 1.0


class _ApiAway(ApiError):
    def __init__(self, method: str, problem: str) -> None:
        super().__init__(f"{method}: {problem}")


class ApiUnreachable(_ApiAway):
    """The call did not reach Telegram, or Telegram said that it could not do it: it had no effect."""


class ApiUnanswered(_ApiAway):
    """The call went out and no answer came: it may have taken effect."""


@cache
def tls() -> ssl.SSLContext:
    """Return the one TLS context of the process: making one takes a quarter of a second."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send with a call."""

    name: str
    content: bytes
    media_type: str


class BotApi:
    """Calls methods of the Bot API; one connection pool. ``token`` never reaches a log through here."""

    def __init__(self, token: str, base_url: str, base_file_url: str, *, connections: int = 32) -> None:
        self._methods = f"{base_url}{token}"
        self._files = f"{base_file_url}{token}"
        connector = aiohttp.TCPConnector(
            limit=connections, limit_per_host=connections, keepalive_timeout=_REUSE_WITHIN_S, ssl=tls()
        )
        self._http = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=True
        )

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        upload: Mapping[str, Upload] | None = None,
        timeout_s: float = CALL_S,
    ) -> Any:  # noqa: ANN401 - each method has its own result
        """Call a method and return its ``result``; parameters that are None are left out.

        Raises:
            ApiRefused: Telegram said no.
            ApiUnreachable: certainly without effect.
            ApiUnanswered: possibly with effect.
        """
        form = aiohttp.FormData(
            {key: _written(value) for key, value in (parameters or {}).items() if value is not None}
        )
        for key, one in (upload or {}).items():
            form.add_field(key, one.content, filename=one.name, content_type=one.media_type)
        try:
            async with self._http.post(
                f"{self._methods}/{method}", data=form, timeout=_timeout(timeout_s)
            ) as response:
                return _result(method, response.status, response.reason or "", await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ApiUnreachable(method, type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ApiUnanswered(method, type(error).__name__) from None

    async def download(self, path: str, limit_bytes: int) -> bytes | None:
        """Return a file's bytes by the path that ``getFile`` gave; None when it is longer than the limit."""
        content = bytearray()
        try:
            async with self._http.get(f"{self._files}/{path}", timeout=_timeout(60.0)) as response:
                if response.status != _OK:
                    raise ApiRefused(response.status, "the file is not there")
                async for part in response.content.iter_any():
                    content += part
                    if len(content) > limit_bytes:
                        return None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ApiUnreachable(DOWNLOAD, type(error).__name__) from None
        return bytes(content)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _timeout(read_s: float) -> aiohttp.ClientTimeout:
    """Return how long a connection, then each part of an answer may take."""
    return aiohttp.ClientTimeout(total=None, connect=_CONNECT_S, sock_read=read_s)


def _result(method: str, status: int, reason: str, body: bytes) -> Any:  # noqa: ANN401 - each has its own
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    if answer.get("ok") is True:
        return answer.get("result")
    description = str(answer.get("description") or reason)
    if status == _GATEWAY_TIMEOUT:
        raise ApiUnanswered(method, description)
    if status >= _SERVER_ERROR:
        raise ApiUnreachable(method, f"{status} {description}")
    raise ApiRefused(int(answer.get("error_code") or status), description, answer.get("parameters"))
