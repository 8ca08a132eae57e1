"""What pharmacies and staff do by mistake, in haste or at length: nothing is lost, and each is answered."""

import asyncio

import pytest

from db.demo_helpdesk import PHARMACIES
from domain.tickets import TicketMove
from siaga.simulator.person import Message, Person, labels, text_of
from tests.bot.scenes.helpdesk_play import is_file
from tests.bot.scenes.test_customers import CODE, card_of, sent
from tests.bot.scenes.test_relays import reaction, talk
from tests.bot.scenes.test_staff_group import linked
from tests.bot.scenes.world import World, jpeg
from tests.workflows.desk import Desk

MB = 1024 * 1024
NASTY = '<b>Kasir</b> & "struk" <script>alert(1)</script> 🧾 '
PLACE = PHARMACIES[0].name


async def test_a_code_is_refused_used_twice_and_replaced(world: World) -> None:
    sari, maya = await world.player("customer"), await world.player("helpdesk_admin")
    tono = await world.stranger("Tono")
    for label, told in (("Bukan", "tidak mengonfirmasi"), ("Ya, rekan kami", f"Selamat datang di {PLACE}")):
        asked = await tono.send(CODE)
        await tono.wait_for("Kode benar", after=asked)
        await sari.tap(label, await sari.wait_for("Tono ingin bergabung", after=asked))
        await tono.wait_for(told, after=asked)
    again = await tono.send(f"/gabung {CODE}")
    await tono.wait_for("Anda sudah bergabung", after=again)
    dimas = await world.player("tech")
    await dimas.send(f"/gabung {CODE}")
    await dimas.wait_for("sudah terdaftar")

    await maya.send("/apotek")
    await maya.tap(PLACE)
    await maya.tap("Kode gabung baru")
    await maya.wait_for(f"Kode gabung {PLACE}")
    code = (await maya.tap("Salin kode"))["copied"]
    wati = await world.stranger("Wati")
    for typed, told in ((CODE, "sudah diganti"), (code, f"Kode benar: {PLACE}")):
        asked = await wati.send(typed)
        await wati.wait_for(told, after=asked)
    people = await world.rows("select name from users where name in ('Tono', 'Wati')")
    assert [row.name for row in people] == ["Tono"]


@pytest.mark.telegrams_pace
async def test_fifty_messages_in_a_minute_are_kept_each_and_told_in_a_few(world: World) -> None:
    held = await talk(world)
    sari, chat = held.sari, held.chat
    await world.settled()
    before = len(await sari.messages())
    lines = [f"pesan {number}." for number in range(50)]

    for line in lines:
        await sari.send(line)
    await held.rina.wait_for(lines[-1], chat=chat, timeout_s=60)
    await world.settled()

    story = await held.desk.story(held.ticket)
    assert [line.note for line in story if line.move == TicketMove.COMMENT] == lines
    shown = [text_of(one) for one in await held.rina.messages(chat) if text_of(one).startswith("💬")]
    told = "\n".join(text.partition("\n")[2] for text in shown)
    assert told.splitlines() == lines
    assert len(shown) <= 20
    assert len(await sari.messages()) - before - len(lines) <= 2
    calls = (await world.http.get("/sim/calls")).json()
    assert [one["method"] for one in calls if one["status"] == 429] == []


async def test_a_description_of_4096_characters_and_an_album_become_a_ticket(world: World) -> None:
    chat, (_, rina) = await linked(world, "expert")
    sari = await world.player("customer")
    description = (NASTY * 100)[:4096].strip()
    captions = [f"layar {number} <&>" for number in range(10)]
    said = await sari.send(description)
    pictures = [jpeg(f"#{number}0{number}0a0") for number in range(10)]
    await sari.photo(*pictures, captions=captions)
    draft = await sari.wait_for("10 foto", after=said)
    assert text_of(draft).splitlines()[0].startswith('📝 Draf: <b>Kasir</b> & "struk"')

    await sari.tap("Kirim", draft)
    await sari.tap("Sebagian", await sari.wait_for("tiket langsung terkirim"))

    card = await rina.wait_for("Belum ada yang menangani", chat=chat)
    assert NASTY * 3 in text_of(card)
    await rina.wait_for(captions[-1], chat=chat)
    await world.settled()
    shown = [text_of(one) for one in await rina.messages(chat) if "photo" in one]
    assert [one.splitlines()[-1] for one in shown] == captions
    row = (await world.rows("select description from tickets"))[0]
    assert row.description == "\n".join([description, *captions])
    assert await world.rows("select count(*) from ticket_attachments") == [(10,)]

    await sari.tap("PDF", await sari.wait_for(lambda one: "Riwayat" in labels(one)))
    await sari.wait_for(lambda one: "document" in one)


async def test_a_file_of_25_mb_is_told_at_once_and_passed_on_to_the_other_side(world: World) -> None:
    chat, (_, rina) = await linked(world, "expert")
    sari = await world.player("customer")
    said = await sari.send("Rekaman layar saat macet")
    await big(sari, "awal.mp4")
    told = await sari.wait_for("lebih besar dari 20 MB", after=said)
    assert "potong menjadi berkas di bawah 20 MB" in text_of(told)
    await sari.tap("Kirim", await sari.wait_for("Draf: Rekaman"))
    await sari.tap("Sebagian", await sari.wait_for("tiket langsung terkirim"))
    await rina.wait_for(is_file("awal.mp4"), chat=chat)

    later = await big(sari, "lanjutan.mp4")
    await sari.wait_for("lebih besar dari 20 MB", after=later)
    heard = await rina.wait_for(is_file("lanjutan.mp4"), chat=chat)
    await rina.tap("Saya tangani", chat=chat)
    await world.settled()
    await big(rina, "panduan.mp4", chat=chat, thread=heard["message_thread_id"], reply_to=heard["message_id"])
    await sari.wait_for(is_file("panduan.mp4"))
    assert await world.rows("select count(*) from ticket_attachments") == [(0,)]


async def test_in_a_plain_group_that_shows_the_bot_little_a_ticket_is_worked_on_by_replies(
    world: World,
) -> None:
    desk = await Desk.of(world.field)
    maya, rina, bayu = [await world.player(key) for key in ("helpdesk_admin", "expert", "expert_2")]
    chat = await world.group(maya, rina, bayu, forum=False, bot_rights="member")
    await maya.send("/hubungkangrup", chat=chat)
    await maya.wait_for("hanya melihat perintah dan balasan", chat=chat)
    sari = await world.player("customer")
    ticket = await sent(world, sari)
    card = await rina.wait_for("Belum ada yang menangani", chat=chat)

    taken = await asyncio.gather(*(one.tap("Saya tangani", card) for one in (rina, bayu)))
    (loser,) = [number for number, one in enumerate(taken) if "sekarang Anda tangani" not in one["text"]]
    holder, other = (bayu, rina) if loser == 0 else (rina, bayu)
    assert holder.name in taken[loser]["text"]

    await sari.send("Masih macet juga")
    heard = await holder.wait_for("Masih macet juga", chat=chat)
    assert heard["reply_to_message"]["message_id"] == card["message_id"]
    unseen = await holder.send("RAHASIA ini tidak terlihat bot", chat=chat)
    inside = await other.send("RAHASIA kabelnya?", chat=chat, reply_to=card["message_id"])
    assert await reaction(other, chat, inside) == "🙊"
    answer = await holder.send("Coba kabel lain", chat=chat, reply_to=heard["message_id"])
    assert await reaction(holder, chat, answer) == "🕊"
    await sari.wait_for(f"{holder.name} · Pharmadesk\nCoba kabel lain")
    await other.send("/r Kami kirim kabel baru", chat=chat, reply_to=card["message_id"])
    await sari.wait_for(f"{other.name} · Pharmadesk\nKami kirim kabel baru")

    await card_of(sari, ticket, "Ditinjau", "Kami kirim kabel baru")
    assert unseen["message_id"] not in [one["message_id"] for one in await sari.messages()]
    assert not [one for one in await sari.messages() if "RAHASIA" in text_of(one)]
    notes = [line.note for line in await desk.story(ticket) if line.is_internal]
    assert notes == ["RAHASIA kabelnya?"]


async def big(person: Person, name: str, **to: object) -> Message:
    """Send a file that Telegram gives to no bot."""
    return await person.document(b"x", name, size=25 * MB, **to)
