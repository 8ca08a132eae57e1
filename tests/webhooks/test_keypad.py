"""A PIN opens the real edge process while its cable is cut; the machine's card hears of it afterwards."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import insert, update

from bot.cards.machine import MachineCard
from bot.cards.runs import Runs
from bot.content import Reader
from bot.render import Audience, Renderer
from db.models.access import MachineGrant
from db.models.machines import EdgeDevice
from db.queries.people import person_by_id
from db.session import SYSTEM
from domain.access import GrantSource
from edge_worker.private_files import write_env
from edge_worker.settings import API_KEY as KEY_VARIABLE
from edge_worker.settings import SERVER_URL
from tests.edge_worker.server import HOST
from tests.edge_worker.test_main import a_free_port
from tests.waiting import eventually
from tests.webhooks.conftest import API_KEY, Api
from tests.webhooks.doubles import RecordingGateway
from webhooks.app import create_app
from webhooks.settings import WebSettings

HARDWARE = "SIM-0001"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server and the keypad listen, and the box's folder."""

    server_port: int
    keypad_port: int
    folder: Path

    @asynccontextmanager
    async def network(self, api: Api) -> AsyncIterator[None]:
        """Let the box reach the server."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, self.server_port))
        app = create_app(WebSettings(api.database, RecordingGateway(), api.cipher, api.store))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield
        finally:
            server.should_exit = True
            await serving

    @asynccontextmanager
    async def box(self) -> AsyncIterator[httpx.AsyncClient]:
        """Run the edge process; yields its keypad once that answers."""
        command = (sys.executable, "-m", "siaga.cli", "edge", "run", "--folder", str(self.folder))
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{self.keypad_port}") as keypad:

            async def answers() -> bool:
                assert process.returncode is None
                try:
                    return (await keypad.get("/state")).is_success
                except httpx.TransportError:
                    return False

            try:
                await eventually(answers, bool, timeout_s=30)
                yield keypad
            finally:
                process.terminate()
                await process.wait()


async def furnished(api: Api, tmp_path: Path) -> Place:
    """Return a box that was bound before, with its key and its keypad set up."""
    place = Place(a_free_port(), a_free_port(), tmp_path / "edge")
    place.folder.mkdir()
    write_env(
        place.folder / ".env", {SERVER_URL: f"http://{HOST}:{place.server_port}", KEY_VARIABLE: API_KEY}
    )
    (place.folder / "config.toml").write_text(
        f'hardware_id = "{HARDWARE}"\n[keypad]\nport = {place.keypad_port}\n'
    )
    async with api.database.transaction(SYSTEM) as session:
        of_box = EdgeDevice.edge_server_id == api.box.edge_server_id
        await session.execute(update(EdgeDevice).where(of_box).values(hardware_id=HARDWARE))
    return place


async def a_pin_of(api: Api, person: str) -> str:
    """Let a person enter the machine, and return the PIN they get on their phone."""
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            insert(MachineGrant).values(
                organization_id=api.organizations[person],
                user_id=api.users[person],
                rvm_machine_id=api.machines[0],
                source=GrantSource.MANUAL,
            )
        )
    url = f"/api/v1/technician/rvm-machines/{api.machines[0]}/pin"
    answer = await api.http.post(url, headers=api.as_(person))
    pin: str = answer.json()["pin"]
    return pin


async def card(api: Api) -> str:
    """Return the machine's card as the admin reads it."""
    async with api.database.transaction(SYSTEM) as session:
        known = await person_by_id(session, api.users["admin"])
        assert known is not None
        reader = Reader(known.person, "id", "Asia/Jakarta", 1)
        view = await MachineCard(Runs(""))(session, api.machines[0], reader)
    assert view is not None
    audience = Audience("id", "Asia/Jakarta", known.person)
    return Renderer().html(view.template, audience, {**view.context, "thing": view.row})


async def entered(keypad: httpx.AsyncClient, pin: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await keypad.post("/open", json={"pin": pin})).json()
    return answer


async def test_pins_open_while_the_cable_is_cut_and_are_told_when_it_is_back(
    api: Api, tmp_path: Path
) -> None:
    place = await furnished(api, tmp_path)
    technicians = await a_pin_of(api, "technician")
    async with place.network(api), place.box():

        async def roster() -> bool:
            kept = place.folder / "roster.json"
            return kept.exists() and "Technician" in kept.read_text()

        await eventually(roster, bool, timeout_s=30)

    # The machine is cut off and starts anew; the phones are elsewhere and still reach the server.
    operators = await a_pin_of(api, "operator")
    async with place.box() as keypad:
        assert await entered(keypad, technicians) == {
            "outcome": "open",
            "wait_s": 0.0,
            "slot": "00",
            "name": "Technician",
        }
        # Given after the cut: the slot's name cannot be known here, its PIN counts all the same.
        assert await entered(keypad, operators) == {
            "outcome": "open",
            "wait_s": 0.0,
            "slot": "01",
            "name": "",
        }
        assert (await entered(keypad, "00000000"))["outcome"] == "wrong"
        assert (await keypad.get("/state")).json()["machine"] == "RVM Mall Grand Indonesia"
        assert "Terakhir dibuka" not in await card(api)

        async with place.network(api):
            shown = await eventually(lambda: card(api), lambda text: "Terakhir dibuka" in text, timeout_s=40)

    assert "oleh Operator" in shown
    assert "Technician membuka mesin dengan PIN" in shown
    for secret in (technicians, operators):
        kept = [path for path in place.folder.iterdir() if secret.encode() in path.read_bytes()]
        assert kept == []
