"""The story: a machine registered, installed, tested and put into service, all by chat, all for real.

It is played through the person side of the simulator, in the words a person would tap and type, so it shows
too that the words on the buttons are right. A wait that fails shows what the chat held instead.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus

from db.demo import PEOPLE
from domain import ids
from edge_worker.stills import render_stills
from siaga.demo import box
from siaga.demo.steps import Teller
from siaga.simulator.person import Person, text_of
from siaga.stack.stack import Stack

MACHINE = "RVM Pasar Senen"
SERIAL_NUMBER = "RVM-JKT-006"
PLACE = (-6.1744, 106.8410)
"""Where the machine stands: latitude and longitude in degrees."""
HARDWARE_ID = "JETSON-SIM-0006"
EDGE = "edge-2"
_CODE = re.compile(r"siaga edge setup ([0-9A-Z]{5}-[0-9A-Z]{5})")


@dataclass
class Story:
    """The people of the story and what they learn on the way."""

    stack: Stack
    temporal: Client
    folder: Path
    teller: Teller
    people: dict[str, Person]

    async def play(self) -> None:
        """Play the main job end to end.

        Raises:
            StepFailedError: a step did not hold.
        """
        await self._greet()
        await self._register()
        await self._accept_and_start()
        await self._set_up_device()
        await self._finish()
        await self._read_in_temporal()

    async def _greet(self) -> None:
        async with self.teller.step("Everybody says /start; the bot knows who they are"):
            for key in ("admin", "technician", "super_admin"):
                await self.people[key].send("/start")
            await self.people["admin"].wait_for("Admin")
            await self.people["technician"].wait_for("/tugas")

    async def _register(self) -> None:
        admin = self.people["admin"]
        async with self.teller.step(
            "The admin registers a machine: name, place, serial number, installer, time"
        ):
            await admin.send("/daftarmesin")
            await self._says("nama", MACHINE)
            await self._asked("lokasi")
            await admin.location(*PLACE, venue={"title": MACHINE, "address": "Jl. Pasar Senen, Jakarta"})
            await self._says("nomor seri", SERIAL_NUMBER)
            await self._says("kapasitas", "500")
            await admin.tap("Technician")
            await self._says("kapan", "besok 9")
            await admin.tap("Daftarkan")
            await admin.wait_for(MACHINE)

    async def _asked(self, word: str) -> None:
        await self.people["admin"].wait_for(lambda message: word in text_of(message).lower())

    async def _says(self, asked: str, text: str) -> None:
        await self._asked(asked)
        await self.people["admin"].send(text)

    async def _accept_and_start(self) -> None:
        technician = self.people["technician"]
        async with self.teller.step("The technician gets the installation and accepts it"):
            await technician.wait_for(MACHINE)
            await technician.tap("Terima")
            await technician.wait_for("Diterima")
        async with self.teller.step("On site he shows where he is and starts; the admin's card follows"):
            await technician.location(*PLACE)
            await technician.tap("Mulai instalasi")
            await technician.wait_for("Dikerjakan")

    async def _set_up_device(self) -> None:
        technician, admin = self.people["technician"], self.people["admin"]
        async with self.teller.step(
            "The card shows a single-use code; he types `siaga edge setup <code>` on the box"
        ):
            card = await technician.wait_for(lambda message: bool(_CODE.search(text_of(message))))
            found = _CODE.search(text_of(card))
            assert found is not None  # noqa: S101 - what was waited for
            await box.set_up(self.stack, self.folder, found.group(1))
        async with self.teller.step(
            "The box is switched on: handshake, then self-test, on the technician's card"
        ):
            await box.switch_on(self.stack, EDGE, self.folder)
            await technician.wait_for("Uji mesin lulus", timeout_s=150)
        async with self.teller.step("The machine is online on the admin's card"):
            await admin.wait_for("✅ Online")

    async def _finish(self) -> None:
        technician, admin = self.people["technician"], self.people["admin"]
        async with self.teller.step("He sends two photos as an album"):
            photos = [path.read_bytes() for path in render_stills(self.folder / "photos", seed=61)[:2]]
            await technician.photo(*photos)
            await technician.wait_for(
                lambda message: "2" in text_of(message) and "foto" in text_of(message).lower()
            )
        async with self.teller.step("He completes the task with a note"):
            await technician.send("Selesai. Mesin terpasang dan menyala. Pintu servis di kiri.")
            await technician.wait_for("Selesai")
        async with self.teller.step("The machine is commissioned and in service; the admin is told"):
            await admin.wait_for("mulai beroperasi")

    async def _read_in_temporal(self) -> None:
        async with self.teller.step(
            "The admin finds every run in the Temporal UI, with owner and last moves"
        ):
            for workflow_id, status in await self._runs():
                description = await self.temporal.get_workflow_handle(workflow_id).describe()
                if description.status != status:
                    message = f"{workflow_id} is {description.status}, not {status}"
                    raise AssertionError(message)
        for workflow_id, status in await self._runs():
            self.teller.say(f"    {status.name.lower():<10} {workflow_id}")

    async def _runs(self) -> list[tuple[str, WorkflowExecutionStatus]]:
        """Return the runs of the story with the status each should have, found as an admin finds them."""
        done, runs = WorkflowExecutionStatus.COMPLETED, []
        async for run in self.temporal.list_workflows("WorkflowType = 'machine-onboarding'"):
            uuid = UUID(run.id.removeprefix("onboarding-"))
            runs += [(run.id, done), (ids.handshake_id(str(uuid)), done)]
            runs.append((ids.machine_id(uuid), WorkflowExecutionStatus.RUNNING))
        async for run in self.temporal.list_workflows("WorkflowType = 'task-assignment'"):
            runs.append((run.id, done))
        return runs


async def people_with_phones(simulator: str) -> dict[str, Person]:
    """Give the story's people a phone each, under the accounts that the demo's data knows.

    The chat page shows as many as fit side by side, in this order.
    """
    known = {person.key: person for person in PEOPLE}
    return {
        key: await Person.create(
            simulator, known[key].name, id=known[key].telegram_id, language_code=known[key].language
        )
        for key in ("admin", "technician", "super_admin", "operator")
    }
