"""What the staff says and does for the customer from the topic: held answers, canned ones, removed files."""

from siaga.simulator.person import text_of
from tests.bot.scenes.test_relays import Talk, reaction, talk
from tests.bot.scenes.world import World
from tests.waiting import eventually


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
