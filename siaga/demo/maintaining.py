"""The second act: who takes a maintenance first, the machine's code, a step that fails and what follows."""

import re

from db.demo import MACHINES
from edge_worker.stills import render_stills
from siaga.demo.stage import Stage, question, says
from siaga.simulator.person import Message, labels, text_of

MACHINE = MACHINES[0]
PAPER = "application/pdf"
_FOLLOWS = re.compile(r"#(\d+)[^#]*↳ Lanjutan dari #\d+")


async def play(stage: Stage) -> int:
    """Play the maintenance and return the number of the repair that follows from it.

    Raises:
        StepFailedError: a step did not hold.
    """
    await _offer(stage)
    await _arrive(stage)
    await _check(stage)
    await _complete(stage)
    return await _read_report(stage)


async def _offer(stage: Stage) -> None:
    admin, technician, operator = stage.admin, stage.technician, stage.operator
    async with stage.teller.step("The admin offers a maintenance to two people at once"):
        await admin.send("/tugaskan")
        for answer in (MACHINE.name, "Perawatan", "Tinggi", "Beberapa orang"):
            await admin.tap(answer)
        await question(admin, "ketuk nama satu per satu")
        await admin.tap("Technician")
        await admin.wait_for(lambda message: any("1. Technician" in one for one in labels(message)))
        await admin.tap("Operator")
        await admin.tap("Tanya sekaligus (2)")
        await says(admin, "kapan?", "besok 9")
        await says(admin, "ada keterangan", "Pintu layanan berderit, tolong diperiksa.")
        await admin.tap("Kirim tugas")
        for who in (technician, operator):
            await who.wait_for("siapa cepat")
    async with stage.teller.step("The technician is first; the operator's card says who has it"):
        await technician.tap("Terima")
        await technician.wait_for(f"{MACHINE.name} untuk Anda")
        await operator.wait_for("Diambil oleh Technician")


async def _arrive(stage: Stage) -> None:
    technician = stage.technician
    async with stage.teller.step("At the machine he scans its QR code: the work begins without a tap"):
        await technician.start(f"m_{MACHINE.uuid.hex}")
        await technician.wait_for(f"Mulai: Perawatan {MACHINE.name}")


async def _check(stage: Stage) -> None:
    technician = stage.technician
    before, inside = (path.read_bytes() for path in render_stills(stage.folder / "photos", seed=69)[:2])
    async with stage.teller.step("A photo of before; the checklist, where a critical step fails"):
        await technician.photo(before, caption="sebelum")
        await technician.wait_for("sebelum 1")
        await technician.tap("⬜ 6.")
        await technician.tap("✅ 6.")
        await technician.wait_for("Langkah penting (❗) gagal")
    async with stage.teller.step("The rest is fine; the temperature and a photo are asked for"):
        await technician.tap("Semua OK")
        await says(technician, "tulis angkanya", "41")
        await question(technician, "kirim satu foto")
        await technician.photo(inside)
        await technician.wait_for("7/7")


async def _complete(stage: Stage) -> None:
    technician = stage.technician
    async with stage.teller.step("One tap completes the task, and for a moment one takes it back"):
        await technician.tap("Selesaikan")
        await technician.wait_for(lambda message: any("Batalkan selesai" in one for one in labels(message)))


async def _read_report(stage: Stage) -> int:
    admin = stage.admin
    async with stage.teller.step("Then it counts: the report reaches the admin as a PDF"):
        await admin.wait_for(_is_the_report, timeout_s=60)
    async with stage.teller.step("The failed step has become a repair, which the admin gives to somebody"):
        card = await admin.wait_for("Lanjutan dari")
        found = _FOLLOWS.search(text_of(card))
        assert found is not None  # noqa: S101 - what was waited for
        await admin.tap("Pilih orang lain", card)
    return int(found.group(1))


def _is_the_report(message: Message) -> bool:
    is_paper = message.get("document", {}).get("mime_type") == PAPER
    return is_paper and f"Perawatan {MACHINE.name}" in text_of(message)
