"""A task that nobody starts: who is called, who says that they have it, and what the others see then."""

from domain.escalations import Audience, Rung
from siaga.simulator.person import labels
from tests.bot.scenes.world import World
from tests.waiting import ended
from tests.workflows.ladders import a_ladder
from workflows.escalation import Escalation


async def test_one_takes_it_and_the_others_see_who(world: World) -> None:
    admin, boss = await world.player("admin"), await world.player("super_admin")
    technician = await world.player("technician")
    rungs = (Rung(Audience.HOLDER, 0), Rung(Audience.ADMINS, 0))
    ladder = await a_ladder(world.field, *rungs, urgent=True)

    reminded = await technician.wait_for("Bila tidak, pemberi tugas dipanggil")
    assert list(labels(reminded)) == ["Perawatan · RVM Mall Grand Indonesia"]
    called = await admin.wait_for("Siapa yang menangani?")
    assert list(labels(called))[:4] == [
        "Saya tangani",
        "Sudah saya lihat",
        "Tunda 15 menit",
        "Tunda 60 menit",
    ]
    await admin.tap("Tunda 15 menit")
    await boss.wait_for("Snoozed by Admin until")
    await boss.tap("I am on it")
    await admin.wait_for("Ditangani Super Admin")
    await admin.send(f"/kenapa {ladder.owner_id}")
    story = await admin.wait_for("Super Admin menangani panggilan")
    assert "Belum dimulai: Technician dipanggil (pelaksana)" in story["text"]
    assert "Admin menunda panggilan 15 menit" in story["text"]

    await ladder.handle.signal(Escalation.resolve, "start")
    await ended(ladder.handle)
    await boss.wait_for("Nothing is left to do here")
    await admin.wait_for("Tidak perlu tindakan lagi")
