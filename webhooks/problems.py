"""Errors as problem+json (RFC 9457): refusals, validation, missing routes, outages."""

import inspect
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from db.chat.outages import is_outage
from domain.errors import InvalidInput, Malformed, NotFound, Refusal, TooLarge, Unavailable
from webhooks.answers import StillWorking

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
INTERNAL = "internal"
METHOD_NOT_ALLOWED = "method_not_allowed"
RENAMED = {
    "status": "current_status",
    "code": "refused_code",
    "type": "refused_type",
    "detail": "refused_detail",
}
"""Details of a refusal that would hide a member of the problem itself."""


class Problem(BaseModel):
    """An error; a refusal's details are further members (``holder``, ``field``, ``limit_mb`` …)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Conflict",
                "status": 409,
                "code": "already_taken",
                "detail": "Somebody else was first (detail: ``holder``).",
                "holder": "Technician",
            }
        },
    )

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str


def problem(status: int, code: str, detail: str, **members: Any) -> JSONResponse:  # noqa: ANN401 - JSON
    """Return the response of an error."""
    body = {
        **members,
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JSONResponse(body, status, headers=_headers(status), media_type=MEDIA_TYPE)


def refused(refusal: Refusal) -> JSONResponse:
    """Return the response of a refusal: its code, its status, its details."""
    said = (inspect.getdoc(type(refusal)) or refusal.code).splitlines()[0]
    details = {RENAMED.get(name, name): value for name, value in refusal.details.items()}
    return problem(refusal.status, refusal.code, said, **details)


def failed(error: Exception) -> JSONResponse:
    """Return the response of any error; what nobody expected is logged."""
    if isinstance(error, Refusal):
        return refused(error)
    if is_outage(error):
        return refused(Unavailable(part="database"))
    log.error("a request failed", exc_info=error)
    return problem(500, INTERNAL, HTTPStatus(500).description)


def _headers(status: int) -> Mapping[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


async def _on_error(_: Request, error: Exception) -> JSONResponse:
    return failed(error)


async def _on_validation(_: Request, error: Exception) -> JSONResponse:
    found: list[dict[str, Any]] = list(error.errors()) if isinstance(error, RequestValidationError) else []
    if any(one["type"] == "json_invalid" for one in found):
        return refused(Malformed(problem="json"))
    errors = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]), "problem": one["msg"]}
        for one in found
    ]
    first = errors[0] if errors else {}
    said = (inspect.getdoc(InvalidInput) or "").splitlines()[0]
    return problem(InvalidInput.status, InvalidInput.code, said, errors=jsonable_encoder(errors), **first)


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    by_status = {404: NotFound, 413: TooLarge, 503: Unavailable}
    if status in by_status:
        return refused(by_status[status]())
    if status == HTTPStatus.BAD_REQUEST:
        return refused(Malformed(problem="body"))
    code = METHOD_NOT_ALLOWED if status == HTTPStatus.METHOD_NOT_ALLOWED else INTERNAL
    response = problem(status, code, HTTPStatus(status).description or HTTPStatus(status).phrase)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


async def _on_still_working(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, StillWorking):
        raise error
    body = {"status": "noted", "status_url": error.see, "source": error.source}
    return JSONResponse(body, 202, headers={"Location": error.see, "Retry-After": str(RETRY_AFTER_S)})


def install(app: FastAPI) -> None:
    """Let every error of the app leave as problem+json."""
    app.add_exception_handler(Refusal, _on_error)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(StillWorking, _on_still_working)
    for kind in (DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        app.add_exception_handler(kind, _on_error)
    app.add_exception_handler(Exception, _on_error)
