"""What a move answers with: the view, or 202 with a place to look when Temporal did not answer in time."""

from collections.abc import Awaitable
from typing import TypeVar

from workflows.client import Noted

View = TypeVar("View")


class StillWorking(Exception):
    """The move is noted: the caller repeats it with the same Idempotency-Key, or looks at ``see``."""

    def __init__(self, source: str, see: str) -> None:
        self.source = source
        self.see = see
        super().__init__(source)


async def settled(call: Awaitable[View | Noted], *, see: str) -> View:
    """Return the view; raises ``StillWorking`` (HTTP 202) when the outcome is not known yet."""
    answer = await call
    if isinstance(answer, Noted):
        raise StillWorking(answer.source, see)
    return answer
