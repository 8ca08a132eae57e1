"""On and off duty, working hours and quiet hours, as they are tapped and typed."""

from domain.assignments import AssignmentMove
from siaga.simulator.person import labels
from tests.bot.scenes.world import World


async def test_technician_goes_off_duty_and_hands_everything_back(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await world.field.a_task()
    await technician.tap("Terima")
    await technician.wait_for("Diterima")
    await world.field.a_task()

    await technician.send("/bertugas")
    stands = await technician.wait_for("🟢 Bertugas")
    assert "tidak tetap" in stands["text"]
    await technician.send("lepas tugas")
    asked = await technician.wait_for("Masih pada Anda (2)")
    assert "⚪ Lepas tugas\n" in asked["text"]
    assert "Tetap saya pegang" in labels(asked)
    await technician.tap("Kembalikan semua", asked)

    await technician.wait_for("Tidak ada lagi tugas pada Anda")
    await admin.wait_for("Technician mengembalikan")
    await admin.wait_for("Technician menolak")
    reasons = await world.rows(
        "select move, reason, note from assignment_events "
        "where move in ('decline', 'hand_back') order by move"
    )
    assert [tuple(row) for row in reasons] == [
        ("decline", "off_duty", None),
        ("hand_back", "other", "lepas tugas"),
    ]
    await technician.send("/bertugas on")
    await technician.wait_for("🟢 Bertugas", after=asked)


async def test_going_off_duty_postpones_one_task_after_the_other(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    for _ in range(2):
        await world.field.move(await world.field.a_task(), AssignmentMove.ACCEPT)
    before = await world.rows("select scheduled_date from technician_assignments")

    await technician.send("/bertugas off")
    await technician.tap("Tunda satu per satu", await technician.wait_for("Masih pada Anda (2)"))
    for number in (1, 2):
        await technician.wait_for(f"(#{number}) sampai kapan?")
        await technician.send("besok 15")
    await technician.wait_for("Masih pada Anda:\n• #1")
    await admin.wait_for("menunda")
    after = await world.rows("select scheduled_date, status from technician_assignments order by id")
    assert [row.status for row in after] == ["accepted", "accepted"]
    assert all(one.scheduled_date > former.scheduled_date for one, former in zip(after, before, strict=True))


async def test_an_admin_sets_somebodys_week_by_taps_and_types_the_own(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await admin.send("/orang")
    people = await admin.wait_for("Orang (")
    number = next(line.split(".")[0] for line in people["text"].splitlines() if "Technician" in line)
    await admin.tap(number)
    await admin.tap("Jam kerja")
    await admin.tap("08.00-17.00")
    week = await admin.wait_for("Sen-Jum 08.00-17.00")
    assert "Jam kerja Technician" in week["text"]
    await admin.tap("▫️ Sab")
    await admin.wait_for("Sen-Sab 08.00-17.00")
    await admin.tap("✅ Sen")
    await admin.wait_for("Sel-Sab 08.00-17.00")
    await admin.tap("⌨️ Ketik")
    await admin.send("kapan saja")
    await admin.wait_for("tidak terbaca")
    await admin.send("Sen-Kam 8-12, 13-17; Jum 8-11.30")
    await admin.wait_for("Sen-Kam 08.00-12.00, 13.00-17.00 · Jum 08.00-11.30")
    # Who was changed is told once, of the week as it is when the taps are over.
    await world.rows("update deliveries set due_at = now() where template = 'shifts_changed' returning id")
    told = await technician.wait_for("Admin mengubah jam kerja Anda")
    assert "Jum 08.00-11.30" in told["text"]

    await admin.send("/jamkerja setiap hari 22-6")
    await admin.wait_for("Sen-Min 22.00-06.00")
    await admin.tap("Tanpa jam kerja")
    await admin.send("/jamtenang 22.30-5")
    await admin.wait_for("Jam tenang: 22.30-05.00")
    await admin.tap("Tanpa jam tenang")
    await admin.wait_for("Jam tenang: tidak ada")
    await admin.send("/jamtenang besok")
    await admin.wait_for("Jam itu tidak terbaca")
    await technician.send("/saya")
    me = await technician.wait_for("Jam tenang: tidak ada")
    assert "Jam kerja: Sen-Kam 08.00-12.00, 13.00-17.00 · Jum 08.00-11.30" in me["text"]
