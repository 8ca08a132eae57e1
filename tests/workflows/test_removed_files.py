"""A file that staff removes is gone from the store, also when the first try to delete it fails."""

import asyncio

from sqlalchemy import text

from db.files import record_document
from db.queries.tickets import attachments
from db.session import SYSTEM
from db.store import LocalStore
from domain.tickets import TicketMove
from tests.waiting import eventually
from tests.workflows.desk import Desk
from tests.workflows.field import Field


async def test_bytes_of_a_removed_file_go_when_the_store_lets_them(field: Field, files: LocalStore) -> None:
    desk = await Desk.of(field)
    ticket = await desk.a_ticket()
    sha256 = files.put(b"a patient's name")
    async with field.database.transaction(SYSTEM) as session:
        number = await record_document(
            session, sha256=sha256, media_type="x", size_bytes=16, organization_id=desk.organization
        )
    await desk.move(ticket, TicketMove.ATTACH, "Sari", file_ids=[number])
    async with field.database.transaction(SYSTEM) as session:
        (line,) = await attachments(session, ticket.ticket_id, internal=True)
    where = files.path(sha256)
    where.unlink()
    where.mkdir()  # deleting fails until it is a file again

    removing = asyncio.create_task(
        desk.move(ticket, TicketMove.DETACH, attachment_id=line.attachment_id, source="removing")
    )

    async def rows() -> int:
        async with field.database.transaction(SYSTEM) as session:
            return int(await session.scalar(text("select count(*) from files where id = :n"), {"n": number}))

    await eventually(rows, lambda count: count == 0)
    where.rmdir()
    files.put(b"a patient's name")
    await removing
    assert not where.exists()
    assert (await desk.moves(ticket)).count("detach") == 1
