"""The first act: a machine is registered, installed, tested and put into service."""

import re

from edge_worker.stills import render_stills
from siaga.demo import box
from siaga.demo.stage import Stage, question, says
from siaga.simulator.person import text_of

MACHINE = "RVM Pasar Senen"
SERIAL_NUMBER = "RVM-JKT-006"
PLACE = (-6.1744, 106.8410)
"""Where the machine stands: latitude and longitude in degrees."""
HARDWARE_ID = "JETSON-SIM-0006"
EDGE = "edge-2"
_CODE = re.compile(r"siaga edge setup ([0-9A-Z]{5}-[0-9A-Z]{5})")


async def play(stage: Stage) -> None:
    """Play the main job end to end.

    Raises:
        StepFailedError: a step did not hold.
    """
    await _register(stage)
    await _accept_and_start(stage)
    await _set_up_device(stage)
    await _check_and_finish(stage)


async def _register(stage: Stage) -> None:
    admin = stage.admin
    async with stage.teller.step(
        "The admin registers a machine: name, place, serial number, installer, time"
    ):
        await admin.send("/daftarmesin")
        await says(admin, "nama", MACHINE)
        await question(admin, "lokasi")
        await admin.location(*PLACE, venue={"title": MACHINE, "address": "Jl. Pasar Senen, Jakarta"})
        await says(admin, "nomor seri", SERIAL_NUMBER)
        await says(admin, "kapasitas", "500")
        await admin.tap("Technician")
        await says(admin, "kapan", "besok 9")
        await admin.tap("Daftarkan")
        await admin.wait_for(MACHINE)


async def _accept_and_start(stage: Stage) -> None:
    technician = stage.technician
    async with stage.teller.step("The technician gets the installation and accepts it"):
        await technician.wait_for(MACHINE)
        await technician.tap("Terima")
        await technician.wait_for("Diterima")
    async with stage.teller.step("On site he shows where he is and starts; the admin's card follows"):
        await technician.location(*PLACE)
        await technician.tap("Mulai instalasi")
        await technician.wait_for("Dikerjakan")


async def _set_up_device(stage: Stage) -> None:
    technician = stage.technician
    async with stage.teller.step(
        "The card shows a single-use code; he types `siaga edge setup <code>` on the box"
    ):
        card = await technician.wait_for(lambda message: bool(_CODE.search(text_of(message))))
        found = _CODE.search(text_of(card))
        assert found is not None  # noqa: S101 - what was waited for
        await box.set_up(stage.stack, stage.folder, found.group(1))
    async with stage.teller.step(
        "The box is switched on: handshake, then self-test, on the technician's card"
    ):
        await box.switch_on(stage.stack, EDGE, stage.folder)
        await technician.wait_for("Uji mesin lulus", timeout_s=150)
    async with stage.teller.step("The machine is online on the admin's card"):
        await stage.admin.wait_for("✅ Online")


async def _check_and_finish(stage: Stage) -> None:
    technician = stage.technician
    first, second, place = (path.read_bytes() for path in render_stills(stage.folder / "photos", seed=61)[:3])
    async with stage.teller.step("He sends two photos as an album"):
        await technician.photo(first, second)
        await technician.wait_for(
            lambda message: "2" in text_of(message) and "foto" in text_of(message).lower()
        )
    async with stage.teller.step("He types `semua ok`: only the voltage and a photo are asked for"):
        await technician.send("semua ok")
        await says(technician, "tulis angkanya", "221")
        await question(technician, "kirim satu foto")
        await technician.photo(place)
        await technician.wait_for("6/6")
    async with stage.teller.step("He completes the task with a note"):
        await technician.send("Selesai. Mesin terpasang dan menyala. Pintu servis di kiri.")
        await technician.wait_for("Terima kasih")
    async with stage.teller.step("The machine is commissioned and in service; the admin is told"):
        await stage.admin.wait_for("mulai beroperasi", timeout_s=60)
