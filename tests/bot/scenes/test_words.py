"""The work without buttons: steps, typed words, and a phone that was offline."""

from domain.assignments import AssignmentMove, AssignmentStatus
from domain.checklists import CheckOutcome
from siaga.simulator.person import labels
from tests.bot.scenes.field_day import (
    a_checklist,
    an_accepted_task,
    picture,
)
from tests.bot.scenes.world import World


async def test_a_checklist_is_one_message_and_only_the_rest_is_asked(world: World) -> None:
    technician = await world.player("technician")
    await a_checklist(world)
    task = await an_accepted_task(world)
    await world.field.move(task, AssignmentMove.START)
    card = await technician.wait_for("Daftar periksa · RVM Mall Grand Indonesia · #1 · 0/5")
    assert "⬜ 2. Kamera jernih" in list(labels(card))
    await technician.photo(picture(1))
    await technician.wait_for("1 foto")
    refused = await technician.tap("Selesaikan")
    assert "5 langkah" in refused["text"]

    await technician.send("semua ok")
    await technician.wait_for("Tulis angkanya (11-13 V)")
    await technician.send("14,5")
    await technician.wait_for("Temuan")
    await technician.send("Kabel longgar")
    await technician.wait_for("Foto pelat")
    await technician.photo(picture(2))
    await technician.wait_for("· 5/5")
    await technician.tap("2. Kamera jernih")

    card = await technician.wait_for("❌ 2. Kamera jernih ❗")
    assert "❌ 3. Tegangan: 14,5 V" in card["text"]
    assert "tugas lanjutan dibuat" in card["text"]
    answers = {one.code: one.outcome for one in (await world.field.row(task)).answers}
    assert answers["volt"] == answers["camera"] == CheckOutcome.FAILED
    assert len((await world.field.row(task)).photos) == 2


async def test_a_phone_that_was_offline_sends_its_queue_and_the_state_is_right(world: World) -> None:
    technician = await world.player("technician")
    machine = await world.field.a_machine(0)
    task = await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")

    await technician.offline()
    await technician.send("Terima 👍")
    await technician.start(f"m_{machine.uuid.hex}")
    await technician.photo(*(picture(number) for number in range(10)), caption="sebelum")
    await technician.photo(*(picture(number) for number in (10, 11, 11)))
    await technician.send("masalah")
    await technician.send("semua ok")
    await technician.send("DONE, all clean")
    await technician.online()

    await technician.wait_for("Terima kasih")
    row = await world.field.row(task)
    assert row.status == AssignmentStatus.COMPLETED
    assert row.completion_notes == "all clean"
    assert len(row.photos) == 12
    shown = [one.get("text", "") for one in await technician.messages()]
    assert any("persis sama" in one for one in shown)
    assert any("Pilih yang menolong" in one for one in shown)


async def test_a_word_for_one_of_two_tasks_is_asked_by_buttons(world: World) -> None:
    technician = await world.player("technician")
    await technician.send("selesai")
    await technician.wait_for("Tidak ada tugas untuk Anda saat ini")
    first, second = await world.field.a_task(), await world.field.a_task()
    await technician.wait_for("#2")
    await technician.send("mulai")
    await technician.wait_for("sekarang Menunggu: terima dulu")
    await technician.send("tolak motor mogok")
    await technician.wait_for("Untuk tugas yang mana?")
    await technician.tap("#2")
    await technician.wait_for("#2 RVM Mall Grand Indonesia Anda tolak")
    await technician.send("terima #2")
    await technician.wait_for("Tidak ditemukan")
    await technician.send("terima")
    await technician.wait_for("#1 RVM Mall Grand Indonesia untuk Anda")

    assert (await world.field.row(first)).status == AssignmentStatus.ACCEPTED
    assert (await world.field.row(second)).status == AssignmentStatus.PENDING
