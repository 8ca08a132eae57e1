"""Running the simulator on a port of the loopback interface."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from siaga.simulator.app import create_app
from siaga.simulator.settings import Settings

HOST = "127.0.0.1"


class SimulatorServer(uvicorn.Server):
    """Ends long polls and event streams before it stops, so that it need not wait for them."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.app: FastAPI = create_app(settings)
        config = uvicorn.Config(
            self.app,
            host=HOST,
            port=port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=60,
        )
        super().__init__(config)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C and SIGTERM."""
        self.end_streams()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Returns when every task of the simulator has ended."""
        await super().shutdown(sockets)
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
        await self.app.state.world.webhook.ended()

    def end_streams(self) -> None:
        """Answers everything that would keep a connection open."""
        self.app.state.world.close()


@asynccontextmanager
async def running(settings: Settings | None = None, port: int = 0) -> AsyncIterator[str]:
    """A simulator in this event loop, without touching signals; yields its base URL.

    Port 0 takes a free one.
    """
    # The protocol is named because asyncio switches Nagle's delay off (40 ms a call) only where it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    server = SimulatorServer(settings or Settings(), port)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listener])
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.end_streams()
        await server.shutdown([listener])
