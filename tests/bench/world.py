"""The stack under measurement: the product's own processes over one organization, and the baselines."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import text
from temporalio.client import Client

from db import numbers
from db.session import SYSTEM, Database
from domain.assignments import AssignmentPolicy, AssignmentState, AssignmentView, TaskType
from domain.offers import Candidate
from domain.priorities import Priority
from siaga.settings import Settings
from siaga.stack.readiness import answers_http, choose_port
from siaga.stack.stack import Part, Ports, Stack
from siaga.stack.supervisor import Program
from siaga.temporal import connect
from tests.bench.furnish import Machine, Technician, furnish
from tests.bench.plan import Plan
from workflows.client import Gateway, Noted

HOST = "127.0.0.1"
WEBHOOK_SECRET = "bench"
UNDO_S = 24 * 3600.0
"""The effects of a completion, its report among them, leave after the measurement."""
FAR_OFF_S = 24 * 3600.0


@dataclass
class World:
    """What the benchmarks share. ``bare_http`` and ``null_simulator`` are base URLs."""

    plan: Plan
    stack: Stack
    database: Database
    client: Client
    gateway: Gateway
    simulator: str
    bare_http: str
    null_simulator: str
    organization: int = 0
    dispatcher: int = 0
    technicians: Sequence[Technician] = ()
    machines: Sequence[Machine] = ()
    _sources: "count[int]" = field(default_factory=count)

    def source(self) -> str:
        """Return an update id that was not used before."""
        return f"bench-{next(self._sources)}"

    async def new_assignment(
        self, place: int, *, stands_s: float = FAR_OFF_S, task_type: TaskType = TaskType.MAINTENANCE
    ) -> AssignmentView:
        """Create an assignment as the dispatcher's dialog does: a reserved number, then the workflow."""
        technician = self.technicians[place % len(self.technicians)]
        machine = self.machines[place % len(self.machines)]
        source = self.source()
        async with self.database.transaction(SYSTEM) as session:
            number = await numbers.reserve(session, "assignment", source)
        state = AssignmentState(
            assignment_id=number,
            organization_id=self.organization,
            machine_id=machine.machine_id,
            machine_uuid=machine.uuid,
            machine_name=machine.name,
            assigned_by=self.dispatcher,
            task_type=task_type,
            priority=Priority.MEDIUM,
            scheduled_date=datetime.now(UTC) + timedelta(days=1),
            policy=AssignmentPolicy(offer_stands_s=stands_s, undo_s=UNDO_S),
            asked=[Candidate(technician.user_id, technician.name)],
        )
        created = None
        while created is None or isinstance(created, Noted):
            created = await self.gateway.create_assignment(source, state)
        return created

    async def chat_is_quiet(self) -> None:
        """Wait until every update is handled and every delivery sent."""
        waiting = text(
            """
            select (select count(*) from chat_lanes where last_n > done_n)
              + (select count(*) from deliveries where state in ('due', 'sending'))
            """
        )
        while True:
            async with self.database.transaction(SYSTEM) as session:
                if not await session.scalar(waiting):
                    return
            await asyncio.sleep(0.2)

    async def start_bot(self) -> None:
        """Start the product's bot and wait until it lives."""
        pulse = self.stack.settings.data_dir / "bot.pulse"
        pulse.unlink(missing_ok=True)
        child = await self.stack.run("bot", "bot", environment={"SIAGA_PULSE_FILE": str(pulse)})
        await child.ready(lambda: asyncio.to_thread(pulse.exists))

    async def stop_bot(self) -> None:
        """Stop the product's bot: what follows is measured without chat."""
        await self.stack.supervisor.stop("bot")


@asynccontextmanager
async def running(plan: Plan, folder: Path) -> AsyncIterator[World]:
    """Yield the running and furnished stack; at the end everything that was started here is stopped."""
    settings = Settings(
        data_dir=folder, api_port=0, telegram_webhook_secret=WEBHOOK_SECRET, log_level="warning"
    )
    parts = (Part.WORKER, Part.API, Part.SIMULATOR)
    async with Stack(settings, parts, ports=Ports(0, 0, 0), logs_to_files=True) as stack:
        simulator = stack.addresses.simulator or ""
        client = await connect(stack.settings)
        database = Database(stack.settings.database_url, pool_size=30)
        try:
            world = World(
                plan=plan,
                stack=stack,
                database=database,
                client=client,
                gateway=Gateway(client),
                simulator=simulator,
                bare_http=await _start_bare_http(stack),
                null_simulator=await _start_null_bot(stack),
            )
            await _start_baseline_worker(stack)
            await furnish(world)
            yield world
        finally:
            await database.dispose()


async def _start_bare_http(stack: Stack) -> str:
    url = f"http://{HOST}:{choose_port(0, HOST)}"
    child = await stack.supervisor.start(_module(stack, "bare_http", url.rpartition(":")[2]))
    await child.ready(lambda: answers_http(f"{url}/healthz"))
    return url


async def _start_null_bot(stack: Stack) -> str:
    url = f"http://{HOST}:{choose_port(0, HOST)}"
    command = (sys.executable, "-m", "siaga.simulator", "--limits", "off", "--port", url.rpartition(":")[2])
    log = stack.settings.data_dir / "logs" / "null_simulator.log"
    child = await stack.supervisor.start(Program("null_simulator", command, log=log))
    await child.ready(lambda: answers_http(f"{url}/sim/people"))
    await stack.supervisor.start(_module(stack, "null_bot", url))
    return url


async def _start_baseline_worker(stack: Stack) -> None:
    settings = stack.settings
    given = (settings.temporal_address, settings.temporal_namespace, settings.database_url)
    await stack.supervisor.start(_module(stack, "baseline_worker", *given))


def _module(stack: Stack, name: str, *arguments: str) -> Program:
    command = (sys.executable, "-m", f"tests.bench.{name}", *arguments)
    return Program(name, command, log=stack.settings.data_dir / "logs" / f"{name}.log")
