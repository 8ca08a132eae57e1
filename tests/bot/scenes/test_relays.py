"""Customer and staff talk through the group: what is meant for the customer arrives, nothing else does."""

from dataclasses import dataclass
from typing import Any

from domain.tickets import TicketMove, TicketView
from siaga.simulator.person import Person, text_of
from tests.bot.scenes.test_staff_group import linked
from tests.bot.scenes.world import World, jpeg
from tests.waiting import eventually
from tests.workflows.desk import Desk


async def reaction(person: Person, chat: int, message: dict[str, Any]) -> str:
    """Wait for the bot's reaction on a message."""

    async def found() -> list[str]:
        shown = await person.messages(chat)
        same = next(one for one in shown if one["message_id"] == message["message_id"])
        return [one["emoji"] for one in same["sim"]["reactions"]]

    return (await eventually(found, bool))[0]


@dataclass
class Talk:
    """A taken ticket in its topic, with what the customer said there."""

    desk: Desk
    ticket: TicketView
    chat: int
    topic: int
    card: dict[str, Any]
    rina: Person
    bayu: Person
    sari: Person

    async def inside(self, person: Person, text: str, reply_to: dict[str, Any] | None = None) -> None:
        """Write in the topic and see that it stays there."""
        said = await self.write(person, text, reply_to)
        assert await reaction(person, self.chat, said) == "🙊"

    async def write(
        self, person: Person, text: str, reply_to: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Write in the topic."""
        replied = {"reply_to": reply_to["message_id"]} if reply_to else {}
        return await person.send(text, chat=self.chat, thread=self.topic, **replied)


async def talk(world: World) -> Talk:
    """Return a ticket of Sari's that Rina has taken in the group."""
    desk = await Desk.of(world.field)
    chat, (_, rina, bayu) = await linked(world, "expert", "expert_2")
    sari = await world.player("customer")
    ticket = await desk.a_ticket()
    card = await rina.wait_for("Belum ada yang menangani", chat=chat)
    await rina.tap("Saya tangani", card)
    return Talk(desk, ticket, chat, card["message_thread_id"], card, rina, bayu, sari)


async def test_only_what_is_meant_for_the_customer_leaves_the_topic(world: World) -> None:
    held = await talk(world)
    rina, bayu, sari, chat = held.rina, held.bayu, held.sari, held.chat

    said = await sari.send("Struknya masih kosong & <b>aneh</b>")
    await world.settled()
    await sari.photo(jpeg(), caption="ini layarnya")
    heard = await rina.wait_for("Struknya masih kosong & <b>aneh</b>", chat=chat)
    assert heard["text"].startswith("💬 Sari · Apotek Sehat Sentosa\n")
    shown = await rina.wait_for(lambda one: "photo" in one, chat=chat)
    assert "ini layarnya" in shown["caption"]
    assert heard["message_thread_id"] == shown["message_thread_id"] == held.topic

    # A remark, a colleague's reply to the customer, a photo.
    await held.inside(rina, "RAHASIA pelanggan ini suka mengeluh")
    await held.inside(bayu, "RAHASIA balasan rekan", heard)
    photo = (await rina.photo(jpeg("red"), caption="RAHASIA foto", chat=chat, thread=held.topic))[0]
    assert await reaction(rina, chat, photo) == "🙊"

    await sari.edit(said, "Struknya kosong sejak pagi")
    await rina.wait_for("Struknya kosong sejak pagi (disunting", chat=chat)
    answer = await held.write(rina, "Coba lagi sekarang", heard)
    assert await reaction(rina, chat, answer) == "🕊"
    got = await sari.wait_for("Coba lagi sekarang")
    assert got["text"] == "Rina · Pharmadesk\nCoba lagi sekarang"
    assert got["reply_to_message"]["message_id"] == said["message_id"]
    await world.settled()
    assert not [one for one in await sari.messages() if "RAHASIA" in text_of(one)]
    story = await held.desk.story(held.ticket)
    assert len([line for line in story if line.is_internal and "RAHASIA" in (line.note or "")]) == 3
    assert not [line for line in story if not line.is_internal and "RAHASIA" in (line.note or "")]


async def test_words_go_out_by_command_and_button_and_can_be_taken_back(world: World) -> None:
    held = await talk(world)
    rina, bayu, sari, chat = held.rina, held.bayu, held.sari, held.chat

    await held.write(bayu, "/r Kami bantu berdua")
    assert (await sari.wait_for("Kami bantu berdua"))["text"] == "Bayu · Pharmadesk\nKami bantu berdua"
    await rina.tap("Balas pelanggan", held.card)
    asked = await rina.wait_for("Tulis balasan untuk pelanggan", chat=chat)
    assert asked["message_thread_id"] == held.topic
    assert "Pertanyaan ini untuk rekan" in (await bayu.tap("Batal", asked))["text"]
    await held.write(rina, "Sudah kami perbaiki")
    await sari.wait_for("Rina · Pharmadesk\nSudah kami perbaiki")

    first = await held.write(rina, "/r Coba kembali sebentar lagi")
    await sari.wait_for("Coba kembali")
    await rina.edit(first, "/r Coba kembali pukul 10")
    corrected = await sari.wait_for("Coba kembali pukul 10 (disunting")
    assert corrected["sim"]["edited"]

    slip = await held.write(rina, "/r SALAH KIRIM")
    await sari.wait_for("SALAH KIRIM")
    await held.write(rina, "/unsend", slip)
    await rina.wait_for("Ditarik kembali dari pelanggan", chat=chat)
    again = await held.write(bayu, "/r SALAH LAGI")
    await sari.wait_for("SALAH LAGI")
    await bayu.tap("Tarik kembali", await bayu.wait_for("Terkirim", chat=chat, after=again))
    await world.settled()

    assert not [one for one in await sari.messages() if "SALAH" in text_of(one)]
    story = await held.desk.story(held.ticket)
    assert not [line for line in story if not line.is_internal and "SALAH" in (line.note or "")]
    notes = [line.note for line in story if line.move == TicketMove.NOTE]
    assert notes == ["Ditarik kembali: SALAH KIRIM", "Ditarik kembali: SALAH LAGI"]


async def test_a_burst_is_one_relay_and_long_words_arrive_whole(world: World) -> None:
    desk = await Desk.of(world.field)
    chat, (_, rina) = await linked(world, "expert")
    sari = await world.player("customer")
    await desk.a_ticket()
    await rina.wait_for("Belum ada yang menangani", chat=chat)

    for words in ("satu", "dua", "tiga"):
        await sari.send(words)
    await rina.wait_for(lambda one: "satu\ndua\ntiga" in text_of(one), chat=chat)
    assert len([one for one in await rina.messages(chat) if "satu" in text_of(one)]) == 1

    long = "x" * 4000
    await sari.send(long)
    await rina.wait_for("lanjutan", chat=chat)
    parts = [text_of(one).count("x") for one in await rina.messages(chat) if "xxx" in text_of(one)]
    assert sum(parts) == len(long)
