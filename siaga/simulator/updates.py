"""The updates the bot has not confirmed yet, and `getUpdates` over them (TELEGRAM 4)."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from siaga.simulator.clock import first_id
from siaga.simulator.journal import Journal, Json
from siaga.simulator.refusals import refuse_conflict

ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}
TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
KEPT = 20_000


@dataclass(slots=True)
class UpdateQueue:
    """`webhook_active` is kept by the webhook methods."""

    journal: Journal
    pending: deque[object] = field(default_factory=deque)
    history: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))
    next_id: int = field(default_factory=first_id)
    allowed: list[str] = field(default_factory=list)
    webhook_active: bool = False
    closed: bool = False
    _poll: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for that kind; an empty list means all but the rare ones."""
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED

    def push(self, kind: str, payload: object) -> None:
        """Queues an update, unless the bot does not want its kind."""
        if self.wants(kind):
            self.push_raw({"update_id": self.next_id, kind: payload})

    def push_raw(self, update: object) -> None:
        """Queues any JSON as it is; the next ids stay above its `update_id` if it has one."""
        number = update.get("update_id") if isinstance(update, dict) else None
        if isinstance(number, int):
            self.next_id = max(self.next_id, number + 1)
        self.pending.append(update)
        self.history.append({"seq": self.journal.next_seq(), "update": update})
        self.wake()

    def jump(self, by: int) -> None:
        """Real ids jump after a silent week."""
        self.next_id += by

    def wake(self) -> None:
        """Lets whoever waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def close(self) -> None:
        """Ends long polls."""
        self.closed = True
        self.wake()

    async def wait(self, timeout_s: float) -> None:
        """Returns when something changed, or after the timeout."""
        changed = self._changed
        # Not `wait_for`, which lets a cancelled caller go on when the change comes at the same moment.
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await changed.wait()

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[object]:
        """`getUpdates`. Raises 409 while a webhook is set, and when a newer poll takes over."""
        if self.webhook_active:
            refuse_conflict(WEBHOOK_ACTIVE)
        self._poll += 1
        mine = self._poll
        self._confirm(offset)
        self.wake()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(max(timeout_s, 0), 50)
        while not self.pending and not self.closed and loop.time() < deadline:
            await self.wait(deadline - loop.time())
            if self._poll != mine:
                refuse_conflict(TERMINATED)
            if self.webhook_active:
                refuse_conflict("terminated by setWebhook request")
        most = min(max(limit, 1), 100)
        return [update for _, update in zip(range(most), self.pending, strict=False)]

    def _confirm(self, offset: int) -> None:
        """Forgets what lies below the offset; a negative one keeps only that many of the newest."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        elif offset > 0:
            kept = [update for update in self.pending if _number(update, offset) >= offset]
            self.pending = deque(kept)


def _number(update: object, otherwise: int) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else otherwise - 1
