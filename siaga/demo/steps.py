"""How the story is told: one line a step, with the time since the start."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class StepFailedError(Exception):
    """A step of the story did not hold; the cause says why."""


class Teller:
    """Prints steps as they are done; the clock starts with the first word."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._count = 0

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def say(self, text: str) -> None:
        """Print a line that is no step."""
        print(f"{self.elapsed_s:6.1f} s     {text}", flush=True)

    @asynccontextmanager
    async def step(self, text: str) -> AsyncIterator[None]:
        """Do a step and print it with its number and the elapsed time.

        Raises:
            StepFailedError: it did not hold; the line says so before the error leaves.
        """
        self._count += 1
        try:
            yield
        except Exception as error:
            print(f"{self.elapsed_s:6.1f} s ✗{self._count:3} {text}\n{error}", flush=True)
            raise StepFailedError(text) from error
        print(f"{self.elapsed_s:6.1f} s ✓{self._count:3} {text}", flush=True)
