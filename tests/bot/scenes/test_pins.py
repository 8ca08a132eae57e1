"""The maintenance PIN in chat: one tap from the card, by command, refused to others, forgotten in time."""

import re
from typing import Any

from sqlalchemy import insert, select, text

from db.demo import MACHINES
from db.models.access import MachineGrant
from db.models.machines import EdgeServer, RvmMachine
from db.session import SYSTEM
from domain.access import GrantSource
from domain.assignments import AssignmentMove
from domain.pins import PinId, opened_by, pin_key
from siaga.simulator.person import labels
from tests.bot.scenes.world import World


async def grant(world: World, who: str, machine: int) -> None:
    """Let a person enter a demo machine."""
    async with world.field.database.transaction(SYSTEM) as session:
        number = select(RvmMachine.id).where(RvmMachine.uuid == MACHINES[machine].uuid).scalar_subquery()
        await session.execute(
            insert(MachineGrant).values(
                organization_id=world.field.organization,
                user_id=world.field.people[who],
                rvm_machine_id=number,
                source=GrantSource.MANUAL,
            )
        )


async def opens(world: World, message: dict[str, Any], machine: int = 0) -> PinId | None:
    """Return which PIN the message shows, as the box of a demo machine judges it right now."""
    shown = re.search(r"\d\d \d{3} \d{3}", message["text"])
    assert shown is not None
    async with world.field.database.transaction(SYSTEM) as session:
        query = select(EdgeServer.edge_secret).where(EdgeServer.edge_id == str(MACHINES[machine].uuid))
        secret = world.field.cipher.decrypt((await session.scalars(query)).one())
        now = (await session.scalars(select(text("now()")))).one()
    return opened_by(pin_key(secret), shown.group().replace(" ", ""), now)


async def test_technician_gets_the_pin_from_the_card_and_the_phone_forgets_it(world: World) -> None:
    technician, admin = await world.player("technician"), await world.player("admin")
    task = await world.field.a_task()
    offered = await technician.wait_for("Bisa Anda kerjakan?")
    assert "PIN" not in labels(offered)
    await world.field.move(task, AssignmentMove.ACCEPT)
    await technician.wait_for(lambda one: "PIN" in labels(one))

    await technician.tap("PIN")

    shown = await technician.wait_for("Ketik di layar PIN mesin")
    assert await opens(world, shown) is not None
    digits = re.sub(r"\D", "", re.findall(r"\d\d \d{3} \d{3}", shown["text"])[0])
    stored = await world.rows(
        "select row_to_json(d)::text from deliveries d where template = 'replies/pin' union all "
        "select row_to_json(e)::text from audit_events e union all "
        "select row_to_json(p)::text from maintenance_pins p"
    )
    assert stored
    assert not any(digits[2:] in row[0] or shown["text"] in row[0] for row in stored)
    await admin.send("/kenapa Grand Indonesia")
    await admin.wait_for("Technician meminta PIN")

    ((waits_s,),) = await world.rows(
        "select extract(epoch from due_at - now()) from deliveries where template = 'machinery/secret_gone'"
    )
    assert waits_s > 3600  # readable as long as it opens: there is no signal in the cellar
    await world.rows(
        "update deliveries set due_at = now() where template = 'machinery/secret_gone' returning id"
    )
    await technician.wait_for("Rahasia di pesan ini sudah dihapus")
    assert not any("Ketik di layar" in one.get("text", "") for one in await technician.messages())


async def test_a_machine_that_is_not_yours_gets_no_pin(world: World) -> None:
    operator, technician = await world.player("operator"), await world.player("technician")
    task = await world.field.a_task("Operator")
    await world.field.move(task, AssignmentMove.ACCEPT, "Operator")
    card = await operator.wait_for(lambda one: "PIN" in labels(one))
    await world.rows("update machine_grants set revoked_at = now() returning id")

    refused = await operator.tap("PIN", card)
    assert refused["show_alert"]
    assert "Anda tidak (lagi) punya akses ke RVM Mall Grand Indonesia" in refused["text"]
    await technician.send("/pin")
    await technician.wait_for("Belum ada mesin yang boleh Anda masuki")

    assert await world.rows("select 1 from maintenance_pins") == []


async def test_with_several_machines_the_command_asks_which_one(world: World) -> None:
    technician = await world.player("technician")
    for machine in (0, 1):
        await grant(world, "Technician", machine)

    await technician.send("/kodepin")
    await technician.wait_for("PIN untuk mesin yang mana?")
    await technician.tap(MACHINES[1].name)

    shown = await technician.wait_for("Ketik di layar PIN mesin")
    assert MACHINES[1].name in shown["text"]
    assert await opens(world, shown, 1) is not None
    assert await opens(world, shown, 0) is None


async def test_the_word_pin_is_for_the_task_it_names(world: World) -> None:
    technician = await world.player("technician")
    task = await world.field.a_task()
    await world.field.move(task, AssignmentMove.ACCEPT)
    await grant(world, "Technician", 1)

    await technician.offline()
    await technician.send(f"pin #{task.assignment_id}")
    await technician.online()
    shown = await technician.wait_for("Ketik di layar PIN mesin")
    assert MACHINES[0].name in shown["text"]
    await technician.send("🔑 PIN")
    await technician.wait_for("PIN untuk mesin yang mana?")
