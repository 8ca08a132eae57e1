"""Pages for people without an account: words by language, one look, headers that forbid everything else."""

import hashlib
import secrets
import tomllib
from collections.abc import Callable, Coroutine, Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from db.chat.outages import is_outage
from domain.defaults import LANGUAGE, PHOTO_LIMIT_MB, PHOTO_LIMIT_MEGAPIXELS
from domain.errors import FileTooBig, InvalidInput, NotFound, Refusal, Unavailable
from domain.problems import SAME_MINUTES

FOLDER = Path(__file__).parent
LANGUAGES = ("id", "en")
STYLE = (FOLDER / "page.css").read_bytes()
STYLE_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
RETRY_AFTER_S = 60


class PageRoute(APIRoute):
    """A route whose errors are pages too: whoever stands before a machine reads no JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler; called by FastAPI."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                return refusal_page(request.headers, request.query_params, refusal)
            except HTTPException as error:
                return refusal_page(request.headers, request.query_params, _refusal_of(error))
            except Exception as error:
                if not is_outage(error):
                    raise
                return refusal_page(request.headers, request.query_params, Unavailable(part="database"))

        return handled


def _refusal_of(error: HTTPException) -> Refusal:
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return FileTooBig(limit_mb=PHOTO_LIMIT_MB)
    return InvalidInput(field="form", problem="unreadable")


def language_of(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Return the language that was switched to, else the first one the browser asks for that we speak."""
    if query.get("lang") in LANGUAGES:
        return query["lang"]
    wanted: list[tuple[float, str]] = []
    for part in headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), tag[:2].lower()))
        except ValueError:
            continue
    spoken = [tag for _, tag in sorted(wanted, key=lambda one: one[0]) if tag in LANGUAGES]
    return spoken[0] if spoken else LANGUAGE


def page(template: str, language: str, status: int = 200, **variables: object) -> HTMLResponse:
    """Return a page."""
    words = _words(language)
    given = {
        "language": language,
        "other": next(one for one in LANGUAGES if one != language),
        "words": words,
        "style": STYLE_VERSION,
    }
    html = _environment().get_template(f"{template}.html.j2").render(given | variables)
    return HTMLResponse(html, status, headers=HEADERS)


def said(refusal: Refusal, language: str) -> str:
    """Return a refusal as a sentence for the page."""
    sentences = _words(language)["refusals"]
    about = f"{refusal.details.get('field')}_{refusal.details.get('problem')}"
    sentence = sentences.get(about) or sentences.get(refusal.code, sentences["refused"])
    details = {
        "limit_mb": PHOTO_LIMIT_MB,
        "limit_megapixels": PHOTO_LIMIT_MEGAPIXELS,
        "minutes": SAME_MINUTES,
    }
    return sentence.format_map(details | dict(refusal.details))


def refusal_page(headers: Mapping[str, str], query: Mapping[str, str], refusal: Refusal) -> HTMLResponse:
    """Return a page that only says what went wrong, and what to do."""
    language = language_of(headers, query)
    template = "unknown" if isinstance(refusal, NotFound) else "sorry"
    answer = page(template, language, refusal.status, sentence=said(refusal, language))
    if refusal.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def new_token() -> str:
    """Return what makes a form count once, however often it is sent."""
    return secrets.token_urlsafe(18)


@cache
def _words(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / "words" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
