"""What admins run their organization with: settings, searches, exports, status."""

import io

import openpyxl

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


async def test_a_task_a_machine_and_a_person_are_found_and_opened(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    task = await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")
    await admin.send("/cari")
    await admin.wait_for("apa yang dicari")
    await admin.send(f"#{task.assignment_id}")
    await admin.wait_for(f"#{task.assignment_id} Perawatan")
    await admin.tap(f"#{task.assignment_id}")
    await admin.wait_for("Menunggu jawaban Technician")

    await admin.send("/cari a")
    first = await admin.wait_for("Halaman 1 dari 2")
    await admin.tap("Berikutnya")
    second = await admin.wait_for("Halaman 2 dari 2")
    assert not set(first["text"].splitlines()[1:9]) & set(second["text"].splitlines()[1:9])
    await admin.tap("Super Admin")
    await admin.wait_for("super_admin@myrvm.com")
    await admin.send("/find zzz")
    await admin.wait_for("Yang bisa dicari")

    await technician.send("/cari rvm")
    found = await technician.wait_for("🔎 rvm")
    assert "2 hasil" in found["text"]
    await technician.tap("⚪")
    await technician.tap("Terima")
    await technician.send("/cari admin")
    nothing = await technician.wait_for("Tidak ada yang cocok")
    assert "surel" not in nothing["text"]


async def test_an_export_comes_as_a_file_that_excel_opens(world: World) -> None:
    admin = await world.player("admin")
    task = await world.field.a_task(description="=1+1")
    await admin.send("/ekspor")
    await admin.tap("Tugas")
    await admin.tap("Bulan ini")
    await admin.tap("XLSX")

    sent = await admin.wait_for("1 baris")
    assert sent["document"]["file_name"].endswith(".xlsx")
    file = await world.http.get(f"/sim/files/{sent['document']['file_id']}")
    workbook = openpyxl.load_workbook(io.BytesIO(file.content))
    headings, row = workbook.worksheets[0].iter_rows(values_only=True)
    line = dict(zip(headings, row, strict=True))
    assert (line["Nomor"], line["Status"], line["Keterangan"]) == (task.assignment_id, "Menunggu", "=1+1")


async def test_status_names_who_is_not_reached_and_what_is_late(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await admin.send("/status")
    fine = await admin.wait_for("✅ Temporal menjawab")
    assert "✅ Tugas terlambat: 0" in fine["text"]
    assert "⚠️ Orang yang tidak terjangkau" not in fine["text"]

    task = await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")
    await technician.block()
    await world.rows("update technician_assignments set scheduled_date = now() - interval '1 h' returning id")
    await world.rows(
        "update rvm_machines set connection = 'offline' where serial_number like '%3' returning id"
    )
    await admin.tap("Perbarui")
    page = await admin.wait_for("⚠️ Orang yang tidak terjangkau: 1")
    for line in (
        "🚫 Technician · Teknisi",
        "⚠️ Tugas terlambat: 1",
        "🔴 RVM Blok M Plaza",
        "Pesan masuk menunggu: 0",
    ):
        assert line in page["text"]
    await admin.tap("Perawatan · RVM Mall")
    await admin.wait_for(f"#{task.assignment_id} · Menunggu")
    await technician.unblock()
    await technician.send("/status")
    await technician.wait_for("Peran Anda tidak mengizinkan")
