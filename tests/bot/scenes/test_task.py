"""A task from the assigning admin to the completing technician, played on two phones."""

import pytest

from domain.assignments import AssignmentMove
from siaga.simulator.person import labels
from tests.bot.scenes.field_day import NEAR, without_undo
from tests.bot.scenes.world import World, bomb, jpeg


@pytest.mark.telegrams_pace
async def test_admin_assigns_and_technician_completes(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await world.field.a_machine(0)
    await without_undo(world)

    await admin.send("/tugaskan")
    await admin.tap("Grand Indonesia")
    await admin.tap("Perbaikan")
    await admin.tap("Mendesak")
    await admin.tap("Technician")
    await admin.tap("Besok")
    await admin.tap("09")
    await admin.send("Pintu <b>macet</b> & berbunyi")
    await admin.tap("Kirim tugas")

    offered = await technician.wait_for("Bisa Anda kerjakan?")
    assert "Pintu <b>macet</b> & berbunyi" in offered["text"]
    assert list(labels(offered)) == ["Terima", "Tolak", "📍 Peta"]
    await technician.tap("Terima")
    await technician.wait_for("saat Anda sudah di lokasi")
    await technician.location(*NEAR)
    await technician.tap("Mulai perbaikan #1")
    await technician.wait_for("Kirim foto pekerjaan")
    refused = await technician.tap("Selesaikan")
    assert refused["show_alert"]
    assert "Belum ada foto" in refused["text"]
    await technician.photo(jpeg(), jpeg("green"))
    await technician.wait_for("2 foto")
    await technician.send("Selesai. Engsel diganti 🔧")

    await technician.wait_for("Terima kasih")
    told = await admin.wait_for(lambda one: "photo" in one)
    assert "Engsel diganti 🔧" in told["caption"]


async def test_declined_offer_goes_to_somebody_else(world: World) -> None:
    admin = await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    await world.field.a_task()

    await technician.tap("Tolak")
    await technician.tap("Lainnya")
    await technician.send("Motor saya mogok")
    await technician.wait_for("Anda tolak")
    await technician.wait_for("sudah tidak ada pada Anda")

    await admin.wait_for("Technician menolak Perawatan RVM Mall Grand Indonesia (#1): “Motor saya mogok”")
    await admin.tap("Pilih orang lain")
    await admin.tap("Operator")
    await admin.wait_for("ditawarkan kepada Operator")
    await operator.tap("Terima")
    await operator.wait_for("Diterima")
    await operator.wait_for("untuk Anda")
    await operator.tap("Kembalikan")
    await operator.tap("Suku cadang tidak ada")
    await admin.wait_for("Operator mengembalikan")
    await admin.tap("Batalkan tugas")
    await admin.tap("Ya, batalkan tugas")
    await admin.wait_for("#1 RVM Mall Grand Indonesia dibatalkan")


async def test_dispatcher_takes_an_accepted_task_away(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    task = await world.field.a_task()
    await technician.tap("Terima")
    await technician.wait_for("Diterima")

    await admin.send(f"/kenapa {task.assignment_id}")
    story = await admin.wait_for("Technician menerima")
    assert "Admin menawarkan tugas" in story["text"]
    assert f"assignment-{task.assignment_id}" in story["text"]
    await world.field.move(task, AssignmentMove.OFFER, "Admin", offer=world.field.offer("Operator"))

    await technician.wait_for("sudah diberikan kepada orang lain")
    await technician.send("/tugas")
    await technician.wait_for("Tidak ada tugas")


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("text", "saya menunggu foto, bukan teks"),
        ("no image", "bukan foto yang bisa dibuka"),
        ("again", "persis sama"),
        ("30 MB", "terlalu besar (paling besar 20 MB)"),
        ("a bomb", "paling besar 50 megapiksel"),
    ],
)
async def test_what_is_no_new_photo_gets_a_clear_answer(world: World, what: str, answer: str) -> None:
    technician = await world.player("technician")
    task = await world.field.a_task()
    await world.field.move(task, AssignmentMove.ACCEPT)
    await world.field.move(task, AssignmentMove.START)
    await technician.photo(jpeg("red"))
    await technician.wait_for("1 foto")

    match what:
        case "text":
            await technician.send("sudah beres")
        case "no image":
            await technician.photo(b"this is no image", raw=True)
        case "again":
            await technician.photo(jpeg("red"))
        case "30 MB":
            await technician.document(b"short", "video.mp4", size=30 * 1024 * 1024)
        case _:
            await technician.document(bomb(), "huge.png", mime_type="image/png")

    await technician.wait_for(answer)
    assert len((await world.field.row(task)).photos) == 1


async def test_photo_replying_to_a_task_that_is_not_running_is_refused(world: World) -> None:
    technician = await world.player("technician")
    running = await world.field.a_task()
    await world.field.move(running, AssignmentMove.ACCEPT)
    await world.field.move(running, AssignmentMove.START)
    await world.field.a_task()
    card = await technician.wait_for("Bisa Anda kerjakan?")

    await technician.photo(jpeg("gold"), reply_to=card["message_id"])

    await technician.wait_for("tugas ini sekarang Menunggu")


async def test_photo_with_done_completes_with_its_caption_as_notes(world: World) -> None:
    technician, admin = await world.player("technician"), await world.player("admin")
    task = await world.field.a_task()
    await world.field.move(task, AssignmentMove.ACCEPT)
    await world.field.move(task, AssignmentMove.START)
    await technician.wait_for("Kirim foto pekerjaan")

    await technician.offline()
    await technician.photo(jpeg("orange"), caption="selesai, sudah dilap")
    await technician.online()

    await technician.wait_for("Terima kasih")
    told = await admin.wait_for(lambda one: "photo" in one)
    assert "sudah dilap" in told["caption"]


async def test_photo_for_one_of_two_tasks_is_asked_by_buttons(world: World) -> None:
    technician = await world.player("technician")
    for _ in range(2):
        task = await world.field.a_task()
        await world.field.move(task, AssignmentMove.ACCEPT)
        await world.field.move(task, AssignmentMove.START)

    await technician.photo(jpeg("purple"), jpeg("pink"))
    await technician.wait_for("Untuk tugas mana foto ini?")
    await technician.tap("#2")

    await technician.wait_for("Tersimpan di RVM Mall Grand Indonesia: 2 foto")
    row = await world.field.row(task)
    assert len(row.photos) == 2


async def test_photo_without_a_running_task_says_what_to_do(world: World) -> None:
    technician = await world.player("technician")
    await technician.photo(jpeg("black"))
    await technician.wait_for("tidak ada tugas yang sedang Anda kerjakan")
    await world.field.a_task()
    await technician.tap("Terima")
    await technician.wait_for("Diterima")
    await technician.photo(jpeg("white"))
    await technician.wait_for("belum dimulai")
    await technician.tap("Peta")
    await technician.wait_for(lambda one: "venue" in one)
    await technician.send("/tasks")
    await technician.tap("Perawatan · RVM Mall")
    await technician.wait_for("Kartu ini ada di pesan yang lebih baru")
