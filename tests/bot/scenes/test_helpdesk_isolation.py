"""A customer who guesses: the staff's buttons and commands, topics, links, files, and what they have left."""

from typing import Any

from bot.callbacks import CallbackSigner, Tap
from bot.dialogs.staff_moves import DIALOGS
from bot.handlers.queue import ABOUT as ABOUT_QUEUE
from bot.staff_room import ABOUT_RELAY, UNKNOWN
from db.demo_helpdesk import PHARMACIES
from domain.chat import Thing
from domain.tickets import TicketMove
from siaga.simulator.person import Message, Person, text_of
from tests.bot.scenes.test_customers import card_of, forged, sent
from tests.bot.scenes.test_relays import reaction
from tests.bot.scenes.test_staff_group import linked
from tests.bot.scenes.world import World
from tests.conftest import SECRET_KEY
from tests.workflows.desk import Desk

SECRET = "Rahasia Melati"


async def test_staffs_buttons_commands_and_links_open_nothing_for_a_customer(world: World) -> None:
    desk = await Desk.of(world.field)
    chat, (_, rina) = await linked(world, "expert")
    sari, wayan = await world.player("customer"), await world.player("customer_2")
    ticket = await sent(world, wayan, SECRET)
    await rina.tap("Saya tangani", chat=chat)
    inside = await rina.wait_for(SECRET, chat=chat)
    actions = ["staff_take", "staff_reply", *(f"staff_{move}" for move in DIALOGS)]
    taps = [Tap(Thing.TICKET, action, ticket.ticket_id) for action in (*actions, "pdf")]
    taps += [Tap(ABOUT_RELAY, "unsend", ticket.ticket_id, 0, (str(inside["message_id"]), "1"))]
    taps += [Tap(ABOUT_QUEUE, "open", ticket.ticket_id), Tap(ABOUT_QUEUE, "show", 0, 0, ("open",))]
    taps += [Tap("pharmacy", action, 2) for action in ("open", "code", "pic", "suspend")]
    card = buttons(inside)
    signer = CallbackSigner(SECRET_KEY)

    answers = [await forged(world, sari, signer.encode(tap, sari.id)) for tap in taps]
    answers += [await forged(world, sari, data) for data in card]
    for typed in ("/r halo", "/unsend", "/antrean", "/tiketsaya", "/statistik", "/apotek", "/mejabantuan"):
        await asked(sari, typed)
    for payload in (ticket.number, f"t_{ticket.ticket_id}", f"ticket-{ticket.number}", f"{chat}"[1:]):
        await asked(sari, f"/start {payload}")
    await asked(sari, "halo", reply_to=(await sari.last())["message_id"])

    await world.settled()
    assert SECRET not in str(answers)
    shown = [text_of(one) for one in await sari.messages() if one["from"]["id"] != sari.id]
    assert not [one for one in shown if SECRET in one or PHARMACIES[1].name in one]
    assert await desk.moves(ticket) == ["open", "take"]
    assert await world.rows("select 1 from dialogs") == []
    assert await world.rows("select name from pharmacies where not is_active or pic_id is null") == []


async def test_who_is_no_staff_says_and_does_nothing_in_the_staffs_group(world: World) -> None:
    desk = await Desk.of(world.field)
    chat, (maya, rina) = await linked(world, "expert")
    sari, wayan, other = [await world.player(one) for one in ("customer", "customer_2", "technician")]
    ticket = await sent(world, wayan, SECRET)
    card = await rina.wait_for("Belum ada yang menangani", chat=chat)
    thread = card["message_thread_id"]
    for guest in (sari, other):
        body = {"user": guest.id, "action": "add"}
        await world.http.post(f"/sim/groups/{chat}/members", json=body)
        for label in ("Saya tangani", "Balas pelanggan", "Tutup"):
            refused = await guest.tap(label, card)
            assert "tidak mengizinkan" in refused["text"], (guest.name, label)
        for words in ("catatan tamu", "/r dari tamu"):
            said = await guest.send(words, chat=chat, thread=thread)
            assert await reaction(guest, chat, said) == UNKNOWN
        await asked(guest, "/unsend", chat=chat, thread=thread, reply_to=card["message_id"])
        await asked(guest, "/hubungkangrup", chat=chat, thread=thread)

    await world.settled()
    assert await desk.moves(ticket) == ["open"]
    assert not [one for one in await wayan.messages() if "tamu" in text_of(one)]
    linked_by = await world.rows("select u.name from staff_groups g join users u on u.id = g.linked_by")
    assert [row.name for row in linked_by] == [maya.name]


async def test_who_has_left_takes_nothing_along_and_finishes_nothing(world: World) -> None:
    desk = await Desk.of(world.field)
    sari, putri = await world.player("customer"), await world.player("colleague")
    ticket = await sent(world, sari, "Stok minus sejak opname")
    comment = await sari.send("Sudah dihitung ulang")
    await card_of(sari, ticket, "Sudah dihitung ulang")
    await desk.move(ticket, TicketMove.TAKE)
    await desk.move(ticket, TicketMove.ASK, note="Selisih berapa?")
    question = await sari.wait_for("bertanya tentang")
    await sari.send("/baru Kasir dua juga")
    draft = await sari.wait_for("Draf: Kasir dua juga")
    send = buttons(draft)[0]

    await sari.send("/keluar")
    await sari.tap("Ya, keluar", await sari.wait_for("Keluar dari"))
    await sari.wait_for("Anda sudah keluar")
    await world.settled()
    before = [line.move for line in await desk.story(ticket)]

    answers = [await forged(world, sari, data) for data in (send, *buttons(question))]
    await asked(sari, "dua ratus", reply_to=question["message_id"])
    await sari.edit(comment, "RAHASIA dibuka setelah keluar")
    await asked(sari, "/tiket")
    await desk.move(ticket, TicketMove.COMMENT, note="Kami menunggu")

    await putri.wait_for("Kami menunggu")
    await world.settled()
    assert all("Tidak ditemukan" in one["text"] for one in answers), answers
    story = await desk.story(ticket)
    assert [line.move for line in story] == [*before, TicketMove.COMMENT]
    assert await world.rows("select count(*) from tickets") == [(1,)]
    heard = [text_of(one) for one in await sari.messages()]
    assert not [one for one in heard if "Kami menunggu" in one]


async def asked(person: Person, words: str, **to: Any) -> Message:  # noqa: ANN401 - where to
    """Write, and wait for whatever the bot answers."""
    said = await (person.start(words.partition(" ")[2]) if "/start" in words else person.send(words, **to))
    return await person.wait_for(lambda one: one["from"]["is_bot"], after=said, chat=to.get("chat"))


def buttons(message: Message) -> list[str]:
    """Return what a message's buttons send when they are tapped."""
    rows = message["reply_markup"]["inline_keyboard"]
    return [one["callback_data"] for row in rows for one in row if "callback_data" in one]
