"""Handing somebody's work over: tasks, who dispatches, links and access, each once."""

from domain.assignments import AssignmentMove
from siaga.simulator.person import labels
from tests.bot.scenes.test_people import invited
from tests.bot.scenes.world import World


async def two_tasks_and_access(world: World) -> None:
    """Let the technician hold a task, be asked for another, and enter a machine by a grant by hand."""
    held = await world.field.a_task()
    await world.field.move(held, AssignmentMove.ACCEPT)
    await world.field.a_task()
    await world.rows(
        "insert into machine_grants (organization_id, user_id, rvm_machine_id, source) "
        "select m.organization_id, u.id, min(m.id), 'manual' from rvm_machines m, users u "
        "where u.name = 'Technician' group by 1, 2 returning id"
    )


async def test_everything_of_a_technician_and_of_an_admin_goes_to_successors(world: World) -> None:
    boss, admin = await world.player("super_admin"), await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    await two_tasks_and_access(world)
    code = await invited(world, "Sari", "Operator")

    await boss.send("/handover")
    await boss.tap("Siaga Daur Ulang")
    await boss.tap("Technician")
    await boss.tap("Operator", await boss.wait_for("Who takes over from Technician?"))
    plan = await boss.wait_for("Technician → Operator")
    assert "2 tasks offered to the successor" in plan["text"]
    assert "Access to 1 machine" in plan["text"]
    await boss.tap("Hand over with machine access", plan)
    done = await boss.wait_for("✅ Technician → Operator")
    assert "2 offered" in done["text"]
    assert "Access to 1 machine moved" in done["text"]
    told = await operator.wait_for("Super Admin menyerahkan pekerjaan Technician kepada Anda")
    assert "2 tugas ditawarkan" in told["text"]
    await technician.wait_for("sudah diberikan kepada orang lain")
    rights = await world.rows(
        "select u.name, g.revoked_at is null as live from machine_grants g join users u on u.id = g.user_id "
        "where g.source = 'manual' order by g.id"
    )
    assert [tuple(row) for row in rights] == [("Technician", False), ("Operator", True)]

    # The admin leaves: suspending offers to hand over what is still in the admin's name.
    await boss.send("/suspend")
    await boss.tap("Siaga Daur Ulang")
    whom = await boss.wait_for("Suspend whom?")
    await boss.tap("Admin", whom)
    await boss.tap("Yes, suspend")
    suspended = await boss.wait_for("2 dispatched by them")
    assert list(labels(suspended)) == ["🤝 Hand the work over"]
    await boss.tap("Hand the work over", suspended)
    await boss.tap("Super Admin", await boss.wait_for("Who takes over from Admin?"))
    await boss.tap("Hand over", await boss.wait_for("Admin → Super Admin"))
    await boss.wait_for("2 now dispatched by the successor")

    await operator.tap("Tolak")
    await operator.tap("Terlalu jauh")
    await boss.wait_for("Operator declined")
    sari = await world.stranger("Sari", language_code="id")
    await sari.start(code)
    await boss.wait_for("opened the link")
    assert not [one for one in await admin.messages() if "menolak" in one.get("text", "")]
