"""What the staff says and does for the customer from the topic: held answers, canned ones, removed files."""

from datetime import UTC, datetime

from sqlalchemy import text

from db.queries.called import called_now
from db.session import SYSTEM, Scope
from domain.chat import Thing
from domain.escalations import Audience
from domain.tickets import TicketMove
from siaga.simulator.person import labels, text_of
from tests.bot.scenes.test_relays import Talk, reaction, talk
from tests.bot.scenes.test_staff_group import linked
from tests.bot.scenes.world import World, jpeg
from tests.waiting import eventually
from tests.workflows.desk import Desk


async def hold(world: World, seconds: float) -> None:
    """Let answers wait for so long."""
    await world.rows("update settings set value = :s where key = 'ticket_hold_s' returning 1", s=seconds)


async def time_passes(world: World) -> None:
    """Let what is held leave, as if its time had passed."""
    await world.rows(
        "update deliveries set due_at = now() where template = 'relays/to_customer' and state = 'due' "
        "returning 1"
    )


async def said_to(world: World, held: Talk, words: str) -> None:
    """Wait until an answer is written down, and see that the customer has read nothing of it."""

    async def lines() -> list[object]:
        return await world.rows("select 1 from ticket_activities where note like :note", note=f"%{words}%")

    await eventually(lines, bool)
    await world.settled()
    assert not [one for one in await held.sari.messages() if words in text_of(one)]


async def test_an_answer_waits_ten_seconds_in_which_it_is_edited_or_taken_back(world: World) -> None:
    held = await talk(world)
    rina, sari, chat = held.rina, held.sari, held.chat
    await hold(world, 60)

    slip = await held.write(rina, "/r SALAH KIRIM")
    told = await rina.wait_for("Berangkat ke pelanggan dalam 60 detik", chat=chat)
    await said_to(world, held, "SALAH")
    await rina.tap("Tarik kembali", told)
    await rina.wait_for("belum sempat berangkat", chat=chat, after=slip)

    typed = await held.write(rina, "/r Tutup lalu buka lagi kasrnya")
    assert await reaction(rina, chat, typed) == "🕊"
    await said_to(world, held, "Tutup lalu")
    await rina.edit(typed, "/r Tutup lalu buka lagi kasirnya")
    await said_to(world, held, "kasirnya")
    await time_passes(world)
    got = await sari.wait_for("Tutup lalu")
    assert got["text"] == "Rina · Pharmadesk\nTutup lalu buka lagi kasirnya"
    await sari.wait_for(lambda one: "kasirnya" in text_of(one) and "PD-000001 ·" in text_of(one))

    # What the customer is told next does not overtake what is held.
    await held.write(rina, "/r Kami perbaiki dari sini")
    await said_to(world, held, "dari sini")
    await rina.tap("Selesai", chat=chat)
    await rina.wait_for("Apa yang dilakukan", chat=chat)
    await held.write(rina, "Layanan cetak dinyalakan lagi")
    await sari.wait_for("Layanan cetak dinyalakan lagi")
    await world.settled()
    order = [text_of(one) for one in await sari.messages()]
    answer = next(place for place, one in enumerate(order) if "Kami perbaiki" in one and "PD-" not in one)
    solved = next(place for place, one in enumerate(order) if "Layanan cetak" in one and place > answer)
    assert answer < solved
    assert not [one for one in order if "SALAH" in one or "kasrnya" in one]
    story = await held.desk.story(held.ticket)
    assert [line.note for line in story if "kas" in (line.note or "")][-2:] == [
        "Tutup lalu buka lagi kasrnya",
        "Tutup lalu buka lagi kasirnya",
    ]


async def test_a_canned_answer_is_looked_at_and_sent_in_the_customers_language(world: World) -> None:
    held = await talk(world)
    rina, bayu, sari, chat = held.rina, held.bayu, held.sari, held.chat
    await world.rows(
        "insert into canned_answers (organization_id, name, text_id, text_en) "
        "select id, 'halo', 'Halo [pelanggan]', 'Hello [customer], [me] here about [number] [now]' "
        "from organizations where name = 'Pharmadesk' returning 1"
    )

    await held.write(rina, "/m")
    listed = await rina.wait_for("Jawaban yang mana?", chat=chat)
    await rina.tap("versi", listed)
    await rina.tap("Jangan kirim", await rina.wait_for("menu Bantuan", chat=chat))
    await rina.wait_for("Tidak ada yang dikirim", chat=chat)
    await held.write(rina, "/m tidakada")
    await rina.wait_for("Tidak ada jawaban tidakada", chat=chat)

    await world.rows("update users set language = 'en' where name = 'Sari' returning 1")
    await held.write(rina, "/m hal")
    shown = await rina.wait_for("Hello Sari, Rina here about PD-000001 [now]", chat=chat)
    assert "Pertanyaan ini untuk rekan" in (await bayu.tap("Kirim", shown))["text"]
    await rina.tap("Kirim", shown)
    got = await sari.wait_for("Hello Sari")
    assert got["text"] == "Rina · Pharmadesk\nHello Sari, Rina here about PD-000001 [now]"
    await rina.tap("Tarik kembali", await rina.wait_for("Terkirim ke pelanggan", chat=chat))
    await rina.wait_for("Ditarik kembali dari pelanggan", chat=chat)
    await world.settled()

    assert not [one for one in await sari.messages() if "Hello Sari" in text_of(one)]
    lines = [line for line in await held.desk.story(held.ticket) if "Hello Sari" in (line.note or "")]
    assert [line.is_internal for line in lines] == [True, True]


async def test_a_picture_with_a_patients_name_is_removed_everywhere(world: World) -> None:
    held = await talk(world)
    rina, bayu, sari, chat = held.rina, held.bayu, held.sari, held.chat
    await sari.photo(jpeg("red"), jpeg("blue"), caption="nama pasien terlihat")
    await sari.photo(jpeg("red"), caption="sekali lagi")
    shown = await rina.wait_for(lambda one: one.get("caption", "").endswith("sekali lagi"), chat=chat)
    await rina.wait_for("2 lampiran", chat=chat)

    await held.write(rina, "/hapus", shown)
    asked = await rina.wait_for("Hapus foto 1 · Sari", chat=chat)
    await rina.tap("Ya, hapus selamanya", asked)
    done = await rina.wait_for("Lampiran dihapus", chat=chat)
    assert "salinan lebih dari" not in done["text"]
    await rina.wait_for("1 lampiran", chat=chat)
    await world.settled()
    pictures = [text_of(one) for one in await bayu.messages(chat) if "photo" in one]
    assert [one.partition("\n")[2] for one in pictures] == [""]  # the blue one, which had no caption
    assert (
        len(await world.rows("select 1 from files where released_at is not null")) == 1
    )  # its bytes go next

    # Two days later no bot can delete a copy.
    await world.rows("update ticket_messages set created_at = now() - interval '3 days' returning 1")
    await rina.tap("Hapus lampiran", chat=chat)
    await rina.tap("foto 2", await rina.wait_for("lampiran mana", chat=chat))
    await rina.tap("Ya, hapus selamanya", await rina.wait_for("Hapus foto 2", chat=chat))
    await rina.wait_for("1 salinan lebih dari 48 jam", chat=chat)
    removed = [line for line in await held.desk.story(held.ticket) if line.move == TicketMove.DETACH]
    assert [line.user_name for line in removed] == ["Rina", "Rina"]


async def test_a_ticket_is_linked_to_a_machine_of_the_helpdesk(world: World) -> None:
    held = await talk(world)
    rina, sari, chat = held.rina, held.sari, held.chat
    assert "Mesin" not in list(labels(held.card))
    await world.rows(
        "update rvm_machines set organization_id = :desk, name = 'Mesin Apotek' "
        "where id = (select min(id) from rvm_machines) returning 1",
        desk=held.desk.organization,
    )
    await held.desk.move(held.ticket, TicketMove.NOTE, note="mesin tercatat")

    await rina.tap("Mesin", await rina.wait_for(lambda one: "Mesin" in list(labels(one)), chat=chat))
    await rina.tap("Mesin Apotek", await rina.wait_for("mesin yang mana", chat=chat))
    card = await rina.wait_for("🔧 Mesin: Mesin Apotek", chat=chat)
    assert (await held.desk.row(held.ticket)).machine_id is not None
    await rina.tap("Mesin", card)
    asked = await rina.wait_for(lambda one: "Tanpa mesin" in list(labels(one)), chat=chat)
    await rina.tap("Tanpa mesin", asked)
    await rina.wait_for(lambda one: "Rina" in text_of(one) and "🔧" not in text_of(one), chat=chat)
    await world.settled()
    assert (await held.desk.row(held.ticket)).machine_id is None
    assert not [one for one in await sari.messages() if "Mesin Apotek" in text_of(one)]


async def test_staff_opens_a_ticket_for_a_customer_and_one_for_itself(world: World) -> None:
    desk = await Desk.of(world.field)
    chat, (_, rina) = await linked(world, "expert")
    dimas, sari, putri = [await world.player(key) for key in ("tech", "customer", "colleague")]

    await rina.send("/bukatiket")
    await rina.tap("Apotek Sehat Sentosa", await rina.wait_for("apotek mana"))
    await rina.tap("Sari", await rina.wait_for("Siapa yang melapor"))
    await rina.wait_for("Apa kendalanya")
    await rina.send("Struk tidak keluar dari printer\nSari menelepon")
    await rina.tap("Kasir tidak bisa dipakai", await rina.wait_for("Seberapa mengganggu"))
    await rina.wait_for("Kartunya dikirim ke Sari")
    card = await rina.wait_for("Belum ada yang menangani", chat=chat)
    assert "Apotek Sehat Sentosa · Sari" in card["text"]
    assert "Penjualan · Mendesak" in card["text"]
    await sari.wait_for(lambda one: "PD-000001 · Struk tidak keluar dari printer" in text_of(one))

    # A tech opens internal ones only; the pharmacy neither hears of it nor finds it.
    opened = await dimas.send("/ticket")
    await dimas.tap("Apotek Sehat Sentosa", await dimas.wait_for("apotek mana"))
    asked = await dimas.wait_for("Siapa yang melapor", after=opened)
    assert "Sari" not in list(labels(asked))
    await dimas.tap("Internal", asked)
    await dimas.wait_for("Apa kendalanya")
    await dimas.send("RAHASIA server apotek perlu diganti")
    await dimas.tap("Usulan", await dimas.wait_for("Seberapa mengganggu"))
    await dimas.wait_for("tidak ada pelanggan yang diberi tahu")
    inside = await rina.wait_for(lambda one: "PD-000002" in text_of(one), chat=chat)
    await rina.send("/r RAHASIA siapa di sana?", chat=chat, thread=inside["message_thread_id"])
    await rina.wait_for("tanpa pelanggan: ini tetap di dalam", chat=chat)
    for person in (sari, putri):
        await person.send("/tiket")
        listed = await person.wait_for("Tiket Apotek Sehat Sentosa")
        assert [label for label in labels(listed) if "PD-" in label] == [next(iter(labels(listed)))]
        await person.send("/kenapa PD-000002")
        await person.wait_for("Tidak ditemukan")
    await world.settled()
    customers = Scope.of([desk.organization], [desk.pharmacy])
    async with world.field.database.transaction(customers) as session:
        for table, column in (("tickets", "id"), ("ticket_activities", "ticket_id")):
            seen = await session.scalars(text(f"select distinct {column} from {table}"))  # noqa: S608
            assert list(seen) == [1], table
    for person in (sari, putri):
        assert not [one for one in await person.messages() if "RAHASIA" in text_of(one)]


async def called(world: World, held: Talk, audience: Audience) -> set[str]:
    """Return the names of whom a rung of the ticket's ladder would call now."""
    async with world.field.database.transaction(SYSTEM) as session:
        found = await called_now(
            session,
            Thing.TICKET,
            held.ticket.ticket_id,
            organization_id=held.desk.organization,
            audience=audience,
            at=datetime.now(UTC),
        )
    return {name for name, number in world.field.people.items() if number in found}


async def test_who_is_away_hands_over_and_is_neither_chosen_nor_called(world: World) -> None:
    held = await talk(world)
    rina, bayu, chat = held.rina, held.bayu, held.chat
    maya = await world.player("helpdesk_admin")
    assert await called(world, held, Audience.HOLDER) == {"Rina"}

    await rina.send("/cuti")
    await rina.tap("Sampai saya kembali", await rina.wait_for("sampai kapan?"))
    page = await rina.wait_for("Masih pada Anda (1)")
    assert await called(world, held, Audience.HOLDER) == set()
    assert await called(world, held, Audience.EXPERTS) == {"Bayu"}
    await rina.tap("Kembalikan ke antrean", page)
    await rina.wait_for("1 tiket kembali ke antrean")
    free = await bayu.wait_for(
        lambda one: "Saya tangani" in list(labels(one)) and "Ditinjau" in text_of(one), chat=chat
    )
    await bayu.tap("Saya tangani", free)
    await bayu.wait_for(lambda one: "👤 Bayu" in text_of(one), chat=chat)

    await bayu.send("/away besok 9")
    page = await bayu.wait_for("tidak di tempat sampai")
    assert await called(world, held, Audience.EXPERTS) == {"Rina", "Bayu"}  # nobody is there: all of them
    await bayu.tap("Serahkan ke rekan", page)
    asked = await bayu.wait_for("mengambil alih")
    people = [one for one in labels(asked) if one[0] in "MR"]
    assert people == ["Maya", "Rina · ⚪"]
    await bayu.tap("Maya", asked)
    await bayu.wait_for("1 tiket sekarang pada Maya")
    await maya.wait_for("menyerahkan PD-000001")
    assert await called(world, held, Audience.HOLDER) == {"Maya"}

    await rina.send("/cuti kembali")
    await rina.wait_for("Anda di tempat", after=page)
    assert await called(world, held, Audience.EXPERTS) == {"Rina"}
    lines = [line for line in await held.desk.story(held.ticket) if line.move == TicketMove.HAND_OVER]
    assert [(line.user_name, line.is_internal) for line in lines] == [("Rina", True), ("Bayu", True)]
