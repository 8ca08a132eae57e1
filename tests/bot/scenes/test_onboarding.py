"""A machine from the admin's form to service, with the technician on site and a box that answers."""

from db.queries.machines import MachineDetail, machine_by_id
from db.session import SYSTEM
from domain.edge import CheckName
from domain.handshake import HandshakeAnswer, HandshakeInput, HandshakeState, PresentedHardware
from tests.bot.scenes.field_day import without_undo
from tests.bot.scenes.world import World, jpeg
from tests.workflows.box import Box, running


async def newest_machine(world: World) -> MachineDetail:
    """Return the machine registered last."""
    async with world.field.database.transaction(SYSTEM) as session:
        number = (await world.rows("select max(id) from rvm_machines"))[0][0]
        found = await machine_by_id(session, number)
    assert found is not None
    return found


async def present(world: World, machine: MachineDetail, hardware: str) -> HandshakeState:
    """Let a box say hello for a machine."""
    start = HandshakeInput(
        edge_server_id=machine.edge_server_id,
        edge_id=machine.edge_id,
        organization_id=machine.organization_id,
        machine_id=machine.machine_id,
        machine_uuid=machine.uuid,
        machine_name=machine.name,
    )
    answer = await world.gateway.present_hardware(
        world.field.source(), start, PresentedHardware(hardware, {})
    )
    assert isinstance(answer, HandshakeAnswer)
    return answer.state


async def test_admin_registers_technician_installs_machine_goes_into_service(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await without_undo(world)

    await admin.send("/onboard")
    await admin.wait_for("apa namanya")
    await admin.send("RVM Pasar <Senen>")
    await admin.wait_for("Di mana mesin berdiri")
    await admin.send("-6,1745; 106,8451")
    await admin.wait_for("Apa alamatnya")
    await admin.send("Jl. Pasar Senen No. 3, lantai 2")
    await admin.wait_for("Nomor seri")
    await admin.send("RVM-JKT-001")
    await admin.wait_for("sudah dipakai mesin lain")
    await admin.send("RVM-JKT-077")
    await admin.wait_for("kapasitasnya")
    await admin.send("450")
    await admin.tap("Technician")
    await admin.tap("Besok")
    await admin.tap("10")
    await admin.tap("Daftarkan")
    card = await admin.wait_for("Mesin baru · RVM Pasar <Senen>")
    assert "Menunggu perangkat" in card["text"]
    await admin.tap("Lihat kunci")
    key = await admin.wait_for("Kunci API")
    assert (await admin.tap("Salin kunci"))["copied"] in key["text"]

    await technician.tap("Terima")
    await technician.wait_for("siaga edge setup")
    assert (await technician.tap("Salin perintah"))["copied"].startswith("siaga edge setup ")
    machine = await newest_machine(world)
    await technician.start(f"m_{machine.uuid.hex}")
    await technician.wait_for("QR mesin")
    async with running(
        world.field.temporal.client, machine.edge_id, Box({CheckName.DISK: "disk_low"})
    ) as box:
        assert await present(world, machine, "jetson-77") == HandshakeState.BOUND
        await technician.wait_for("❌ Disk: hampir penuh")
        await admin.wait_for("belum lulus")
        box.failing.clear()
        await technician.tap("Uji lagi")
        await technician.wait_for("Mesin online")
        await technician.photo(jpeg("teal"), caption="Selesai. Semua beres")
        await technician.wait_for("Terima kasih")

        await admin.wait_for("mulai beroperasi")
        await admin.wait_for("Beroperasi sejak")
        await admin.send("/kenapa RVM Pasar")
        story = await admin.wait_for("Admin mendaftarkan mesin")
        assert "Perangkat terhubung" in story["text"]


async def test_installation_whose_test_fails_is_completed_only_with_a_reason(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await without_undo(world)
    await world.field.a_registration(installer="Technician")
    machine = await newest_machine(world)
    await technician.tap("Terima")
    await technician.wait_for("untuk Anda")
    await technician.start(f"m_{machine.uuid.hex}")
    await technician.wait_for("QR mesin")
    async with running(world.field.temporal.client, machine.edge_id, Box({CheckName.CAMERA: "no_frame"})):
        await present(world, machine, "jetson-9")
        await technician.wait_for("❌ Kamera: tidak ada gambar")
        await technician.photo(jpeg("brown"), caption="done")
        await technician.wait_for("Uji mesin belum lulus.")
        await technician.send("Kamera pengganti datang besok, sudah disetujui Pak Budi di kantor pusat")

        await technician.wait_for("Terima kasih")
        await admin.wait_for("mulai beroperasi. Uji belum lulus, alasannya: Kamera pengganti")


async def test_second_hardware_waits_for_the_admin(world: World) -> None:
    admin = await world.player("admin")
    view = await world.field.a_registration()
    machine = await newest_machine(world)
    async with running(world.field.temporal.client, machine.edge_id, Box()):
        assert await present(world, machine, "jetson-1") == HandshakeState.BOUND
        assert await present(world, machine, "jetson-2") == HandshakeState.PENDING
        await admin.wait_for("Konflik perangkat")

        await admin.tap("Ganti perangkat")

        await admin.wait_for("Sudah dijawab oleh Admin")
        assert await present(world, machine, "jetson-2") == HandshakeState.BOUND
        assert view.machine_id == machine.machine_id


async def test_self_install_is_put_into_service_by_the_admin_and_can_be_cancelled_before(
    world: World,
) -> None:
    admin = await world.player("admin")
    view = await world.field.a_registration()
    machine = await newest_machine(world)
    await admin.wait_for("Pasang sendiri")

    await admin.tap("Kode pemasangan")
    await admin.wait_for("siaga edge setup")
    await admin.tap("Kunci baru")
    async with running(world.field.temporal.client, machine.edge_id, Box()):
        await present(world, machine, "jetson-5")
        await admin.tap("Operasikan mesin")
        await admin.wait_for("Beroperasi sejak")

    await world.field.a_registration(serial="RVM-NEW-2")
    await admin.wait_for("RVM-NEW-2")
    await admin.tap("Batalkan")
    await admin.tap("Ya, batalkan pendaftaran")
    await admin.wait_for("Pendaftaran dibatalkan")
    assert view.machine_id == machine.machine_id
