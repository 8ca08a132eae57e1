"""How long the box waits before it tries again."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits in seconds. The defaults suit a fleet of thousands that loses its server at the same moment."""

    first_s: float = 1.0
    most_s: float = 60.0
    refused_s: float = 300.0
    """After an answer that only a person can change (key revoked, conflict refused)."""
    patience_s: float = 10.0
    """How long a handshake may take before the box goes on with the credentials it has."""

    def delays(self) -> Iterator[float]:
        """Yield doubling waits for ever, each spread by a quarter so that boxes do not come in step."""
        wait = self.first_s
        while True:
            yield wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
            wait = min(wait * 2, self.most_s)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until ``stop`` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
