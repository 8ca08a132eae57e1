"""The Bot API over HTTP, with errors that say whether a call may have taken effect (DESIGN 3.6)."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

CALL_S = 15.0
DOWNLOAD = "download"
_GATEWAY_TIMEOUT = 504
_SERVER_ERROR = 500
_TOO_MANY = 429


class ApiError(Exception):
    """A call that did not succeed."""


class ApiRefused(ApiError):
    """Telegram answered no. ``retry_after``: seconds to wait, with code 429."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        given = (parameters or {}).get("retry_after")
        self.retry_after: float | None = float(given) if isinstance(given, int | float) else None
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
        self._http = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            timeout=httpx.Timeout(CALL_S, connect=5.0, pool=5.0),
            verify=tls(),
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
        given = {key: _written(value) for key, value in (parameters or {}).items() if value is not None}
        files = {key: (one.name, one.content, one.media_type) for key, one in (upload or {}).items()} or None
        timeout = httpx.Timeout(timeout_s, connect=5.0, pool=5.0)
        try:
            response = await self._http.post(
                f"{self._methods}/{method}", data=given or None, files=files, timeout=timeout
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ApiUnreachable(method, type(error).__name__) from None
        except httpx.TransportError as error:
            raise ApiUnanswered(method, type(error).__name__) from None
        return _result(method, response)

    async def download(self, path: str, limit_bytes: int) -> bytes | None:
        """Return a file's bytes by the path that ``getFile`` gave; None when it is longer than the limit."""
        content = bytearray()
        try:
            async with self._http.stream("GET", f"{self._files}/{path}", timeout=60.0) as response:
                if response.status_code != httpx.codes.OK:
                    raise ApiRefused(response.status_code, "the file is not there")
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > limit_bytes:
                        return None
        except httpx.TransportError as error:
            raise ApiUnreachable(DOWNLOAD, type(error).__name__) from None
        return bytes(content)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _result(method: str, response: httpx.Response) -> Any:  # noqa: ANN401 - each method has its own result
    try:
        answer = response.json()
    except ValueError:
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    if answer.get("ok") is True:
        return answer.get("result")
    description = str(answer.get("description") or response.reason_phrase)
    if response.status_code == _GATEWAY_TIMEOUT:
        raise ApiUnanswered(method, description)
    if response.status_code >= _SERVER_ERROR:
        raise ApiUnreachable(method, f"{response.status_code} {description}")
    raise ApiRefused(
        int(answer.get("error_code") or response.status_code), description, answer.get("parameters")
    )
