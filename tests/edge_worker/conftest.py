"""Fixtures of the box: a server to talk to, and an edge folder."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from edge_worker.credentials import Credentials, credentials_from
from edge_worker.settings import CameraSettings, EdgeSettings
from edge_worker.spool import Spool
from edge_worker.stills import render_stills
from tests.edge_worker.server import API_KEY, MACHINE, DeviceServer


@pytest.fixture
async def server() -> AsyncIterator[DeviceServer]:
    """A server that keeps the device contract."""
    server = DeviceServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of rendered stills."""
    folder = tmp_path_factory.mktemp("stills")
    render_stills(folder, seed=1)
    return folder


@pytest.fixture
def settings(server: DeviceServer, tmp_path: Path, stills: Path) -> EdgeSettings:
    """A box that was set up, with one camera."""
    folder = tmp_path / "edge"
    folder.mkdir()
    return EdgeSettings(
        folder=folder,
        server_url=server.url,
        api_key=API_KEY,
        cameras=(CameraSettings("front", f"folder:{stills}", "Inlet"),),
        hardware_id="SIM-0001",
    )


@pytest.fixture
def credentials(server: DeviceServer) -> Credentials:
    """What a handshake would have given this box."""
    answer = {
        "edge_id": "one",
        "edge_key": server.edge_key,
        "edge_secret": server.edge_secret,
        "machine": MACHINE,
        "beat_s": server.beat_s,
    }
    return credentials_from(answer, API_KEY)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """An empty spool."""
    spool = Spool(tmp_path / "spool.db")
    yield spool
    spool.close()
