"""Waiting that ends early when the bot is to stop."""

import asyncio


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait some seconds, or until the bot is to stop."""
    await first_of((stop,), seconds)


async def first_of(events: tuple[asyncio.Event, ...], seconds: float) -> None:
    """Wait until one of the events is set, at most some seconds."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
