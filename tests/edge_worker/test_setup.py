"""``siaga edge setup <code>`` leaves a key that only its owner can read, or says clearly why not."""

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.responses import HTMLResponse, JSONResponse

from edge_worker.errors import ConfigInvalid, EdgeError, ServerBusy, ServerUnreachable, SetupRefused
from edge_worker.settings import read_settings
from edge_worker.setup import Provisioned, setup
from tests.edge_worker.server import API_KEY, CODE, DeviceServer, problem


@pytest.fixture
def careless_umask() -> Iterator[None]:
    """A user whose new files are open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


async def a_setup(server: DeviceServer, folder: Path, code: str = CODE) -> Provisioned:
    return await asyncio.to_thread(setup, server.url, code, folder)


async def test_the_code_is_traded_for_a_key_only_the_owner_can_read(
    server: DeviceServer, tmp_path: Path, careless_umask: None
) -> None:
    folder = tmp_path / "edge"

    done = await a_setup(server, folder)

    settings = read_settings(folder, {})
    assert (settings.server_url, settings.api_key) == (server.url, API_KEY)
    assert stat.S_IMODE(settings.env_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [".env"]
    assert "RVM Grand Indonesia" in str(done)
    assert API_KEY not in str(done)


async def test_a_second_setup_keeps_other_lines_and_forgets_the_old_identity(
    server: DeviceServer, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("# mine\nSIAGA_CAMERA=0\nexport SIAGA_API_KEY=old\n")
    (tmp_path / "credentials.json").write_text("{}")

    await a_setup(server, tmp_path)

    lines = (tmp_path / ".env").read_text().splitlines()
    assert lines == ["# mine", "SIAGA_CAMERA=0", f"SIAGA_SERVER_URL={server.url}", f"SIAGA_API_KEY={API_KEY}"]
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert not (tmp_path / "credentials.json").exists()


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (404, "code_unknown", "does not know this code"),
        (410, "code_used", "used before"),
        (410, "code_expired", "has expired"),
        (422, "something_new", "refused the code"),
    ],
)
async def test_a_refused_code_is_explained(
    server: DeviceServer, tmp_path: Path, status: int, code: str, sentence: str
) -> None:
    server.setup_answer = lambda: problem(status, code)

    with pytest.raises(SetupRefused, match=sentence):
        await a_setup(server, tmp_path)

    assert not (tmp_path / ".env").exists()


async def test_a_busy_server_is_told_apart(server: DeviceServer, tmp_path: Path) -> None:
    server.setup_answer = lambda: problem(503, "unavailable", {"Retry-After": "5"})

    with pytest.raises(ServerBusy, match="come back later"):
        await a_setup(server, tmp_path)


async def test_nobody_answers(server: DeviceServer, tmp_path: Path) -> None:
    await server.stop()

    with pytest.raises(ServerUnreachable, match="check the cable"):
        await a_setup(server, tmp_path)


async def test_a_login_page_of_the_building_is_not_the_server(server: DeviceServer, tmp_path: Path) -> None:
    server.setup_answer = lambda: HTMLResponse("<h1>Welcome to the mall</h1>")

    with pytest.raises(ServerUnreachable, match="not a Siaga server"):
        await a_setup(server, tmp_path)


async def test_an_unusable_key_is_not_written(server: DeviceServer, tmp_path: Path) -> None:
    server.setup_answer = lambda: JSONResponse({"api_key": "a\nSIAGA_CAMERA=/etc/passwd", "edge_id": "x"})

    with pytest.raises(SetupRefused, match="no usable API key"):
        await a_setup(server, tmp_path)


async def test_a_folder_that_cannot_be_written_does_not_cost_the_code(
    server: DeviceServer, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(ConfigInvalid, match="not spent"):
        await a_setup(server, tmp_path / "taken" / "edge")


@pytest.mark.parametrize("code", ["", "   "])
async def test_a_code_is_needed(server: DeviceServer, tmp_path: Path, code: str) -> None:
    with pytest.raises(EdgeError, match="A code is needed"):
        await a_setup(server, tmp_path, code)
