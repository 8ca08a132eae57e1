"""A box that answers self-tests as a test wants; the real one has its own tests in tests/edge_worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from domain.edge import SELF_TEST, Check, CheckName, CheckResult, SelfTestReport, SelfTestRequest
from domain.queues import edge_queue


@dataclass
class Box:
    """Which checks fail now, and how often a self-test was asked for."""

    failing: dict[CheckName, str] = field(default_factory=dict)
    asked: int = 0
    broken: bool = False
    """The activity fails for good, as when the box is out of reach past its deadline."""
    slow: bool = False
    """The self-test takes until it is told to stop."""
    answered: bool = False
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    @activity.defn(name=SELF_TEST)
    async def self_test(self, request: SelfTestRequest) -> SelfTestReport:
        """Answer at once."""
        assert request.requested_at.tzinfo is not None
        self.asked += 1
        self.was_asked.set()
        while self.slow:
            activity.heartbeat()
            await asyncio.sleep(0.05)
        if self.broken:
            message = "gone"
            raise ApplicationError(message, non_retryable=True)
        self.answered = True
        checks = [
            Check(
                name,
                CheckResult.FAILED if name in self.failing else CheckResult.OK,
                self.failing.get(name, ""),
            )
            for name in CheckName
        ]
        return SelfTestReport(checks=checks, finished_at=datetime.now(UTC))


@asynccontextmanager
async def running(client: Client, edge_id: str, box: Box) -> AsyncIterator[Box]:
    """Let the box poll its queue."""
    async with Worker(client, task_queue=edge_queue(edge_id), activities=[box.self_test]):
        yield box
