"""The HTTP app: every room's endpoints under ``/api/v1``, errors as problem+json, OpenAPI (DESIGN 7)."""

from typing import Any

from fastapi import APIRouter, FastAPI

from webhooks import (
    assignments,
    checklists,
    edge,
    edge_signed,
    exports,
    figures,
    files,
    grants,
    heartbeat,
    helpdesk_choices,
    helpdesk_people,
    invites,
    machines,
    organization_settings,
    people,
    pharmacies,
    pins,
    plans,
    platform,
    problem_reports,
    problems,
    promises,
    reports,
    technician,
    telegram,
    ticket_parts,
    tickets,
    tokens,
)
from webhooks.documentation import PROBLEMS, describe
from webhooks.gate import API, PREFIX, Gate
from webhooks.pages import machine
from webhooks.settings import WebSettings
from webhooks.state import build, running

DESCRIPTION = """
Field operations: machines, their boxes, and the assignments of technicians.

People authenticate with a bearer token, boxes sign their requests. Every error is `application/problem+json`
with a stable `code`. A move whose outcome is not known yet answers **202** with a place to look; repeating it
with the same `Idempotency-Key` has one effect.
"""
TAGS = [
    {"name": "device", "description": "What a box calls: setup code, handshake, then signed requests."},
    {"name": "machines", "description": "Reverse-vending machines and their boxes."},
    {"name": "assignments", "description": "Tasks at machines, as dispatchers see them."},
    {"name": "maintenance", "description": "Work that returns, and the calendar of the coming weeks."},
    {"name": "technician", "description": "Tasks at machines, as those who do them see them."},
    {
        "name": "helpdesk",
        "description": "Tickets of pharmacies and their master data; also without `/v1` (seed 003).",
    },
    {"name": "people", "description": "People, invites, memberships, tokens."},
    {"name": "organization", "description": "Settings, figures and exports of an organization."},
    {"name": "files", "description": "Photos and frames."},
    {"name": "telegram", "description": "The bot's webhook."},
    {"name": "platform", "description": "Health and figures."},
]


def create_app(settings: WebSettings) -> FastAPI:
    """Return the app; batching and liveness run inside its lifespan."""
    app = assembled()
    app.state.web = build(settings)
    return app


def openapi() -> dict[str, Any]:
    """Return the OpenAPI document; nothing needs to run."""
    return assembled().openapi()


def assembled() -> FastAPI:
    """Return the app without its parts (``app.state.web``), by which alone two of them differ."""
    app = FastAPI(
        title="Siaga",
        version="1",
        description=DESCRIPTION,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=f"{PREFIX}/docs",
        redoc_url=None,
        openapi_tags=TAGS,
        lifespan=running,
        responses=PROBLEMS,
    )
    api = APIRouter(prefix=PREFIX)
    rooms = (
        heartbeat,
        edge,
        edge_signed,
        telegram,
        machines,
        assignments,
        plans,
        checklists,
        technician,
        pins,
        problem_reports,
        reports,
        grants,
        people,
        invites,
        tokens,
        organization_settings,
        exports,
        figures,
        files,
    )
    desk = (tickets, ticket_parts, helpdesk_choices, pharmacies, helpdesk_people, promises)
    for room in (*rooms, *desk):
        api.include_router(room.router)
    app.include_router(api)
    for room in desk:
        app.include_router(room.router, prefix=API, include_in_schema=False)
    app.include_router(platform.router)
    app.add_middleware(Gate)
    app.include_router(machine.router)
    problems.install(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app
