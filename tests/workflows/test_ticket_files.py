"""What becomes of the files of tickets: taken off, or kept no longer, their bytes leave the store."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from db.files import record_document
from db.forgotten_files import forget_next
from db.session import SYSTEM
from db.settings import Changes, change
from db.store import LocalStore
from db.ticket_retention import NIGHT_HOUR, expire_attachments
from domain.tickets import TicketMove as Move
from tests.workflows.desk import JAKARTA, Desk
from tests.workflows.field import Field


class Shelf:
    """A byte store with what the database says about it."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder, self.store = desk, folder, LocalStore(folder)

    async def put(self, content: bytes) -> int:
        """Store a document long ago and return its number."""
        sha256 = self.store.put(content)
        os.utime(self.store.path(sha256), (0, 0))
        async with self.desk.field.database.transaction(SYSTEM) as session:
            return await record_document(
                session,
                sha256=sha256,
                media_type="application/pdf",
                size_bytes=len(content),
                organization_id=self.desk.organization,
            )

    async def swept(self) -> list[bytes]:
        """Let released files go and return what is left in the store."""
        after: int | None = 0
        while after is not None:
            async with self.desk.field.database.transaction(SYSTEM) as session:
                after = await forget_next(session, self.store, after)
        return sorted(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


async def test_bytes_go_with_their_last_use_and_stay_with_any_other(field: Field, tmp_path: Path) -> None:
    desk = await Desk.of(field)
    shelf = Shelf(desk, tmp_path)
    shared, alone = await shelf.put(b"shared"), await shelf.put(b"alone")
    first, second = await desk.a_ticket(file_ids=[shared, alone]), await desk.a_ticket(file_ids=[shared])

    for ticket, file in ((first, shared), (first, alone)):
        await desk.move(ticket, Move.DETACH, attachment_id=await attachment(desk, ticket.ticket_id, file))
    assert await shelf.swept() == [b"shared"]

    # Whoever brings the same bytes at that moment keeps them.
    await desk.move(second, Move.DETACH, attachment_id=await attachment(desk, second.ticket_id, shared))
    shelf.store.put(b"shared")
    assert await shelf.swept() == [b"shared"]
    assert await shelf.put(b"shared") == shared
    assert await shelf.swept() == [b"shared"]
    assert (await desk.moves(first)).count("detach") == 2


async def test_attachments_go_some_days_after_closing_as_the_organization_says(
    field: Field, tmp_path: Path
) -> None:
    desk = await Desk.of(field)
    shelf = Shelf(desk, tmp_path)
    old = await desk.a_ticket(file_ids=[await shelf.put(b"old")])
    recent = await desk.a_ticket(file_ids=[await shelf.put(b"recent")])
    for ticket in (old, recent):
        await desk.move(ticket, Move.CLOSE, by="Sari")
    night = datetime(2030, 5, 6, NIGHT_HOUR, 30, tzinfo=JAKARTA)

    async def at(now: datetime) -> int:
        async with field.database.transaction(SYSTEM) as session:
            for ticket, days in ((old, 41), (recent, 39)):
                await session.execute(
                    text("update tickets set closed_at = :at where id = :ticket"),
                    {"at": now - timedelta(days=days), "ticket": ticket.ticket_id},
                )
            return await expire_attachments(session, now)

    assert await at(night) == 0
    async with field.database.transaction(SYSTEM) as session:
        forty = Changes({"ticket_files_days": 40.0})
        await change(session, desk.organization, forty, actor_id=field.people["Maya"], source="tg-1")
    assert await at(night + timedelta(hours=1)) == 0
    assert await at(night) == 1
    assert await at(night) == 0

    assert await shelf.swept() == [b"recent"]
    line = (await desk.story(old))[-1]
    assert (line.move, line.user_name, line.cause) == (Move.DETACH, None, "retention")
    assert (await desk.moves(recent))[-1] == "close"


async def attachment(desk: Desk, ticket_id: int, file: int) -> int:
    """Return the number under which a file is attached."""
    query = text("select id from ticket_attachments where ticket_id = :ticket and file_id = :file")
    async with desk.field.database.transaction(SYSTEM) as session:
        found = await session.scalar(query, {"ticket": ticket_id, "file": file})
    return int(found or 0)
