"""Twelve scenes of one trouble between a pharmacy, the experts and a tech, on a Monday and what follows."""

from datetime import datetime, timedelta

import pytest

from domain.tickets import TicketMove
from siaga.simulator.person import Message, Person, text_of
from tests.bot.scenes.helpdesk_play import SECRET, Play, file_of, has
from tests.bot.scenes.world import World, jpeg
from tests.workflows.desk import JAKARTA

TROUBLE = "Printer kasir error, tidak bisa cetak struk"
INTERNAL_MESSAGES, INTERNAL_PICTURES = 5, 1
"""What the staff says in the topic that is not for the pharmacy."""
SOLUTION_H = 8
"""Promised for a high priority, in hours of the service calendar."""


async def opened_by_a_sentence_and_a_screenshot(play: Play) -> None:
    """Sari writes what she sees and sends what the screen shows: one draft, one tap, a topic with both."""
    said = await play.sari.send(TROUBLE)
    await play.sari.photo(jpeg("red"), caption="layar galat")
    draft = await play.sari.wait_for("1 foto", after=said)
    assert "Modul: Penjualan (tebakan)" in text_of(draft)

    await play.opened(play.sari, draft, "Sebagian")

    await play.topic_is(f"PD-000001 🟠 🆕 {TROUBLE}")
    shown = await play.rina.wait_for(lambda one: "photo" in one, chat=play.chat)
    assert shown["message_thread_id"] == play.card["message_thread_id"]
    assert "layar galat" in text_of(shown)


async def taken_and_confirmed_by_review(play: Play) -> None:
    """Two experts reach for it, one has it; she corrects the guess, and Sari reads what it is and why."""
    await play.press(play.rina, "Saya tangani")
    late = await play.bayu.tap("Saya tangani", play.card)
    assert "Rina" in late["text"]
    await play.shows(play.sari, play.tickets["Sari"], "Ditinjau", "Rina · Pharmadesk")

    await play.press(play.rina, "Ubah kategori", "Kategori", "Bug Sistem", until="Mengapa diubah?")
    await play.write(play.rina, "Kesalahannya di program")
    told = await play.sari.wait_for("Alasannya: Kesalahannya di program")
    assert "Bug Sistem" in text_of(told)


async def a_question_and_its_answer(play: Play) -> None:
    """Rina asks, the clock rests, Sari answers by the button with words and a picture, the clock goes on."""
    await play.press(play.rina, "Tanya pelanggan", until="Tulis pertanyaan")
    await play.write(play.rina, "Printer merek apa?")
    question = await play.sari.wait_for("Rina · Pharmadesk bertanya")
    await play.shows(play.sari, play.tickets["Sari"], "Menunggu Anda", "waktu kami berhenti")
    await play.topic_is(f"PD-000001 🟠 ❓ {TROUBLE}")

    await play.sari.tap("Jawab", question)
    await play.sari.wait_for("Jawaban Anda untuk PD-000001?")
    await play.sari.photo(jpeg("green"), caption="Epson TM-T82")
    await play.in_topic(play.rina, "Epson TM-T82")
    await play.topic_is(f"PD-000001 🟠 🔎 {TROUBLE}")


async def forwarded_to_a_tech_with_a_note(play: Play) -> None:
    """Dimas gets it with what he has to know; Sari sees his name and not the note."""
    await play.press(play.rina, "Teruskan", "Dimas", until="Apa yang perlu diketahui")
    await play.write(play.rina, f"{SECRET} driver lama dari vendor")
    told = await play.dimas.wait_for("meneruskan PD-000001")
    assert SECRET in text_of(told)
    await play.shows(play.sari, play.tickets["Sari"], "Ditangani", "Dimas · Pharmadesk")


async def an_internal_remark_stays_inside(play: Play) -> None:
    """Words, a picture, a colleague's reply to what Sari said, an edit: of all that one answer leaves."""
    heard = await play.in_topic(play.dimas, "Epson TM-T82")
    await play.inside(play.dimas, f"{SECRET} mereka lupa memasang kertas lagi")
    await play.inside(play.rina, f"{SECRET} balasan yang bukan pemegang tiket", heard)
    remark = await play.write(play.bayu, f"{SECRET} jangan bilang apa-apa dulu")
    await play.bayu.edit(remark, f"{SECRET} jangan bilang dulu, ya")
    await play.bayu.photo(jpeg("black"), caption=f"{SECRET} foto gudang", **play.here())
    await play.answer(play.dimas, "Kami sedang memeriksa driver printer Anda", heard)
    await play.sari.wait_for("Dimas · Pharmadesk\nKami sedang memeriksa driver")


async def an_album_and_a_voice(play: Play) -> None:
    """Ten pictures with a caption each, and a voice, go both ways: each once, in the order they were sent."""
    pictures = [jpeg(f"#{number}0{number}040") for number in range(10)]
    steps = [f"langkah {number}" for number in range(10)]
    sent = await play.sari.photo(*pictures, captions=steps)
    sent.append(await play.sari.voice(b"OggS suara Sari"))
    voice = await play.rina.wait_for(has("voice"), chat=play.chat)
    await play.world.settled()
    heard = [one for one in await play.rina.messages(play.chat) if play.is_here(one)]
    assert [file_of(one) for one in heard if file_of(one)][-11:] == [file_of(one) for one in sent]
    assert [step for one in heard for step in steps if step in text_of(one) and "photo" in one] == steps

    shown = await play.dimas.photo(*pictures[:2], captions=["cabut", "pasang"], **play.here(voice))
    shown.append(await play.dimas.voice(b"OggS suara Dimas", **play.here(voice)))
    await play.sari.wait_for(has("voice"))
    got = [file_of(one) for one in await play.quiet(play.sari) if file_of(one)]
    assert got == [file_of(one) for one in shown]


async def edits_hours_later(play: Play) -> None:
    """Both correct themselves long after: the other side's copy changes, the timeline keeps both versions."""
    said = await play.sari.send("Kabelnya sudah kami ganti")
    heard = await play.in_topic(play.dimas, "Kabelnya sudah kami ganti")
    answer = await play.answer(play.dimas, "Coba matikan 10 detik", heard)
    got = await play.sari.wait_for("Dimas · Pharmadesk\nCoba matikan 10 detik")
    await play.hours_later(3)

    await play.sari.edit(said, "Kabelnya BELUM kami ganti")
    changed = await play.in_topic(play.dimas, "Kabelnya BELUM kami ganti (disunting 11.0")
    assert changed["message_id"] == heard["message_id"]
    await play.dimas.edit(answer, "Coba matikan 30 detik")
    corrected = await play.sari.wait_for("Coba matikan 30 detik (disunting 11.0")
    assert corrected["message_id"] == got["message_id"]
    notes = [line.note for line in await play.desk.story(play.tickets["Sari"])]
    assert {"Kabelnya sudah kami ganti", "Coba matikan 10 detik"} <= set(notes)


async def a_shift_change_at_the_pharmacy(play: Play) -> None:
    """Putri takes over: she follows, reads the story and answers; Sari's phone stays silent meanwhile."""
    ticket = play.tickets["Sari"]
    await play.putri.send("/tiket")
    await play.putri.tap(ticket.number, await play.putri.wait_for("Tiket Apotek Sehat Sentosa"))
    await play.putri.tap("Ikuti", await play.shows(play.putri, ticket, "Dimas · Pharmadesk"))
    await play.putri.tap("Riwayat", await play.shows(play.putri, ticket))
    story = await play.putri.wait_for("Printer merek apa?")
    assert "Epson TM-T82" in text_of(story)

    await play.press(play.dimas, "Tanya pelanggan", until="Tulis pertanyaan")
    await play.write(play.dimas, "Lampu printer warna apa?")
    question = await play.putri.wait_for("Dimas · Pharmadesk bertanya")
    await play.sari.wait_for("Lampu printer warna apa?")
    before = [one["message_id"] for one in await play.quiet(play.sari)]
    await play.putri.tap("Jawab", question)
    await play.putri.wait_for(f"Jawaban Anda untuk {ticket.number}?")
    await play.putri.send("Merah, berkedip")
    await play.in_topic(play.dimas, "💬 Putri · Apotek Sehat Sentosa\nMerah, berkedip")
    await play.shows(play.sari, ticket, "Putri", "Merah, berkedip")
    assert [one["message_id"] for one in await play.quiet(play.sari)] == before


async def a_duplicate_is_merged(play: Play) -> None:
    """Putri reports it a second time; Bayu merges it, she reads into what, and Sari hears nothing of it."""
    first, card = play.tickets["Sari"], play.card
    await play.putri.send("/baru Struk tidak keluar dari printer")
    draft = await play.putri.wait_for("Draf: Struk tidak keluar")
    second = await play.opened(play.putri, draft, "Masih bisa bekerja")
    await play.press(play.bayu, "Gabung", until="sama dengan tiket mana?")
    await play.write(play.bayu, first.number)
    await play.putri.wait_for(f"digabung ke {first.number}")
    await play.topic_is(f"{second.number} 🔒 Struk tidak keluar dari printer", closed=True)
    play.card = card
    assert not [one for one in await play.quiet(play.sari) if second.number in text_of(one)]


async def solved_not_solved_and_solved(play: Play) -> None:
    """A first solution does not hold: what was left of the clock runs on. The second one gets four stars."""
    ticket = play.tickets["Sari"]
    await solve(play, play.dimas, "Driver dipasang ulang")
    asked = await asked_if_solved(play.sari, "Driver dipasang ulang")
    await asked_if_solved(play.putri, "Driver dipasang ulang")
    await play.hours_later(4)
    await play.sari.tap("Belum beres", asked)
    await play.shows(play.sari, ticket, "Ditinjau", "Selesai paling lambat")
    await play.in_topic(play.rina, "Ditinjau")
    assert abs(await promised(play) - await left_of_the_clock(play)) < timedelta(minutes=1)

    await solve(play, play.rina, "Kabel dan driver diganti")
    await play.sari.tap("Sudah beres", await asked_if_solved(play.sari, "Kabel dan driver diganti"))
    await play.sari.tap("4 ⭐", await play.sari.wait_for("Seberapa puas Anda dengan bantuan kami?"))
    await play.sari.wait_for("Ada yang bisa kami perbaiki")
    await play.sari.send("Cepat sekali & ramah <3")
    await play.shows(play.sari, ticket, "Ditutup", "⭐⭐⭐⭐", "Cepat sekali & ramah <3")
    await play.topic_is(f"PD-000001 🟠 🔒 {TROUBLE}", closed=True)


async def back_after_the_end(play: Play) -> None:
    """Two days later it is back: a reply to the closed card is asked about, and the same people go on."""
    ticket = play.tickets["Sari"]
    await play.hours_later(48)
    end = await play.shows(play.sari, ticket, "Ditutup")
    await play.sari.send("Muncul lagi sejak pagi", reply_to=end["message_id"])
    again = await play.sari.wait_for("Kendala yang sama muncul lagi?")
    await play.sari.tap(f"Buka lagi {ticket.number}", again)
    await play.shows(play.sari, ticket, "Ditinjau", "Muncul lagi sejak pagi")
    await play.topic_is(f"PD-000001 🟠 🔎 {TROUBLE}")
    await play.dimas.wait_for("Muncul lagi sejak pagi")


async def a_customer_leaves_the_pharmacy(play: Play) -> None:
    """Sari works there no more: what is asked and solved reaches Putri, and Sari not a word of it."""
    ticket = play.tickets["Sari"]
    await play.sari.send("/keluar")
    await play.sari.tap("Ya, keluar", await play.sari.wait_for("Keluar dari Apotek Sehat Sentosa?"))
    await play.sari.wait_for("Anda sudah keluar")
    await play.press(play.rina, "Tanya pelanggan", until="Tulis pertanyaan")
    await play.write(play.rina, "Masih berkedip merah?")
    await play.putri.wait_for("Masih berkedip merah?")
    await play.putri.send("Tidak lagi, hanya kertasnya habis")
    await play.in_topic(play.rina, "hanya kertasnya habis")
    await solve(play, play.rina, "Kertas diisi")
    await play.putri.tap("Sudah beres", await asked_if_solved(play.putri, "Kertas diisi"))
    await play.shows(play.putri, ticket, "Ditutup")
    heard = [text_of(one) for one in await play.quiet(play.sari)]
    assert not [said for said in heard if "berkedip merah?" in said or "Kertas diisi" in said]
    asked = await play.sari.send("/tiket")
    await play.sari.wait_for("Tidak ditemukan", after=asked)


SCENES = (
    opened_by_a_sentence_and_a_screenshot,
    taken_and_confirmed_by_review,
    a_question_and_its_answer,
    forwarded_to_a_tech_with_a_note,
    an_internal_remark_stays_inside,
    an_album_and_a_voice,
    edits_hours_later,
    a_shift_change_at_the_pharmacy,
    a_duplicate_is_merged,
    solved_not_solved_and_solved,
    back_after_the_end,
    a_customer_leaves_the_pharmacy,
)


@pytest.mark.timeout(240)
async def test_a_pharmacy_its_experts_and_a_tech_play_a_trouble_through(world: World) -> None:
    play = await Play.of(world)

    for scene in SCENES:
        await scene(play)

    await nothing_has_leaked(play)


async def nothing_has_leaked(play: Play) -> None:
    """Look everywhere a pharmacy can: phones, calls to them, the list, PDF and CSV, the API."""
    shown = await play.rina.messages(play.chat)
    inside = [one for one in shown if SECRET in text_of(one) and not one["from"]["is_bot"]]
    secrets = {SECRET, *(file_of(one) for one in inside if file_of(one))}
    assert len(inside) == INTERNAL_MESSAGES
    assert len(secrets) == 1 + INTERNAL_PICTURES
    calls = (await play.world.http.get("/sim/calls")).json()
    for customer in play.customers:
        theirs = [one for one in calls if str(one["params"].get("chat_id")) == str(customer.id)]
        phone = f"{await customer.messages(deleted=True)} {theirs}"
        assert not [one for one in secrets if one in phone], customer.name
    assert len(await play.quiet(play.wayan)) == 1

    putri, wayan = "putri@apoteksehat.example", "wayan@apotekmelati.example"
    read = {one: await play.by_api(one) for one in (putri, wayan)}
    read["papers"] = await play.papers(play.putri, play.tickets["Sari"])
    assert "Epson TM-T82" in read["papers"]
    assert "Epson TM-T82" in read[putri]
    assert TROUBLE not in read[wayan]
    assert SECRET not in str(read)


async def solve(play: Play, person: Person, note: str) -> None:
    """Solve the ticket by the button of its card."""
    await play.press(person, "Selesai", until="Apa yang dilakukan")
    await play.write(person, note)


async def asked_if_solved(customer: Person, note: str) -> Message:
    """Wait until a customer is told of a solution and asked whether it is one."""
    return await customer.wait_for(
        lambda one: "sudah kami selesaikan" in text_of(one) and note in text_of(one)
    )


async def promised(play: Play) -> datetime:
    """Return until when it is to be solved."""
    due = (await play.desk.row(play.tickets["Sari"])).solution_due_at
    assert due is not None
    return due


async def left_of_the_clock(play: Play) -> datetime:
    """Reckon it: eight hours, less those until the solution; the rest of Monday, then Tuesday from eight."""
    story = await play.desk.story(play.tickets["Sari"])
    opened, solved, reopened = (
        next(line.at for line in story if line.move == move)
        for move in (TicketMove.OPEN, TicketMove.SOLVE, TicketMove.REOPEN)
    )
    left = timedelta(hours=SOLUTION_H) - (solved - opened)
    closes = reopened.astimezone(JAKARTA).replace(hour=17, minute=0, second=0)
    return closes + timedelta(hours=15) + left - (closes - reopened)
