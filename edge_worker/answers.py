"""Reading the server's answers: JSON, problem+json, and everything that is neither."""

import email.utils
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from domain.errors import Refusal, refusal_from
from edge_worker.errors import NotRecognised, ServerBusy, ServerUnreachable

_ASKS_FOR_PATIENCE = {429, 500, 502, 503, 504}
_NOT_DETAILS = {"type", "title", "status", "code", "detail", "instance"}


def read_answer(response: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of a 2xx answer.

    Raises:
        ServerBusy: 429 or 5xx: come back later.
        NotRecognised: 401, but for a clock that is off.
        Refusal: any other refusal, ``ClockOff`` among them.
        ServerUnreachable: whatever answered is not the server (a redirect, a page).
    """
    if response.status_code in _ASKS_FOR_PATIENCE:
        msg = f"The server answered {response.status_code} and asks to come back later."
        raise ServerBusy(msg, retry_after_s(response))
    body = _json_object(response)
    if response.is_success and body is not None:
        return body
    if response.is_client_error and body is not None:
        code = str(body.get("code", ""))
        if response.status_code == httpx.codes.UNAUTHORIZED and code != "clock_off":
            raise NotRecognised(code or "no reason given")
        raise _refusal(code, body)
    msg = f"What answers at {response.url.host} is not a Siaga server (HTTP {response.status_code})."
    raise ServerUnreachable(msg)


def retry_after_s(response: httpx.Response) -> float | None:
    """Return the header ``Retry-After`` in seconds from now; it may be a number or a date."""
    value = response.headers.get("Retry-After", "")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _refusal(code: str, body: Mapping[str, Any]) -> Refusal:
    scalars = str, int, float, bool, type(None)
    details = {
        name: value for name, value in body.items() if name not in _NOT_DETAILS and isinstance(value, scalars)
    }
    return refusal_from(code, details)


def _json_object(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None
    return body if isinstance(body, dict) else None
