"""Work that returns, made and kept from the chat; its Schedules have tests of their own."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.plans import PlanDraft, create_plan
from db.session import SYSTEM
from domain.assignments import TaskType
from domain.plans import Rule, RuleKind
from tests.bot.scenes.world import World


async def test_a_plan_from_the_first_question_to_its_end(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await world.field.a_machine(0)

    await admin.send("/rencana")
    await admin.tap("Grand Indonesia")
    await admin.tap("Perawatan")
    await admin.tap("Hari tertentu")
    await admin.send("kapan-kapan")
    await admin.wait_for("Hari itu tidak terbaca")
    await admin.send("Senin dan Kamis")
    await admin.tap("Besok")
    await admin.tap("09")
    await admin.tap("Satu orang")
    await admin.tap("Technician")
    await admin.tap("Sedang")
    await admin.tap("Lewati")
    await admin.tap("Simpan rencana")

    card = await admin.wait_for("rencana 1")
    assert "Setiap Senin, Kamis pukul 09.00, ditawarkan 1 hari sebelumnya" in card["text"]
    assert "👷 Technician" in card["text"]
    assert card["text"].count("09.00 WIB") == 3

    assert "#1 dibuat" in (await admin.tap("Buat tugas sekarang"))["text"]
    await technician.wait_for("Bisa Anda kerjakan?")
    refused = await admin.tap("Buat tugas sekarang")
    assert refused["show_alert"]
    assert "#1 masih terbuka" in refused["text"]
    await admin.wait_for("dilewati: tugas #1 masih terbuka")

    await admin.send("/kalender")
    week = await admin.wait_for("Kalender · minggu 1 dari 4")
    assert "#1 Menunggu · Technician" in week["text"]
    assert "rencana" in week["text"]
    await admin.tap("Minggu depan")
    assert "#1" not in (await admin.wait_for("minggu 2 dari 4"))["text"]

    await admin.tap("Jeda", await admin.wait_for("rencana 1"))
    await admin.wait_for("Dijeda. Tidak ada tugas baru")
    await admin.send("/rencana")
    await admin.wait_for("Perawatan berulang (1)")
    await admin.tap("⏸ Perawatan")
    await admin.tap("Hapus")
    await admin.tap("Ya, hapus rencana")
    await admin.wait_for("dihapus. Tugas yang sudah dibuat tetap ada")


async def test_a_second_plan_on_the_same_day_is_refused_with_the_day(world: World) -> None:
    admin = await world.player("admin")
    machine = await world.field.a_machine(0)
    tomorrow = datetime.now(ZoneInfo(machine.time_zone)).date() + timedelta(days=1)
    draft = PlanDraft(
        machine_id=machine.machine_id,
        task_type=TaskType.INSPECTION,
        rule=Rule(RuleKind.EVERY_DAYS, tomorrow, every=2),
        at=time(9),
    )
    async with world.field.database.transaction(SYSTEM) as session:
        await create_plan(session, draft, created_by=world.field.people["Admin"], source="first")

    await admin.send("/rencana")
    await admin.tap("Rencana baru")
    await admin.tap("Grand Indonesia", await admin.wait_for("di mesin mana?"))
    await admin.tap("Inspeksi", await admin.wait_for("Apa yang dikerjakan berulang?"))
    await admin.tap("Tiap beberapa hari")
    await admin.send("7")
    await admin.tap("Besok")
    await admin.tap("09")
    await admin.tap("Saya pilih tiap kali")
    await admin.tap("Rendah")
    await admin.tap("Lewati")
    refused = await admin.tap("Simpan rencana")

    assert f"Pada {tomorrow} mesin ini sudah punya rencana #1" in refused["text"]
