"""Many promises broken at once: each person gets one card and one sound, and no ticket is lost."""

from domain.tickets import TicketMove
from siaga.simulator.person import Person, labels, text_of
from tests.bot.scenes.world import World
from tests.workflows.desk import Desk

TICKETS = 9


async def rings(world: World, person: Person) -> list[str]:
    """Return how loud the calls to a person were that left."""
    rows = await world.rows(
        "select d.loudness from deliveries d join cards c on c.id = d.card_id "
        "where c.thing = 'late_tickets' and d.chat_id = :chat and d.state = 'sent' "
        "and d.loudness <> 'edit' and d.message_id is not null order by d.id",
        chat=person.id,
    )
    return [row.loudness for row in rows]


async def test_a_monday_morning_is_one_card_for_each_and_all_of_it_can_be_answered(world: World) -> None:
    desk = await Desk.of(world.field)
    rina, bayu = await world.player("expert"), await world.player("expert_2")
    await world.player("customer")
    await desk.until(0, 7, 30)
    tickets = [await desk.a_ticket() for _ in range(TICKETS)]
    for ticket in tickets[1:]:
        await desk.move(ticket, TicketMove.TAKE)

    await desk.until(0, 8, 50)
    warned = await rina.wait_for("8 hampir terlambat")
    assert "Apotek Sehat Sentosa: jawaban pertama" in warned["text"]
    await desk.until(0, 9, 5)
    late = await rina.wait_for("9 tiket terlambat")
    # Nobody holds the first one, so all experts are called; of the others she is the holder, who cannot
    # silence a call.
    assert "Semua sudah saya lihat (1)" in labels(late)
    alone = await bayu.wait_for("1 tiket terlambat")
    assert list(labels(alone))[1:] == ["Saya tangani", "Sudah saya lihat", "Tunda 15 menit", "Tunda 60 menit"]
    await bayu.tap("Saya tangani", alone)
    await rina.wait_for(
        lambda one: "9 tiket terlambat" in text_of(one) and "Semua sudah" not in str(labels(one))
    )
    await desk.until(0, 9, 20)
    called = await bayu.wait_for("9 tiket terlambat")
    await world.settled()
    assert (await rings(world, rina), await rings(world, bayu)) == (["sound"], ["sound"])
    assert len([one for one in await bayu.messages() if "terlambat" in text_of(one)]) == 1

    assert "halaman 1 dari 2" in called["text"]
    assert tickets[0].number not in called["text"]
    await bayu.tap("Berikutnya", called)
    assert "🙋 Bayu" in (await bayu.wait_for("halaman 2 dari 2"))["text"]
    await bayu.tap("Sebelumnya")
    await bayu.tap("👀", await bayu.wait_for("halaman 1 dari 2"))
    await bayu.wait_for(lambda one: "Semua sudah saya lihat (7)" in labels(one))
    await bayu.tap("Semua sudah saya lihat (7)")
    for person in (rina, bayu):
        await person.wait_for(lambda one: text_of(one).count("Bayu") == 8 and "👀 Bayu" in text_of(one))

    for ticket in tickets:
        assert "breach" in await desk.moves(ticket)
        await desk.move(ticket, TicketMove.COMMENT, note="Kami periksa")
    await bayu.wait_for("Tidak ada tiket yang terlambat")
    await world.settled()
    assert len(await rings(world, bayu)) == 1
