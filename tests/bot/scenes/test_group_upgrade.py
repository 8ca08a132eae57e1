"""A helpdesk's group becomes a supergroup: another chat, to which the link and the tickets follow."""

from sqlalchemy import text

from db.session import SYSTEM
from domain.tickets import TicketMove
from siaga.simulator.person import text_of
from tests.bot.scenes.test_staff_group import linked
from tests.bot.scenes.world import World
from tests.workflows.desk import Desk


async def test_tickets_go_on_in_the_supergroup_however_the_bot_hears_of_it(world: World) -> None:
    desk = await Desk.of(world.field)
    old, (maya, rina) = await linked(world, "expert", forum=False, kind="group")
    sari = await world.player("customer")
    ticket = await desk.a_ticket()
    await rina.wait_for("Belum ada yang menangani", chat=old)
    await desk.move(ticket, TicketMove.TAKE)
    await world.settled()

    new = (await world.http.post(f"/sim/groups/{old}/upgrade")).raise_for_status().json()["id"]
    await rina.wait_for(ticket.number, chat=new)
    told = await maya.wait_for("menjadi supergrup")
    assert "Tim Pharmadesk" in told["text"]
    await sari.send("Masih macet")
    heard = await rina.wait_for("Masih macet", chat=new)
    await rina.send("Coba nyalakan lagi", chat=new, reply_to=heard["message_id"])
    await sari.wait_for("Rina · Pharmadesk\nCoba nyalakan lagi")

    # The messages that say so may be lost: then a refused send says it.
    async with world.field.database.transaction(SYSTEM) as session:
        await session.execute(text("update staff_groups set chat_id = :old"), {"old": old})
    await sari.send("Sudah, tetap sama")
    await rina.wait_for("Sudah, tetap sama", chat=new)
    await world.settled()
    assert await world.rows("select chat_id from staff_groups") == [(new,)]
    assert len([one for one in await rina.messages(new) if "tetap sama" in text_of(one)]) == 1
    left = "select id from deliveries where chat_id = :old and state in ('due', 'sending')"
    assert await world.rows(left, old=old) == []
