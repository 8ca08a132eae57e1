"""Waiting for what a server in the same process has seen."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object]) -> None:
    """Wait until the condition holds; fails after 30 s."""
    async with asyncio.timeout(30):
        # What is waited for happens in a server and knows of no event.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
