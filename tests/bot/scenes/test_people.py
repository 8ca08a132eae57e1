"""Who may come in, who may not any more, and what strangers are told."""

import re

from db.people import create_invite
from db.session import SYSTEM
from domain.roles import Role
from tests.bot.scenes.world import World


async def invited(world: World, name: str, role: str) -> str:
    """Let the admin invite somebody and return the link's code."""
    admin = await world.player("admin")
    await admin.send("/undang")
    await admin.wait_for("siapa namanya")
    await admin.send(name)
    await admin.tap(role)
    link = await admin.wait_for("Tautan untuk")
    copied = (await admin.tap("Salin tautan"))["copied"]
    assert copied in link["text"]
    found = re.fullmatch(r"https://t\.me/siaga_sim_bot\?start=([A-Z0-9-]+)", copied)
    assert found is not None
    return found[1]


async def test_invited_technician_works_after_the_inviter_confirmed(world: World) -> None:
    code = await invited(world, "Sari <3", "Teknisi")
    sari = await world.stranger("Sari", username="sari", language_code="id")
    await sari.start(code)
    await sari.wait_for("perlu memastikan")
    await sari.send("/tugas")
    await sari.wait_for("belum mengenal Anda")

    admin = await world.player("admin")
    card = await admin.wait_for("Sari (@sari) membuka tautan untuk Teknisi")
    assert "Benarkah ini Sari <3?" in card["text"]
    await admin.tap("Ya, benar")

    await sari.wait_for("Selamat bergabung")
    await admin.wait_for("Sudah bergabung")
    await sari.send("/tugas")
    await sari.wait_for("Tidak ada tugas")
    await sari.send("/saya")
    await sari.wait_for("Teknisi · Siaga Daur Ulang Jakarta")


async def test_forwarded_used_and_unknown_links_are_refused(world: World) -> None:
    code = await invited(world, "Sari", "Operator")
    sari, thief = await world.stranger("Sari"), await world.stranger("Maling", language_code="en")
    await sari.start(code)
    await sari.wait_for("memastikan")

    await thief.start(code)
    await thief.wait_for("works once and has been used")
    await thief.start("nonsense")
    await thief.wait_for("not known")

    admin = await world.player("admin")
    await admin.tap("Bukan")
    await admin.wait_for("Ditolak")
    await sari.start(code)
    await sari.wait_for("sudah dipakai")


async def test_strangers_and_roles_without_work_get_an_honest_hello(world: World) -> None:
    stranger = await world.stranger("Passer-by", language_code="en")
    await stranger.start()
    await stranger.wait_for("I do not know you yet")
    await stranger.send("/help")
    await stranger.wait_for("open the invitation link")
    john = await world.player("john")
    await john.wait_for("no work in this chat for your role")


async def test_language_is_chosen_by_button(world: World) -> None:
    technician = await world.player("technician")
    await technician.send("/bahasa")
    await technician.tap("English")
    await technician.wait_for("I speak English")
    await technician.send("/bantuan")
    await technician.wait_for("What you can do")
    await technician.send("/cancel")
    await technician.wait_for("No form is open")


async def test_suspended_technician_is_cut_off_and_the_work_comes_back(world: World) -> None:
    admin, technician = await world.player("admin"), await world.player("technician")
    await world.field.a_task()
    await technician.tap("Terima")
    await technician.wait_for("Diterima")

    await admin.send("/orang")
    people = await admin.wait_for("Orang (")
    number = next(line.split(".")[0] for line in people["text"].splitlines() if "Technician" in line)
    await admin.tap(number)
    await admin.tap("Hentikan akses")
    await admin.tap("Ya, hentikan akses")

    await admin.wait_for("Akses Technician dihentikan. 1 tugasnya kembali")
    await admin.wait_for("akses dihentikan oleh Admin")
    await technician.send("/tugas")
    await technician.wait_for("Akses Anda sedang dihentikan")

    await admin.send("/pulihkan")
    await admin.tap("Technician")
    await admin.tap("Ya, pulihkan akses")
    await admin.wait_for("dipulihkan")
    await technician.send("/tugas")
    await technician.wait_for("Tidak ada tugas")


async def test_first_super_admin_is_linked_at_once(world: World) -> None:
    async with world.field.database.transaction(SYSTEM) as session:
        _, code = await create_invite(
            session, name="Ratna", role=Role.SUPER_ADMIN, organization_id=None, invited_by=None
        )
    ratna = await world.stranger("Ratna", language_code="en")

    await ratna.start(code)

    await ratna.wait_for("Welcome, Ratna. You are super admin")
    await ratna.send("/fleet")
    await ratna.wait_for("Machines (5)")


async def test_super_admin_is_asked_for_the_organization(world: World) -> None:
    boss = await world.player("super_admin")
    await boss.send("/invite")
    await boss.tap("Mitra Lestari")
    await boss.wait_for("what is their name")
    await boss.send("Tono")
    await boss.tap("Super admin")
    link = await boss.wait_for("Link for Tono")
    assert "Mitra Lestari" in link["text"]
