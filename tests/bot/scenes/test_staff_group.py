"""The helpdesk in its Telegram group: linked, a topic per ticket, the bot removed and let in again."""

from typing import Any

from domain.priorities import Priority
from domain.tickets import TicketMove
from siaga.doctor import Health, check_staff_groups
from siaga.settings import Settings
from siaga.simulator.person import Person, labels
from siaga.simulator.settings import Settings as Simulator
from tests.bot.scenes.world import World
from tests.waiting import eventually
from tests.workflows.desk import Desk


async def topics(person: Person, chat: int) -> list[dict[str, Any]]:
    """Return the topics that a member sees."""
    answer = await person._http.get(f"/sim/people/{person.id}/chats")
    found: list[dict[str, Any]] = next(one["topics"] for one in answer.json() if one["id"] == chat)
    return found


async def linked(world: World, *members: str, forum: bool = True, **more: object) -> tuple[int, list[Person]]:
    """Link a group as Maya; return it and its people."""
    people = [await world.player(key) for key in ("helpdesk_admin", *members)]
    chat = await world.group(*people, forum=forum, **more)
    await people[0].send("/hubungkangrup", chat=chat)
    await people[0].wait_for("terhubung", chat=chat)
    return chat, people


async def named(person: Person, chat: int, name: str, *, closed: bool = False) -> dict[str, Any]:
    """Wait until a topic has a name."""

    async def fitting() -> list[dict[str, Any]]:
        return [one for one in await topics(person, chat) if one["name"] == name and one["closed"] == closed]

    return (await eventually(fitting, bool))[0]


async def test_a_ticket_has_a_topic_that_follows_it(world: World) -> None:
    desk = await Desk.of(world.field)
    chat, (maya, rina, bayu) = await linked(world, "expert", "expert_2")

    ticket = await desk.a_ticket(Priority.URGENT)
    opened = await named(maya, chat, "PD-000001 🔴 🆕 Kasir tidak bisa cetak struk.")
    card = await rina.wait_for("Belum ada yang menangani", chat=chat)
    assert card["message_thread_id"] == opened["message_thread_id"]
    assert "Apotek Sehat Sentosa · Sari" in card["text"]

    assert (await rina.tap("Saya tangani", card))["text"] == "PD-000001 sekarang Anda tangani."
    late = await bayu.tap("Saya tangani", card)
    assert "Rina" in late["text"]
    await named(maya, chat, "PD-000001 🔴 🔎 Kasir tidak bisa cetak struk.")

    await desk.move(ticket, TicketMove.SOLVE)
    await desk.move(ticket, TicketMove.CONFIRM, "Sari")
    await named(maya, chat, "PD-000001 🔴 🔒 Kasir tidak bisa cetak struk.", closed=True)
    assert list(labels(await rina.wait_for("🔒 Ditutup", chat=chat))) == []
    await desk.move(ticket, TicketMove.REOPEN, "Sari")
    await named(maya, chat, "PD-000001 🔴 🔎 Kasir tidak bisa cetak struk.")

    before = len(await topics(maya, chat))
    deleted = {"chat_id": chat, "message_thread_id": opened["message_thread_id"]}
    await world.api("deleteForumTopic", deleted)
    await desk.move(ticket, TicketMove.SOLVE)
    again = await named(maya, chat, "PD-000001 🔴 ✅ Kasir tidak bisa cetak struk.")
    assert again["message_thread_id"] != opened["message_thread_id"]
    assert len(await topics(maya, chat)) == before


def doctor_settings(world: World) -> Settings:
    """Return settings with which the doctor looks at this scene."""
    database = world.field.database.url
    return Settings(
        database_url=database, telegram_token=Simulator().token, telegram_base_url=f"{world.url}/bot"
    )


async def test_a_lost_group_is_told_once_and_what_waited_comes(world: World) -> None:
    desk = await Desk.of(world.field)
    chat, (maya,) = await linked(world)

    bot = (await world.api("getMe", {}))["id"]
    await world.http.post(f"/sim/groups/{chat}/members", json={"user": bot, "action": "remove"})
    await maya.wait_for("saya dikeluarkan")
    settings = doctor_settings(world)
    assert [one.health for one in await check_staff_groups(settings)] == [Health.RED]
    await desk.a_ticket()
    await world.http.post(f"/sim/groups/{chat}/members", json={"user": bot, "action": "add"})
    # Added as a mere member of a forum: it may make no topics.
    await maya.wait_for("tidak boleh mengelola topik")
    card = await maya.wait_for("Belum ada yang menangani", chat=chat)
    assert "message_thread_id" not in card
    (found,) = await check_staff_groups(settings)
    assert found.says == "Tim Pharmadesk: no_topics_right"
    told = [one for one in await maya.messages() if "Grup helpdesk" in one.get("text", "")]
    assert len(told) == 2


async def test_only_who_manages_the_helpdesk_links_a_group(world: World) -> None:
    rina, admin = await world.player("expert"), await world.player("admin")
    maya = await world.player("helpdesk_admin")
    chat = await world.group(maya, rina, admin, forum=False, bot_rights="member")

    refused = await rina.send("/linkgroup", chat=chat)
    await rina.wait_for("Peran Anda tidak mengizinkan", chat=chat, after=refused)
    await maya.send("/linkgroup")
    await maya.wait_for("di grup tempat tim helpdesk bekerja")
    await maya.send("/linkgroup", chat=chat)
    await maya.wait_for("hanya melihat perintah dan balasan", chat=chat)
    taken = await admin.send("/linkgroup", chat=chat)
    await admin.wait_for("organisasi lain", chat=chat, after=taken)
