"""The live stream the chat page and `person.py` listen to."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from siaga.simulator.console import TheWorld

router = APIRouter(prefix="/sim")


@router.get("/events")
async def events(
    world: TheWorld, after: int | None = None, last_event_id: Annotated[int | None, Header()] = None
) -> StreamingResponse:
    """Server-sent events after that number, or from now on; a comment opens the stream and keeps it up."""
    since = last_event_id if last_event_id is not None else after
    since = world.journal.seq if since is None else since

    async def lines() -> AsyncIterator[str]:
        yield ": open\n\n"
        async for event in world.journal.follow(since):
            if event is None:
                yield ": still here\n\n"
            else:
                yield f"id: {event['seq']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})
