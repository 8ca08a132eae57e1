"""``siaga api``: the HTTP side."""

import asyncio
import contextlib
import json
from collections.abc import Iterator

import uvicorn

from db.secrets import Cipher
from siaga import telegram
from siaga.processes.rooms import Opened, opened, required
from siaga.running import pulse
from siaga.settings import Settings, ensure_secret_key
from siaga.temporal import tls_config
from webhooks import app
from webhooks.settings import EdgeTemporal, WebSettings

_CONNECTIONS = 20


class _Server(uvicorn.Server):
    """Leaves signals to ``siaga.running``, which knows the whole process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def openapi() -> str:
    """Return the OpenAPI document; nothing needs to run."""
    return json.dumps(app.openapi(), indent=2)


async def serve(settings: Settings, stop: asyncio.Event) -> int:
    """Serve until asked to stop; open requests are finished first.

    Raises:
        CommandError: the database or Temporal is not named.
    """
    settings = required(settings)
    async with opened(settings, connections=_CONNECTIONS) as rooms:
        application = app.create_app(await _web_settings(settings, rooms))
        server = _Server(
            uvicorn.Config(
                application,
                host=settings.api_host,
                port=settings.api_port,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=5,
            )
        )
        async with pulse(settings.pulse_file):
            serving = asyncio.create_task(server.serve())
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            server.should_exit = True
            await serving
    return 0 if server.started else 1


async def _web_settings(settings: Settings, rooms: Opened) -> WebSettings:
    return WebSettings(
        database=rooms.database,
        gateway=rooms.gateway,
        cipher=Cipher(ensure_secret_key(settings)),
        store=rooms.store,
        telegram_webhook_secret=settings.telegram_webhook_secret,
        bot_username=await telegram.username(settings),
        public_url=settings.public_url,
        edge_temporal=_edge_temporal(settings),
    )


def _edge_temporal(settings: Settings) -> EdgeTemporal | None:
    if not settings.edge_temporal_address:
        return None
    return EdgeTemporal(
        address=settings.edge_temporal_address,
        namespace=settings.temporal_namespace,
        tls=bool(tls_config(settings)),
    )
