"""The simulated Telegram as one web application."""

from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from siaga.simulator import bot_side, console, events, groups, people, phone, sending_files
from siaga.simulator.refusals import RefusalError
from siaga.simulator.settings import Settings
from siaga.simulator.state import World

PAGE = Path(__file__).with_name("page")


def create_app(settings: Settings) -> FastAPI:
    """Bot side, person side, console and chat page; `app.state.world` holds all state."""
    app = FastAPI(title="Simulated Telegram")
    app.state.world = World(settings)
    for module in (bot_side, people, groups, phone, sending_files, console, events):
        app.include_router(module.router)
    app.include_router(people.own)
    app.add_exception_handler(RefusalError, _refused)

    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return FileResponse(PAGE / "index.html")

    app.mount("/static", StaticFiles(directory=PAGE), name="static")
    return app


async def _refused(_: Request, error: Exception) -> Response:
    """A person's action that is not possible, in FastAPI's own form."""
    refusal = cast("RefusalError", error)
    return JSONResponse({"detail": refusal.description}, refusal.code)
