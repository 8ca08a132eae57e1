"""The work without buttons: steps, typed words, and a phone that was offline."""

from datetime import timedelta

from domain.assignments import AssignmentMove, AssignmentStatus
from domain.checklists import CheckOutcome
from siaga.simulator.person import labels
from tests.bot.scenes.field_day import (
    NEAR,
    a_checklist,
    an_accepted_task,
    picture,
    queued_since,
    without_steps,
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
    await technician.photo(picture(3))  # no answer to a number, but a photo of the task
    await technician.wait_for("2 foto")
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
    assert len((await world.field.row(task)).photos) == 3


async def test_a_phone_that_was_offline_sends_its_queue_and_the_state_is_right(world: World) -> None:
    technician = await world.player("technician")
    machine = await world.field.a_machine(0)
    await a_checklist(world, steps=2)
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


async def test_messages_that_waited_an_hour_are_taken_as_of_when_they_were_sent(world: World) -> None:
    technician = await world.player("technician")
    await without_steps(world)
    task = await an_accepted_task(world)
    await technician.wait_for("Pindai QR di mesin")
    await queued_since(world, 60, 59, 20, 0)

    await technician.offline()
    await technician.send("mulai")
    await technician.location(*NEAR, horizontal_accuracy=15)
    await technician.photo(picture(1), caption="sesudah")
    await technician.send("selesai engsel diganti")
    await technician.online()

    # The question where they are may have its answer before it leaves.
    await technician.wait_for("▶️ Mulai: Perawatan RVM Mall Grand Indonesia (#1) · titik lokasi")
    await technician.wait_for("1 foto (sesudah 1)")
    await technician.wait_for("Terima kasih")
    row = await world.field.row(task)
    assert (row.status, row.completion_notes) == (AssignmentStatus.COMPLETED, "engsel diganti")
    assert row.arrival is not None
    assert row.completed_at is not None
    assert row.completed_at - row.arrival.at > timedelta(minutes=58)
    ((taken_at,),) = await world.rows("select taken_at from assignment_photos")
    assert timedelta(minutes=19) < row.completed_at - taken_at < timedelta(minutes=58)
