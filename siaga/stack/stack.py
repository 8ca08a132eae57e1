"""The whole product on one machine: engines, processes and, for the demo, the Telegram simulator."""

import asyncio
import sys
from collections.abc import Collection, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from siaga.namespace import prepare_namespace
from siaga.settings import Settings, ensure_secret_key
from siaga.stack import folder, postgres, temporal
from siaga.stack.console import Console
from siaga.stack.readiness import answers_http, choose_port
from siaga.stack.supervisor import Child, Program, Supervisor
from siaga.temporal import connect

SIMULATOR_TOKEN = "110201543:SIMULATED-TOKEN-for-local-use-only"  # noqa: S105 - opens only the simulator
_HOST = "127.0.0.1"


class Part(StrEnum):
    """The processes of our own; the engines come along when no address of another is set."""

    WORKER = "worker"
    BOT = "bot"
    API = "api"
    SIMULATOR = "simulator"


PRODUCT = frozenset({Part.WORKER, Part.BOT, Part.API})


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the engines listen if nobody does yet; one that is taken, and 0, become a free one."""

    temporal: int = 7233
    temporal_ui: int = 8233
    simulator: int = 8081


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the running parts are reached; None for what does not run here."""

    database_url: str
    temporal: str
    temporal_ui: str | None
    api: str | None
    simulator: str | None


class Stack:
    """``async with Stack(settings) as stack``: inside, everything is up, migrated and ready.

    With the simulator among the parts the bot talks to it instead of Telegram. ``logs_to_files`` keeps what
    the processes say out of the console (for the demo's story); the files are under ``<data>/logs``.
    """

    def __init__(
        self,
        settings: Settings,
        parts: Collection[Part] = PRODUCT,
        *,
        ports: Ports | None = None,
        console: Console | None = None,
        logs_to_files: bool = False,
    ) -> None:
        self.settings = replace(settings, data_dir=settings.data_dir.resolve())
        self.supervisor = Supervisor(console)
        self._parts = frozenset(parts)
        self._ports = ports or Ports()
        self._logs_to_files = logs_to_files
        self._temporal: temporal.TemporalServer | None = None
        self._simulator_url: str | None = None
        self._closing = AsyncExitStack()

    @property
    def addresses(self) -> Addresses:
        """Return where everything is."""
        ui = self._temporal.ui_url if self._temporal else self.settings.temporal_ui_url or None
        return Addresses(
            database_url=self.settings.database_url,
            temporal=self.settings.temporal_address,
            temporal_ui=ui,
            api=self.settings.api_url if Part.API in self._parts else None,
            simulator=self._simulator_url,
        )

    async def __aenter__(self) -> Self:
        """Start everything, in the order in which one needs the other.

        Raises:
            StackError: a part did not come up, or another stack runs over the same data folder.
        """
        async with AsyncExitStack() as starting:
            starting.enter_context(folder.claimed(self.settings.data_dir))
            starting.push_async_callback(self.supervisor.stop_all)
            self._choose_addresses()
            await _all(self._start_postgres(), self._start_temporal(), self._start_simulator())
            folder.write_addresses(self.settings)
            await _all(*(self._start_part(part) for part in sorted(self._parts & PRODUCT)))
            self._closing = starting.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything, the engines last."""
        await self._closing.aclose()

    async def run(self, name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Child:
        """Start ``siaga <arguments>`` as one more process, under a name of its own (a simulated box, say)."""
        return await self.supervisor.start(
            Program(
                name=name,
                command=(sys.executable, "-m", "siaga.cli", *arguments),
                environment={**self.settings.environment(), **(environment or {})},
                log=self._log(name) if self._logs_to_files else None,
            )
        )

    def _choose_addresses(self) -> None:
        """Fill in what is not set; a default port that is taken gives way to a free one."""
        settings = replace(self.settings, secret_key=ensure_secret_key(self.settings))
        if not settings.temporal_address:
            self._temporal = temporal.TemporalServer(
                cli=temporal.find_cli(settings.temporal_cli),
                folder=settings.data_dir,
                log=self._log(temporal.NAME),
                namespace=settings.temporal_namespace,
                port=choose_port(self._ports.temporal, _HOST),
                ui_port=choose_port(self._ports.temporal_ui, _HOST),
            )
            settings = replace(settings, temporal_address=self._temporal.address)
        if Part.API in self._parts:
            settings = replace(settings, api_port=choose_port(settings.api_port, settings.api_host))
        if Part.SIMULATOR in self._parts:
            self._simulator_url = f"http://{_HOST}:{choose_port(self._ports.simulator, _HOST)}"
            settings = replace(
                settings,
                telegram_token=settings.telegram_token or SIMULATOR_TOKEN,
                telegram_base_url=f"{self._simulator_url}/bot",
                telegram_base_file_url=f"{self._simulator_url}/file/bot",
                # Simulated boxes run on this machine, so they reach Temporal where we do.
                edge_temporal_address=settings.edge_temporal_address or settings.temporal_address,
            )
        self.settings = settings

    async def _start_postgres(self) -> None:
        from db.migrate import upgrade_async  # noqa: PLC0415
        from db.seed import seed_reference  # noqa: PLC0415
        from db.session import Database  # noqa: PLC0415

        if not self.settings.database_url:
            server = postgres.Postgres(self.settings.data_dir / "postgres", self._log(postgres.NAME))
            await server.start(self.supervisor)
            self.settings = replace(self.settings, database_url=server.url())
        await upgrade_async(self.settings.database_url)
        database = Database(self.settings.database_url)
        await seed_reference(database)
        await database.dispose()

    async def _start_temporal(self) -> None:
        if self._temporal is None:
            return
        child = await self.supervisor.start(self._temporal.program())

        async def ready() -> bool:
            try:
                await prepare_namespace(await connect(self.settings))
            except RuntimeError:  # not listening yet, or still starting inside
                return False
            return True

        await child.ready(ready)

    @property
    def _api(self) -> str:
        return f"http://{self.settings.api_host}:{self.settings.api_port}"

    async def _start_simulator(self) -> None:
        if self._simulator_url is None:
            return
        port, token = self._simulator_url.rpartition(":")[2], self.settings.telegram_token
        child = await self.supervisor.start(
            Program(
                name=Part.SIMULATOR,
                command=(sys.executable, "-m", "siaga.simulator", "--port", port, "--token", token),
                log=self._log(Part.SIMULATOR) if self._logs_to_files else None,
            )
        )
        await child.ready(lambda: answers_http(f"{self._simulator_url}/sim/people"))

    async def _start_part(self, part: Part) -> None:
        pulse = self.settings.data_dir / f"{part}.pulse"
        pulse.unlink(missing_ok=True)
        child = await self.run(part, part, environment={"SIAGA_PULSE_FILE": str(pulse)})

        async def ready() -> bool:
            return pulse.exists() and (part is not Part.API or await answers_http(f"{self._api}/healthz"))

        await child.ready(ready)

    def _log(self, name: str) -> Path:
        return self.settings.data_dir / "logs" / f"{name}.log"


async def _all(*work: Coroutine[None, None, None]) -> None:
    """Do all at once; the first that fails cancels the others, and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except* Exception as errors:  # noqa: BLE001 - raised again, without the group around it
        first: BaseException = errors
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
