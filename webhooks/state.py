"""What the running app holds beside its settings; the lifespan starts and ends it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from webhooks.beat_line import BeatLine
from webhooks.liveness import keep_alive
from webhooks.metrics import Metrics
from webhooks.settings import WebSettings
from webhooks.signatures import Boxes

PICTURES_AT_ONCE = 2
"""Decoding a picture takes a core and up to 200 MB for a moment."""


@dataclass(frozen=True, slots=True)
class WebState:
    """One app's parts."""

    settings: WebSettings
    boxes: Boxes
    beats: BeatLine
    metrics: Metrics
    pictures: asyncio.Semaphore


def build(settings: WebSettings) -> WebState:
    """Return the parts of an app; nothing runs yet."""
    return WebState(
        settings=settings,
        boxes=Boxes(settings.database, settings.cipher, settings.edge_temporal),
        beats=BeatLine(settings.database, settings.waiting_beats),
        metrics=Metrics(),
        pictures=asyncio.Semaphore(PICTURES_AT_ONCE),
    )


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Run batching and liveness as long as the app is served."""
    state: WebState = app.state.web
    work = (state.boxes.batcher.run(), state.beats.batcher.run(), keep_alive(state.settings.database))
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _web(request: Request) -> WebState:
    state: WebState = request.app.state.web
    return state


Web = Annotated[WebState, Depends(_web)]
