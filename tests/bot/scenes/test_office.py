"""What admins run their organization with: settings."""

from tests.bot.scenes.world import World


async def test_admin_changes_values_by_tap_and_by_word_and_goes_back(world: World) -> None:
    admin = await world.player("admin")
    await admin.send("/pengaturan")
    await admin.tap("Mesin dan gangguan")
    await admin.tap("Peringatan gangguan setelah")
    page = await admin.wait_for("Sekarang: 15 menit (bawaan)")
    assert "Berlaku mulai gangguan berikutnya" in page["text"]
    await admin.tap("30 menit")
    await admin.wait_for("✏️ Peringatan gangguan setelah: 30 menit")

    await admin.tap("Usul perbaikan setelah")
    await admin.tap("Tulis nilai")
    await admin.wait_for("90 menit, 1,5 jam, 2 hari")
    await admin.send("nanti saja")
    await admin.wait_for("Nilai itu tidak bisa dibaca")
    await admin.send("20 menit")
    await admin.wait_for("harus lebih dari “Peringatan gangguan setelah” (30 menit)")
    await admin.send("1 jam 30 menit")
    await admin.wait_for("✏️ Usul perbaikan setelah: 1,5 jam")

    await admin.tap("Peringatan gangguan setelah")
    await admin.tap("Kembali ke bawaan")
    await admin.wait_for("▫️ Peringatan gangguan setelah: 15 menit")
    rows = await world.rows("select key, value from settings where key like 'outage%'")
    assert [(row.key, row.value) for row in rows] == [("outage_proposal_s", 5400)]

    await admin.tap("Pengaturan")
    await admin.tap("Suara pesan")
    await admin.tap("🔕 Tugas selesai")
    await admin.wait_for("🔔 Tugas selesai ✏️")
    technician = await world.player("technician")
    await technician.send("/pengaturan")
    await technician.wait_for("tidak")
    assert len(await world.rows("select id from audit_events where action = 'change_settings'")) == 4
