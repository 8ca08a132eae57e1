"""The whole work on a ticket by buttons in its topic: asked, sorted, forwarded, solved, merged, closed."""

from siaga.simulator.person import labels
from tests.bot.scenes.test_relays import talk
from tests.bot.scenes.test_staff_group import named
from tests.bot.scenes.world import World


async def test_a_ticket_is_worked_on_by_buttons_in_its_topic(world: World) -> None:
    held = await talk(world)
    rina, bayu, sari, chat = held.rina, held.bayu, held.sari, held.chat
    dimas = await world.player("tech")
    await world.http.post(f"/sim/groups/{chat}/members", json={"user": dimas.id, "action": "add"})

    await rina.tap("Ubah kategori", chat=chat)
    await rina.tap("Prioritas", await rina.wait_for("Apa yang diubah", chat=chat))
    await rina.tap("Mendesak", await rina.wait_for("Menjadi apa?", chat=chat))
    await rina.wait_for("Mengapa diubah?", chat=chat)
    await held.write(rina, "Semua kasir berhenti")
    await sari.wait_for("Alasannya: Semua kasir berhenti")
    await named(rina, chat, "PD-000001 🔴 🔎 Kasir tidak bisa cetak struk.")

    await rina.tap("Tanya pelanggan", chat=chat)
    await rina.wait_for("Tulis pertanyaan", chat=chat)
    await held.write(rina, "Printer merek apa?")
    await sari.wait_for("Printer merek apa?")
    await named(rina, chat, "PD-000001 🔴 ❓ Kasir tidak bisa cetak struk.")
    await sari.send("Epson")
    await rina.wait_for("Epson", chat=chat)
    await named(rina, chat, "PD-000001 🔴 🔎 Kasir tidak bisa cetak struk.")

    refused = await dimas.tap("Teruskan", chat=chat)
    assert "Rina" in refused["text"]
    await rina.tap("Teruskan", chat=chat)
    await rina.tap("Dimas", await rina.wait_for("kepada siapa?", chat=chat))
    await rina.wait_for("Apa yang perlu diketahui", chat=chat)
    await held.write(rina, "RAHASIA driver lama")
    await dimas.wait_for("meneruskan PD-000001")
    card = await dimas.wait_for("👤 Dimas", chat=chat)
    assert "Kembalikan" in list(labels(card))

    await dimas.tap("Selesai", card)
    await dimas.wait_for("Apa yang dilakukan", chat=chat)
    await held.write(dimas, "Driver printer diganti")
    await sari.wait_for("Driver printer diganti")
    await world.settled()
    assert not [one for one in await sari.messages() if "RAHASIA" in one.get("text", "")]

    await bayu.send("/antrean")
    await bayu.wait_for("Antrean helpdesk · Terbuka · 0 tiket")


async def test_a_duplicate_is_merged_and_spam_is_closed_with_a_reason(world: World) -> None:
    held = await talk(world)
    rina, sari, chat = held.rina, held.sari, held.chat
    await held.desk.a_ticket()
    second = await rina.wait_for("PD-000002", chat=chat)
    topic = second["message_thread_id"]

    await rina.send("/tiketsaya")
    mine = await rina.wait_for("Punya saya · 1 tiket")
    way = (await rina.tap("PD-000001", mine))["url"]
    assert way.endswith(f"/{held.topic}")
    await rina.tap("Baru", mine)
    await rina.wait_for("Baru · 1 tiket")

    await rina.tap("Gabung", second)
    asked = await rina.wait_for("sama dengan tiket mana?", chat=chat)
    assert asked["message_thread_id"] == topic
    await rina.send("PD-000002", chat=chat, thread=topic)
    await rina.wait_for("bukan tiket lain", chat=chat)
    await rina.send("pd-000001", chat=chat, thread=topic)
    await sari.wait_for("digabung ke PD-000001")
    await named(rina, chat, "PD-000002 🟠 🔒 Kasir tidak bisa cetak struk.", closed=True)

    await rina.tap("Tutup", held.card)
    await rina.tap("Bukan kendala", await rina.wait_for("tanpa diselesaikan", chat=chat))
    await sari.wait_for("bukan kendala")
    await named(rina, chat, "PD-000001 🟠 🔒 Kasir tidak bisa cetak struk.", closed=True)
