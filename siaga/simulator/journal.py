"""What happened: the bot's calls, its violations, and the events the chat page listens to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KEPT = 20_000


@dataclass(slots=True)
class Journal:
    """One rising sequence number for everything."""

    seq: int = 0
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    violations: list[Json] = field(default_factory=list)
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    closed: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def next_seq(self) -> int:
        """A new sequence number."""
        self.seq += 1
        return self.seq

    def event(self, kind: str, chat: int | None = None, thread: int | None = None, **more: object) -> int:
        """Tells every listener."""
        seq = self.next_seq()
        self.events.append({"seq": seq, "kind": kind, "chat": chat, "thread": thread, **more})
        self._wake()
        return seq

    def violation(self, method: str, rule: str, detail: str) -> None:
        """Notes a refusal that real Telegram would not have made."""
        entry = {"seq": self.next_seq(), "method": method, "rule": rule, "detail": detail}
        self.violations.append(entry)
        self.event("violation", violation=entry)

    def call(self, entry: Json) -> None:
        """Notes one raw call of the bot with its answer."""
        self.calls.append({"seq": self.next_seq(), **entry})
        self.event("call", call=self.calls[-1])

    def close(self) -> None:
        """Ends every `follow`."""
        self.closed = True
        self._wake()

    async def follow(self, after: int | None, idle_s: float = 15.0) -> AsyncIterator[Json | None]:
        """Every event after that number (None: from now on); None after each idle stretch."""
        last = self.seq if after is None else after
        while not self.closed:
            changed = self._changed
            fresh = self._after(last)
            for event in fresh:
                last = event["seq"]
                yield event
            if fresh or self.closed:
                continue
            try:
                async with asyncio.timeout(idle_s):
                    await changed.wait()
            except TimeoutError:
                yield None

    def _after(self, seq: int) -> list[Json]:
        fresh: list[Json] = []
        for event in reversed(self.events):
            if event["seq"] <= seq:
                break
            fresh.append(event)
        return fresh[::-1]

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
