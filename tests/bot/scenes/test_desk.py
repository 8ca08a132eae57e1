"""The helpdesk's admin and experts: pharmacies with their codes, promises, lists, and how it all goes."""

import re

from tests.bot.scenes.world import World


async def test_an_admin_adds_a_pharmacy_sees_its_code_once_and_stops_serving_it(world: World) -> None:
    maya = await world.player("helpdesk_admin")
    await maya.send("/apotek")
    page = await maya.wait_for("Apotek (2)")
    assert "Apotek Melati · 1 orang" in page["text"]
    await maya.tap("Apotek baru")
    await maya.wait_for("apa namanya")
    await maya.send("Apotek Kimia <Ceria>")
    await maya.wait_for("alamatnya")
    await maya.tap("Lewati")
    await maya.wait_for("teleponnya")
    await maya.send("021-555")
    shown = await maya.wait_for("Kode gabung Apotek Kimia <Ceria>")
    code = (await maya.tap("Salin kode"))["copied"]
    assert re.fullmatch(r"KIMIA-[2-9A-Z]{6}", code)
    assert code in shown["text"]

    await maya.send("/apotek")
    await maya.wait_for("Apotek (3)")
    await maya.tap("Apotek Kimia <Ceria>")
    await maya.wait_for(f"berakhiran {code[-2:]}")
    await maya.tap("Hentikan layanan")
    await maya.wait_for("Tidak dilayani lagi")
    rows = await world.rows("select is_active, code_hash from pharmacies where phone = '021-555'")
    assert [(row.is_active, row.code_hash) for row in rows] == [(False, None)]

    await maya.send("/apotek")
    await maya.tap("Apotek Sehat Sentosa")
    await maya.tap("Penanggung jawab")
    await maya.wait_for("siapa penanggung jawabnya")
    await maya.tap("Putri")
    await maya.wait_for("Penanggung jawab: Putri")

    dimas = await world.player("tech")
    for command in ("/apotek", "/mejabantuan", "/statistik"):
        await dimas.send(command)
    await dimas.wait_for("tidak")


async def test_promises_hours_lists_and_figures_are_run_from_chat(world: World) -> None:
    maya = await world.player("helpdesk_admin")
    await maya.send("/mejabantuan")
    page = await maya.wait_for("Meja bantuan apotek")
    assert "▫️ Mendesak: 15 menit · 4 jam, 24 jam sehari" in page["text"]
    await maya.tap("⏱ Tinggi")
    await maya.wait_for("jawaban pertama paling lama")
    await maya.send("2 hari")
    await maya.wait_for("satu hari kerja biasanya 8 jam")
    await maya.send("30 menit")
    await maya.wait_for("Selesai paling lama")
    await maya.send("6 jam")
    await maya.tap("Menurut jam kerja")
    await maya.wait_for("✏️ Tinggi: 30 menit · 6 jam")
    await maya.tap("Ubah jam kerja")
    await maya.send("Sen-Jum 8-17")
    await maya.wait_for("Sen-Jum 08.00-17.00")
    await maya.tap("Hari libur")
    await maya.send("02/01/2030")
    await maya.wait_for("Libur apa")
    await maya.send("Rapat besar")
    await world.settled()
    [calendar] = await world.rows("select holidays from business_calendars")
    assert {"day": "2030-01-02", "name": "Rapat besar"} in calendar.holidays
    assert len(await world.rows("select priority from retimings")) == 4

    await maya.tap("Modul")
    await maya.wait_for("Modul (7)")
    await maya.tap("Stok")
    await maya.wait_for("Stock")
    await maya.tap("Hapus dari daftar")
    await maya.wait_for("Modul (6)")
    await maya.tap("Tambah")
    await maya.wait_for("apa namanya")
    await maya.send("Member")
    await maya.wait_for("dalam bahasa Inggris")
    await maya.tap("Lewati")
    await maya.wait_for("Modul (7)")

    rina = await world.player("expert")
    await rina.send("/statistik")
    picture = await rina.wait_for("Tiket, 30 hari terakhir")
    assert picture["photo"]
    await rina.send("/statistik minggu pdf")
    paper = await rina.wait_for("Tiket, 7 hari terakhir")
    assert paper["document"]["file_name"].endswith(".pdf")
