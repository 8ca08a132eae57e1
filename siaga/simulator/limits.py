"""Telegram's rate limits as buckets (TELEGRAM 4): 429 with `retry_after` when one is empty."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from siaga.simulator.clock import Clock
from siaga.simulator.refusals import refuse
from siaga.simulator.settings import LimitMode


@dataclass(frozen=True, slots=True)
class Rates:
    """A private chat: a burst and a refill per second. Groups and the token: calls in a sliding window."""

    burst: float
    refill_per_s: float
    group_calls: int
    group_window_s: float
    token_calls: int
    token_window_s: float


STRICT = Rates(3, 1, 20, 60, 30, 1)
LENIENT = Rates(30, 5, 60, 60, 100, 1)


@dataclass(slots=True)
class Limits:
    """What each chat and the token may still send."""

    clock: Clock
    mode: LimitMode
    _private: dict[int, tuple[float, float]] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _token: deque[float] = field(default_factory=deque)

    def spend(self, chat_id: int, messages: int = 1) -> None:
        """Counts one call that sends or edits, or raises the 429. A refused call costs nothing.

        Of an album a group counts every message; a private chat and the token count the call.
        """
        if self.mode == "off":
            return
        rates = STRICT if self.mode == "strict" else LENIENT
        now = self.clock.now()
        window = self._groups[chat_id] if chat_id < 0 else deque[float]()
        tokens = self._refilled(chat_id, rates, now)
        waits = [_window_wait(self._token, rates.token_calls, rates.token_window_s, now)]
        if chat_id < 0:
            most = max(1, rates.group_calls - messages + 1)
            waits.append(_window_wait(window, most, rates.group_window_s, now))
        else:
            waits.append((1 - tokens) / rates.refill_per_s)
        if max(waits) > 0:
            seconds = max(1, math.ceil(max(waits)))
            refuse(f"retry after {seconds}", 429, retry_after=seconds)
        self._token.append(now)
        window.extend([now] * messages)
        if chat_id > 0:
            self._private[chat_id] = (tokens - 1, now)

    def _refilled(self, chat_id: int, rates: Rates, now: float) -> float:
        left, since = self._private.get(chat_id, (rates.burst, now))
        return min(rates.burst, left + (now - since) * rates.refill_per_s)


def _window_wait(calls: deque[float], most: int, window_s: float, now: float) -> float:
    while calls and calls[0] <= now - window_s:
        calls.popleft()
    return calls[len(calls) - most] + window_s - now if len(calls) >= most else 0
