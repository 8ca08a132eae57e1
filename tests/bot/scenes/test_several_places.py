"""People with several roles or places are asked what they mean: nothing is taken for the first of them."""

from typing import Any

from siaga.simulator.person import Person, labels
from tests.bot.scenes.world import World, jpeg
from tests.workflows.desk import Desk


async def works_at(world: World, person: Person, pharmacy: str, helpdesk: str) -> None:
    """Make somebody a customer of a pharmacy that another helpdesk serves."""
    await world.rows(
        """
        with helpdesk as (
          insert into organizations (name) select cast(:helpdesk as varchar)
          where not exists (select from organizations where name = cast(:helpdesk as varchar)) returning id
        ), place as (
          insert into pharmacies (organization_id, name, phone)
          select id, cast(:pharmacy as varchar), '0361-9' from (
            select id from helpdesk union all
            select id from organizations where name = cast(:helpdesk as varchar)
          ) either
          returning id, organization_id
        )
        insert into memberships (user_id, organization_id, role, pharmacy_id)
        select a.user_id, place.organization_id, 'customer', place.id from place, telegram_accounts a
        where a.telegram_id = :telegram returning id
        """,
        helpdesk=helpdesk,
        pharmacy=pharmacy,
        telegram=person.id,
    )


async def ticket(world: World) -> Any:  # noqa: ANN401 - a row
    """Return the newest ticket with its pharmacy and the tenants of its files."""
    rows = await world.rows(
        """
        select t.number, t.title, p.name as pharmacy, t.organization_id,
          array(select distinct f.organization_id from ticket_attachments a join files f on f.id = a.file_id
                where a.ticket_id = t.id) as tenants
        from tickets t join pharmacies p on p.id = t.pharmacy_id order by t.id desc limit 1
        """
    )
    return rows[0]


async def send(person: Person, draft: dict[str, Any]) -> None:
    """Send a draft that is ready."""
    await person.tap("Kirim", draft)
    await person.tap("Masih bisa bekerja", await person.wait_for("tiket langsung terkirim"))
    await person.wait_for("📨 Terkirim")


async def test_who_has_two_pharmacies_is_asked_for_which_and_leaves_the_one_they_mean(world: World) -> None:
    sari = await world.player("customer")
    await works_at(world, sari, "Apotek Kedua", "Helpdesk Kedua")

    await sari.photo(jpeg("red"), caption="Stok minus sejak opname")
    asked = await sari.wait_for("Untuk siapa ini?")
    assert list(labels(asked)) == ["Apotek Sehat Sentosa", "Apotek Kedua", "Buang draf"]
    await sari.tap("Apotek Kedua", asked)
    draft = await sari.wait_for("Apotek: Apotek Kedua")
    assert "Kontak: 0361-9" in draft["text"]
    await send(sari, draft)
    row = await ticket(world)
    assert (row.pharmacy, row.tenants) == ("Apotek Kedua", [row.organization_id])

    await sari.send("/keluar")
    await sari.tap("Apotek Kedua", await sari.wait_for("Keluar dari apotek yang mana?"))
    await sari.tap("Ya, keluar", await sari.wait_for("Keluar dari Apotek Kedua?"))
    await sari.wait_for("Anda sudah keluar dari Apotek Kedua")
    await sari.send("/tiket")
    await sari.wait_for("Tiket Apotek Sehat Sentosa")


async def test_a_technician_who_is_a_customer_too_says_what_is_meant(world: World) -> None:
    desk = await Desk.of(world.field)
    technician = await world.player("technician")
    await works_at(world, technician, "Apotek Paman", "Pharmadesk")

    said = await technician.send("Printernya macet lagi")
    asked = await technician.wait_for("Untuk siapa ini?", after=said)
    assert list(labels(asked)) == ["Apotek Paman", "Ini soal pekerjaan", "Buang draf"]
    await technician.tap("Ini soal pekerjaan", asked)
    await technician.wait_for("/bantuan", after=said)
    again = await technician.send("Printer kasir macet")
    await technician.tap("Apotek Paman", await technician.wait_for("Untuk siapa ini?", after=again))
    await send(technician, await technician.wait_for("Apotek: Apotek Paman", after=again))
    row = await ticket(world)
    assert (row.title, row.pharmacy) == ("Printer kasir macet", "Apotek Paman")

    # One ticket is open: words go there only when they reply to it, or when they are told to.
    card = await technician.wait_for(f"{row.number} ·")
    await technician.send("Sudah dicoba dua kali", reply_to=card["message_id"])
    await technician.wait_for(
        lambda one: "Sudah dicoba dua kali" in one.get("text", "") and row.number in one["text"]
    )
    loose = await technician.send("Masih sama")
    await technician.tap(row.number, await technician.wait_for("tiket yang mana", after=loose))
    await world.settled()
    [open_ticket] = await world.rows("select id from tickets")
    lines = await world.rows("select note from ticket_activities where ticket_id = :id", id=open_ticket.id)
    assert {"Sudah dicoba dua kali", "Masih sama"} <= {line.note for line in lines}
    assert desk.organization


async def test_who_manages_two_helpdesks_says_which_one_works_in_the_group(world: World) -> None:
    maya, rina = await world.player("helpdesk_admin"), await world.player("expert")
    await world.rows(
        """
        with helpdesk as (insert into organizations (name) values ('Helpdesk Kedua') returning id)
        insert into memberships (user_id, organization_id, role)
        select a.user_id, helpdesk.id, 'admin' from helpdesk, telegram_accounts a
        where a.telegram_id = :telegram returning id
        """,
        telegram=maya.id,
    )
    chat = await world.group(maya, rina)

    await maya.send("/hubungkangrup", chat=chat)
    asked = await maya.wait_for("Helpdesk mana", chat=chat)
    assert "tidak mengizinkan" in (await rina.tap("Helpdesk Kedua", asked))["text"]
    await maya.tap("Helpdesk Kedua", asked)
    await maya.wait_for("terhubung", chat=chat)
    assert await world.rows(
        "select o.name from staff_groups g join organizations o on o.id = g.organization_id"
    ) == [("Helpdesk Kedua",)]
    again = await maya.send("/hubungkangrup", chat=chat)
    await maya.wait_for("terhubung", chat=chat, after=again)
