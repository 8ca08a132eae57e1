"""From a stranger's scan to the told reporter: a report becomes a task, and its photo goes along."""

import io
from typing import Any

from pypdf import PdfReader

from db.checklists import save_checklist
from db.demo import MACHINES
from db.session import SYSTEM
from domain.assignments import AssignmentMove, AssignmentStatus, AssignmentView, TaskType
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind
from siaga.simulator.person import Person, labels
from tests.bot.scenes.world import World, jpeg

UUID = MACHINES[0].uuid
SCANNED = f"m_{UUID.hex}"


async def content(world: World, message: dict[str, Any]) -> bytes:
    file = await world.http.get(f"/sim/files/{message['document']['file_id']}")
    return file.raise_for_status().content


async def ask_on_site(world: World) -> None:
    """Let repairs ask for two things."""
    steps = [
        ChecklistItem("door", "Pintu menutup", "The door closes"),
        ChecklistItem("volts", "Tegangan", "Voltage", ItemKind.NUMBER, minimum=198, unit="V"),
    ]
    async with world.field.database.transaction(SYSTEM) as session:
        await save_checklist(
            session,
            organization_id=world.field.organization,
            task_type=TaskType.REPAIR,
            items=steps,
            actor_id=world.field.people["Admin"],
            source="steps",
        )


async def answer_checklist(world: World, task: AssignmentView, *, failed: str) -> None:
    """Answer every step, and the one of this code badly."""
    for item in (await world.field.row(task)).checklist:
        outcome = CheckOutcome.FAILED if item.code == failed else CheckOutcome.OK
        number = None if item.minimum is None else item.minimum - (item.code == failed)
        answer = ChecklistAnswer(item.code, outcome, number)
        await world.field.move(task, AssignmentMove.CHECK, answers=[answer])


async def report(person: Person, kind: str, number: int) -> None:
    """Report without a word and without a photo."""
    scanned = await person.start(SCANNED)
    await person.tap(kind, await person.wait_for("Apa masalahnya?", after=scanned))
    await person.tap("Lewati", await person.wait_for("Ada yang perlu ditambahkan?", after=scanned))
    await person.tap("Lewati", await person.wait_for("Ada foto?", after=scanned))
    await person.wait_for(f"nomor {number}.")


async def report_in_words(stranger: Person) -> None:
    """Report something else than the usual, with a photo."""
    await stranger.start(SCANNED)
    await stranger.tap("Something else")
    await stranger.wait_for("Write in a few words")
    await stranger.send("Pintu <b>macet</b> & berbunyi 🔧")
    await stranger.wait_for("Is there a photo?")
    await stranger.photo(jpeg("red"))
    await stranger.wait_for("has reached the staff, number 1")


async def make_task(admin: Person) -> None:
    """Make a task of what was reported: only who and when are asked."""
    await admin.tap("Buat tugas")
    await admin.tap("Technician")
    await admin.tap("Besok")
    await admin.tap("09")
    summary = await admin.wait_for("Kirim tugas ini?")
    assert "Perbaikan · RVM Mall Grand Indonesia" in summary["text"]
    assert "Masalah lain: Pintu <b>macet</b> & berbunyi 🔧" in summary["text"]
    await admin.tap("Kirim tugas")
    await admin.wait_for("Ditangani tugas #1 (Admin).")


async def work(world: World, technician: Person) -> None:
    """Do the task, with a failed step, and let the two minutes pass."""
    task = AssignmentView(1, AssignmentStatus.PENDING, None, None, "")
    await world.field.move(task, AssignmentMove.ACCEPT)
    await world.field.move(task, AssignmentMove.START)
    await technician.photo(jpeg("green"))
    await technician.wait_for("1 foto")
    await answer_checklist(world, task, failed="volts")
    await world.field.move(task, AssignmentMove.COMPLETE, note="Engsel diganti")
    await world.field.skip(minutes=3)


async def test_a_strangers_report_becomes_a_task_whose_end_the_stranger_hears_of(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await world.field.a_machine(0)
    await ask_on_site(world)
    stranger = await world.stranger("Wati", language_code="en")

    await report_in_words(stranger)
    card = await admin.wait_for("Masalah lain · RVM Mall Grand Indonesia")
    assert "Pintu <b>macet</b> & berbunyi 🔧" in card["text"]
    assert list(labels(card)) == ["Buat tugas", "Tutup laporan"]
    picture = await admin.wait_for(lambda one: "photo" in one)
    assert picture["reply_to_message"]["message_id"] == card["message_id"]
    await make_task(admin)
    await technician.tap("Foto laporan")
    await technician.wait_for(lambda one: "photo" in one and "berbunyi" in one["caption"])
    await work(world, technician)

    await stranger.wait_for("(number 1) is solved")
    report = await content(world, await admin.wait_for(lambda one: "document" in one))
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(report)).pages)
    for expected in (
        "Perbaikan",
        "Technician",
        "Engsel diganti",
        "1 dari 2 langkah gagal",
        "Saat dilaporkan (1)",
    ):
        assert expected in words
    rows = await world.rows("select status, assignment_id from problem_reports")
    assert [tuple(row) for row in rows] == [("done", 1)]


async def test_later_reports_fold_in_and_a_dispatcher_links_or_dismisses(world: World) -> None:
    admin, tenant = await world.player("admin"), await world.player("tenant")
    await world.field.a_task()

    for kind, number in (("Penuh", 1), ("Layar mati", 2)):
        await report(tenant, kind, number)
    await admin.wait_for("2 laporan")
    await admin.tap("Sudah ditangani #1")
    await admin.wait_for("Ditangani tugas #1 (Admin).")

    await report(tenant, "Botol tersangkut", 3)
    await admin.tap("Tutup laporan")
    await admin.wait_for("Mengapa tidak perlu tugas?")
    await admin.send("Sudah dicoba, lancar")
    await admin.wait_for("Ditutup oleh Admin: “Sudah dicoba, lancar”")
    assert await world.rows("select 1 from problem_reports where status = 'open'") == []


async def test_labels_are_sent_as_files_to_print(world: World) -> None:
    admin = await world.player("admin")
    await world.field.a_machine(0)

    await admin.send("/kodeqr")
    await admin.tap("Satu mesin")
    await admin.tap("Grand Indonesia")
    image = await admin.wait_for(lambda one: one.get("document", {}).get("mime_type") == "image/png")
    sheet = await admin.wait_for(lambda one: "A4.pdf" in one.get("document", {}).get("file_name", ""))
    await admin.send("/qr")
    await admin.tap("Semua mesin")
    everything = await admin.wait_for("Label 5 mesin")

    assert (await content(world, image)).startswith(b"\x89PNG")
    for message, pages in ((sheet, 1), (everything, 2)):
        pdf = PdfReader(io.BytesIO(await content(world, message)))
        assert len(pdf.pages) == pages
        assert MACHINES[0].name in pdf.pages[0].extract_text()
