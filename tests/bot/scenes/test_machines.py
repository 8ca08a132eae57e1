"""The fleet as admins see it, and runs that were ended from outside."""

from sqlalchemy import insert
from temporalio.client import WorkflowHandle

from db.chat.cards import ensure_card
from db.models.machines import LostRun
from db.session import SYSTEM
from domain.chat import Loudness, Thing
from tests.bot.scenes.world import World


async def test_fleet_list_leads_to_a_card_and_a_task(world: World) -> None:
    admin = await world.player("admin")
    await world.field.a_machine(2)

    await admin.send("/mesin")
    await admin.wait_for("Mesin (5)")
    await admin.tap("Blok M")
    await admin.wait_for("Penuh")
    await admin.tap("Sudah dikosongkan")
    await admin.wait_for("Admin: mesin sudah dikosongkan")
    await admin.tap("Beri tugas di sini")
    await admin.tap("Inspeksi")
    await admin.tap("Rendah")
    await admin.tap("Operator")
    await admin.tap("Besok")
    await admin.tap("08")
    await admin.tap("Lewati")
    await admin.tap("Kirim tugas")
    await admin.wait_for("Menunggu jawaban Operator")


async def test_lost_run_is_repaired_by_the_admin(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    task = await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")
    client = world.field.temporal.client
    lost: WorkflowHandle[object, object] = client.get_workflow_handle(f"assignment-{task.assignment_id}")
    await lost.terminate("pressed in the Temporal UI")
    async with world.field.database.transaction(SYSTEM) as session:
        number = await session.scalar(
            insert(LostRun)
            .values(
                organization_id=world.field.organization,
                workflow_id=f"assignment-{task.assignment_id}",
                thing=Thing.ASSIGNMENT,
                thing_id=task.assignment_id,
            )
            .returning(LostRun.id)
        )
        assert number is not None
        admin_id = world.field.people["Admin"]
        await ensure_card(
            session, Thing.LOST_RUN, number, admin_id, loudness=Loudness.SOUND, source="test-lost-run"
        )
    await admin.wait_for("Proses terhenti · Perawatan #1")
    assert "berakhir" in (await technician.tap("Terima"))["text"]

    await admin.tap("Jalankan lagi")

    await technician.tap("Terima")
    await technician.wait_for("Diterima")
