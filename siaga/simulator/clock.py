"""The simulator's time, which a test can move forward."""

import time

EPOCH = 1_735_689_600  # 1 January 2025, UTC


class Clock:
    """Wall-clock seconds plus whatever `advance` added. Dates, limits and expiries all read it."""

    def __init__(self) -> None:
        self._advanced = 0.0

    def now(self) -> float:
        """Seconds since 1970, with fraction."""
        return time.time() + self._advanced

    def date(self) -> int:
        """Whole seconds since 1970, as the Bot API writes dates."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Moves time forward; it never goes back."""
        self._advanced += max(0.0, seconds)


def first_id() -> int:
    """Where a series of ids starts.

    It grows by ten a second, so a restarted simulator does not use an id again that a database of the
    run before still remembers, and stays within 31 bits as real message and update ids do.
    """
    return int((time.time() - EPOCH) * 10)
