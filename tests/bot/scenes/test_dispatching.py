"""Whom a task is offered to, and what the dispatcher may change, played on three phones."""

from db.chat.cards import ensure_card
from db.session import SYSTEM
from domain.assignments import AssignmentMove
from domain.chat import Loudness, Thing
from siaga.simulator.person import labels
from tests.bot.scenes.field_day import (
    data_of,
    keys,
)
from tests.bot.scenes.world import World


async def test_a_pool_is_asked_the_first_has_it_and_the_others_are_told_silently(world: World) -> None:
    admin = await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    await world.field.a_machine(0)
    await admin.send("/tugaskan")
    await admin.tap("Grand Indonesia")
    await admin.tap("Perawatan")
    await admin.tap("Tinggi")
    await admin.tap("Beberapa orang")
    await admin.wait_for("Ketuk nama satu per satu")
    await admin.tap("Technician")
    await admin.wait_for(lambda one: any("✅ 1. Technician" in label for label in labels(one)))
    await admin.tap("Operator")
    await admin.tap("Tanya sekaligus (2)")
    await admin.tap("Besok")
    await admin.tap("09")
    await admin.tap("Lewati")
    asks = await admin.wait_for("Kirim tugas ini?")
    assert "siapa cepat" in asks["text"]
    await admin.tap("Kirim tugas")
    offered = await technician.wait_for("Ditanyakan juga kepada 1 orang lain")
    assert list(labels(offered)) == ["Terima", "Tolak", "📍 Peta"]
    await operator.wait_for("Bisa Anda kerjakan?")
    assert "Technician, Operator" in (await admin.wait_for("Menunggu jawaban"))["text"]
    before = len(await technician.messages())

    accepted = await operator.tap("Terima")

    assert "Diterima" in accepted["text"]
    await technician.wait_for("Diambil oleh Operator")
    assert len(await technician.messages()) == before
    late = await world.http.post(
        f"/sim/people/{technician.id}/tap",
        json={"message_id": offered["message_id"], "data": data_of(offered, "Terima"), "stale": True},
    )
    assert "lebih dulu diterima oleh Operator" in late.json()["text"]


async def test_the_dispatcher_changes_time_priority_and_person_and_the_holder_postpones(world: World) -> None:
    admin = await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    task = await world.field.a_task("Operator")
    await world.field.move(task, AssignmentMove.ACCEPT, "Operator")
    async with world.field.database.transaction(SYSTEM) as session:
        dispatcher = world.field.people["Admin"]
        await ensure_card(
            session,
            Thing.ASSIGNMENT,
            task.assignment_id,
            dispatcher,
            loudness=Loudness.SOUND,
            source="test",
        )

    await admin.tap("Ubah waktu")
    await admin.tap("Besok")
    await admin.tap("14")
    await admin.wait_for("14.00")
    await operator.wait_for("dijadwalkan ulang ke")
    await admin.tap("Ubah prioritas")
    await admin.tap("Mendesak")
    await admin.wait_for("prioritas 🔴 mendesak")
    await admin.tap("Pilih orang lain")
    await admin.tap("Technician")
    await admin.wait_for("ditawarkan kepada Technician")
    await technician.send("terima")
    held = await technician.wait_for("untuk Anda")
    assert keys(held) == ["▶️ Mulai", "📍 Lokasi saya", "🔑 PIN", "✅ Selesai", "⚠️ Masalah"]

    await technician.send("tunda besok 16")
    await technician.tap("Jalan macet")
    await technician.wait_for("ditunda sampai")
    await admin.wait_for("Technician menunda")
    await technician.send("kembalikan ban bocor")
    await technician.wait_for("Anda kembalikan")
    await admin.wait_for("mengembalikan")


async def test_access_by_hand_shows_where_one_may_enter_nearest_first(world: World) -> None:
    boss, technician = await world.player("super_admin"), await world.player("technician")
    await technician.send("/mesinsaya")
    await technician.wait_for("Belum ada mesin yang boleh Anda masuki")
    for number, name in ((0, "Grand Indonesia"), (1, "Stasiun Gambir")):
        await boss.send("/grant")
        await boss.tap("Siaga Daur Ulang")
        await boss.tap("Technician")
        await boss.tap(name)
        await boss.tap("Tomorrow" if number else "Skip")
        if number:
            await boss.tap("09")
        await boss.wait_for("WIB" if number else "Without an end")
        await boss.tap("Grant access")
        await boss.wait_for("may enter RVM " + ("Stasiun" if number else "Mall"))
        await technician.wait_for(f"Anda boleh masuk RVM {'Stasiun' if number else 'Mall'}")

    await technician.location(-6.1770, 106.8300)

    listed = await technician.wait_for("terdekat dulu")
    assert listed["text"].index("Gambir") < listed["text"].index("Grand Indonesia")
    await technician.tap("📍 1")
    await technician.wait_for(lambda one: "venue" in one and "Gambir" in one["venue"]["title"])
    await boss.send("/revoke")
    await boss.tap("Siaga Daur Ulang")
    await boss.tap("Technician · RVM Stasiun")
    await boss.tap("Yes, take it back")
    await technician.wait_for("Akses Anda ke RVM Stasiun Gambir sudah dicabut")
    refused = await technician.tap("📍 1", listed)
    assert refused["show_alert"]
