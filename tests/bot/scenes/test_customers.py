"""A pharmacy's people: the life of a ticket, joining and leaving, several at once, and what stays hidden."""

from bot.callbacks import CallbackSigner, Tap
from bot.cards.ticket import ABOUT_TICKET
from db.demo_helpdesk import PHARMACIES
from domain.chat import Thing
from domain.tickets import TicketMove, TicketStatus, TicketView
from siaga.simulator.person import Message, Person, labels
from tests.bot.scenes.world import World, jpeg
from tests.conftest import SECRET_KEY
from tests.workflows.desk import Desk

CODE = PHARMACIES[0].code
TROUBLE = "Printer kasir error, tidak bisa cetak struk\nSudah dicoba <b>dua</b> kali & tetap"


async def sent(world: World, person: Person, text: str = TROUBLE, effect: str = "Sebagian") -> TicketView:
    """Send a ticket in a sentence and two taps."""
    said = await person.send(text)
    draft = await person.wait_for("Draf:", after=said)
    await person.tap("Kirim", draft)
    await person.tap(effect, await person.wait_for("tiket langsung terkirim", after=said))
    await person.wait_for("📨 Terkirim", after=said)
    row = (await world.rows("select id, number, priority from tickets order by id desc limit 1"))[0]
    await person.wait_for(lambda one: row.number in one.get("text", "") and "Baru" in one["text"], after=said)
    return TicketView(row.id, row.number, TicketStatus.OPEN, row.priority)


async def card_of(person: Person, ticket: TicketView, *words: str) -> Message:
    """Wait until the ticket's card says all of the words."""

    def fits(one: Message) -> bool:
        text = one.get("text", "")
        first = text.splitlines()[0] if text else ""
        return f"{ticket.number} ·" in first and all(word in text for word in words)

    return await person.wait_for(fits)


async def drafted(world: World, sari: Person) -> TicketView:
    """Open a ticket with words, two pictures and a voice, with two things changed."""
    said = await sari.send(TROUBLE)
    await sari.photo(jpeg("red"), jpeg("blue"), caption="layar galat")
    await sari.voice(b"OggS voice")
    draft = await sari.wait_for("2 foto, 1 rekaman suara", after=said)
    assert "Sudah dicoba <b>dua</b> kali & tetap" in draft["text"]
    assert "Modul: Penjualan (tebakan)" in draft["text"]
    assert "Tutup nama pasien" in draft["text"]
    assert "Versi: 4.2.1" in draft["text"]
    assert next(iter(labels(draft))) == "Kirim"
    await sari.tap("Kategori", draft)
    await sari.tap("Bug Sistem", await sari.wait_for("Jenis kendalanya?"))
    await sari.tap("Versi", await sari.wait_for("Kategori: Bug Sistem\n"))
    await sari.wait_for("Versi aplikasi?")
    await sari.send("4.3.0")
    await sari.tap("Kirim", await sari.wait_for("Versi: 4.3.0"))
    await sari.tap("Kasir tidak bisa dipakai", await sari.wait_for("tiket langsung terkirim"))
    row = (await world.rows("select id, number, priority, title from tickets"))[0]
    assert (row.priority, row.title) == ("urgent", "Printer kasir error, tidak bisa cetak struk")
    assert await world.rows("select 1 from ticket_attachments") == [(1,)] * 3
    return TicketView(row.id, row.number, TicketStatus.OPEN, row.priority)


async def talked(desk: Desk, sari: Person, ticket: TicketView) -> None:
    """Answer a question with a picture, comment, and correct the comment."""
    await desk.move(ticket, TicketMove.TAKE)
    await card_of(sari, ticket, "Ditinjau", "Rina · Pharmadesk")
    await desk.move(ticket, TicketMove.ASK, note="Printer merek apa?")
    question = await sari.wait_for("Rina · Pharmadesk bertanya")
    assert question["reply_to_message"]["message_id"] == (await card_of(sari, ticket))["message_id"]
    await card_of(sari, ticket, "Menunggu Anda", "waktu kami berhenti")
    await sari.tap("Jawab", question)
    await sari.wait_for(f"Jawaban Anda untuk {ticket.number}?")
    await sari.photo(jpeg("green"), caption="Epson TM-T82")
    await card_of(sari, ticket, "Ditinjau", "Sari", "Epson TM-T82")

    comment = await sari.send("Kertasnya sudah diganti")
    await card_of(sari, ticket, "Kertasnya sudah diganti")
    await sari.edit(comment, "Kertasnya BELUM diganti")
    await card_of(sari, ticket, "disunting", "Kertasnya BELUM diganti")
    notes = {line.note for line in await desk.story(ticket)}
    assert {"Kertasnya sudah diganti", "Kertasnya BELUM diganti"} <= notes


async def test_a_ticket_from_hello_to_stars_and_back(world: World) -> None:
    desk, sari = await Desk.of(world.field), await world.player("customer")
    await world.player("expert")
    hello = await sari.send("Selamat pagi, Kak")
    await sari.wait_for("Tulis saja dengan kata-kata Anda", after=hello)
    ticket = await drafted(world, sari)
    await card_of(sari, ticket, "Baru", "belum ada yang memegang", "Dijawab paling lambat")
    await talked(desk, sari, ticket)

    await desk.move(ticket, TicketMove.SOLVE, note="Driver dipasang ulang")
    await sari.send("Terima kasih, sudah normal")
    await sari.wait_for("Tiket ini tercatat terselesaikan")
    await sari.tap("Sudah beres", await sari.wait_for("sudah kami selesaikan"))
    await sari.tap("4 ⭐", await sari.wait_for("Seberapa puas Anda dengan bantuan kami?"))
    await sari.wait_for("Ada yang bisa kami perbaiki")
    await sari.send("Lebih cepat lagi <3")
    await sari.wait_for("penilaian Anda sudah kami catat")
    end = await card_of(sari, ticket, "Ditutup", "⭐⭐⭐⭐", "Lebih cepat lagi <3")

    await sari.send("Muncul lagi sejak tadi", reply_to=end["message_id"])
    await sari.tap(f"Buka lagi {ticket.number}", await sari.wait_for("Kendala yang sama muncul lagi?"))
    await card_of(sari, ticket, "Ditinjau", "Rina · Pharmadesk", "Muncul lagi sejak tadi")
    told = [line.move for line in await desk.story(ticket)]
    assert told[-3:] == [TicketMove.RATE, TicketMove.RATE, TicketMove.REOPEN]


async def joined(world: World, sari: Person) -> Person:
    """Let Tono join Sari's pharmacy by its code, after Wati has guessed in vain."""
    wati = await world.stranger("Wati")
    for number in range(6):
        tried = await wati.send(f"SEHAT-000{number}")
        await wati.wait_for("tidak dikenal" if number < 5 else "Terlalu banyak kode", after=tried)
    tono = await world.stranger("Tono")
    await tono.send(f"/gabung {CODE.lower()}")
    await tono.wait_for("Kode benar: Apotek Sehat Sentosa")
    await tono.start(f"p_{CODE}")
    await tono.wait_for("masih menunggu konfirmasi")
    await sari.tap("Ya, rekan kami", await sari.wait_for("Tono ingin bergabung"))
    await tono.wait_for("Selamat datang di Apotek Sehat Sentosa")
    await tono.send("/me")
    await tono.wait_for("Pelanggan · Apotek Sehat Sentosa (dilayani Pharmadesk)")
    return tono


async def test_a_colleague_joins_follows_and_leaves(world: World) -> None:
    desk, sari = await Desk.of(world.field), await world.player("customer")
    rina = await world.player("expert")
    ticket = await sent(world, sari)
    tono = await joined(world, sari)

    await tono.send("/tiket")
    listed = await tono.wait_for("Tiket Apotek Sehat Sentosa")
    await tono.tap("CSV", listed)
    await tono.wait_for(lambda one: one.get("document", {}).get("file_name") == "tickets.csv")
    await tono.tap(ticket.number, listed)
    await tono.tap("PDF", await card_of(tono, ticket, "Sari"))
    await tono.wait_for(lambda one: one.get("document", {}).get("file_name") == f"{ticket.number}.pdf")
    await tono.tap("Ikuti", await card_of(tono, ticket, "Sari"))
    await desk.move(ticket, TicketMove.TAKE)
    await desk.move(ticket, TicketMove.ASK, note="Versi berapa?")
    await rina.send(f"/why {ticket.number}")
    await rina.tap("PDF", await rina.wait_for("mengambil tiket"))
    await rina.wait_for(lambda one: one.get("document", {}).get("file_name") == f"{ticket.number}.pdf")
    await sari.wait_for("bertanya tentang")
    await tono.tap("Jawab", await tono.wait_for("bertanya tentang"))
    await tono.wait_for("Jawaban Anda")
    await tono.send("Versi 4.2.1")
    await card_of(sari, ticket, "Tono", "Versi 4.2.1")

    await sari.send("/keluar")
    await sari.tap("Ya, keluar", await sari.wait_for("Keluar dari Apotek Sehat Sentosa?"))
    await sari.wait_for("Anda sudah keluar")
    await rina.wait_for(f"tetap milik apotek: {ticket.number}. Kabar berikutnya sampai kepada Tono.")
    await desk.move(ticket, TicketMove.ASK, note="Masih ada?")
    await tono.wait_for("Masih ada?")
    assert not [one for one in await sari.messages() if "Masih ada?" in one.get("text", "")]
    await sari.wait_for("Kartu ini sudah tidak berlaku")
    closing = CallbackSigner(SECRET_KEY).encode(Tap(Thing.TICKET, "close", ticket.ticket_id), sari.id)
    assert "Tidak ditemukan" in (await forged(world, sari, closing))["text"]
    asked = await sari.send("/tiket")
    await sari.wait_for("Tidak ditemukan", after=asked)
    assert (await desk.row(ticket)).status == TicketStatus.WAITING_CUSTOMER
    await tono.tap("Tutup", await card_of(tono, ticket, "Masih ada?"))
    await rina.wait_for(f"Tono (Apotek Sehat Sentosa) menutup {ticket.number}")


async def test_what_is_for_several_tickets_is_asked_and_nothing_is_lost(world: World) -> None:
    desk, sari = await Desk.of(world.field), await world.player("customer")
    first = await sent(world, sari)
    await sari.send("/baru Stok minus sejak opname")
    await sari.tap("Kirim", await sari.wait_for("Draf: Stok minus"))
    await sari.tap("Masih bisa bekerja", await sari.wait_for("tiket langsung terkirim"))
    await sari.wait_for(lambda one: "PD-000002 ·" in one.get("text", "") and "Baru" in one["text"])

    lines = [f"pesan {number}" for number in range(12)]
    for line in lines:
        await sari.send(line)
    where = await sari.wait_for(
        lambda one: "tiket yang mana" in one.get("text", "") and "pesan 11" in one["text"]
    )
    assert len([one for one in await sari.messages() if "tiket yang mana" in one.get("text", "")]) == 1
    await sari.tap(first.number, where)
    await card_of(sari, first, "pesan 11")
    assert (await desk.story(first))[-1].note == "\n".join(lines)

    big = await sari.document(b"x", "rekaman.mp4", size=25 * 1024 * 1024, reply_to=where["message_id"])
    await sari.wait_for("lebih besar dari 20 MB", after=big)
    await sari.send("x" * 4096, reply_to=(await card_of(sari, first))["message_id"])
    await card_of(sari, first, "xxx…")
    assert (await desk.story(first))[-1].note == "x" * 4096


async def test_a_silent_customer_is_reminded_and_finds_the_way_back(world: World) -> None:
    desk, sari = await Desk.of(world.field), await world.player("customer")
    await world.player("expert")
    ticket = await sent(world, sari)
    await desk.move(ticket, TicketMove.TAKE)
    await desk.move(ticket, TicketMove.ASK, note="Versi berapa?")

    await world.field.skip(days=14)
    await sari.wait_for("Kami menunggu jawaban Anda")
    expired = await sari.wait_for("kami tutup karena belum ada jawaban")
    await card_of(sari, ticket, "Ditutup")
    await sari.tap("Buka lagi", expired)
    await sari.wait_for(f"Lanjutan dari {ticket.number}")
    await sari.send("Masih macet")
    await sari.tap("Kirim", await sari.wait_for("Draf: Masih macet"))
    await sari.tap("Usulan", await sari.wait_for("tiket langsung terkirim"))
    await sari.wait_for("📨 Terkirim: PD-000002")
    assert await world.rows("select id, follows_id from tickets where follows_id is not null") == [(2, 1)]


async def forged(world: World, person: Person, data: str) -> Message:
    """Tap a button that this phone does not show."""
    shown = next(one for one in reversed(await person.messages()) if one["from"]["id"] != person.id)
    body = {"chat": person.id, "message_id": shown["message_id"], "data": data, "stale": True}
    answer = await world.http.post(f"/sim/people/{person.id}/tap", json=body)
    return dict(answer.raise_for_status().json())


async def test_nothing_of_another_pharmacy_leaks(world: World) -> None:
    desk, sari, wayan = (
        await Desk.of(world.field),
        await world.player("customer"),
        await world.player("customer_2"),
    )
    secret = "Rahasia Melati"
    ticket = await sent(world, wayan, secret)
    await wayan.send("/baru")
    await wayan.wait_for("Apa kendalanya?")
    card = await card_of(wayan, ticket)
    stolen = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    signer = CallbackSigner(SECRET_KEY)
    moves = (*TicketMove, "why", "pdf", "open", "follow")
    taps = [
        Tap(about, move, ticket.ticket_id, 0, ("5",))
        for about in (Thing.TICKET, ABOUT_TICKET)
        for move in moves
    ]
    taps += [Tap(Thing.TICKET_DRAFT, move, 2, 0, ("1",)) for move in ("send", "add", "new", "cancel", "step")]
    taps += [Tap(Thing.JOIN_REQUEST, "yes", 1)]

    answers = [await forged(world, sari, stolen)]
    answers += [await forged(world, sari, signer.encode(tap, sari.id)) for tap in taps]
    for typed in (f"/why {ticket.number}", f"/kenapa {ticket.ticket_id}", f"/cari {secret}", "/tiket"):
        asked = await sari.send(typed)
        await sari.wait_for(lambda _: True, after=asked)

    await world.settled()
    assert all(secret not in str(one) for one in answers)
    shown = [one for one in await sari.messages() if one["from"]["id"] != sari.id]
    assert not [one for one in shown if secret in one.get("text", "")]
    assert await desk.moves(ticket) == ["open"]
    assert await world.rows("select 1 from ticket_followers") == []
    drafts = await world.rows(
        "select user_id, closed_at is null as open, step from ticket_drafts order by id"
    )
    assert [(row.open, row.step) for row in drafts] == [(False, "ready"), (True, "ready")]
