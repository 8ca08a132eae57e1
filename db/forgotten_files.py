"""Files that nothing shows any more leave the byte store (WORDS 5: bytes go, a line stays).

A row is *released* in the transaction that takes its last use away; the bytes go after it, and only then the
row. So a crash between the two forgets nothing, and whoever brings the same bytes again in the meantime
takes the release back (``db.files``).
"""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_USED = """
  exists (select from ticket_attachments where file_id = files.id)
  or exists (select from assignment_photos where file_id = files.id)
  or exists (select from technician_assignments where report_file_id = files.id)
  or exists (select from problem_reports where file_id = files.id)
  or exists (select from ticket_drafts where closed_at is null
    and parts @> jsonb_build_array(jsonb_build_object('file_id', files.id)))
  or exists (select from deliveries where state in ('due', 'sending', 'uncertain')
    and files.sha256 in (content ->> 'photo', content #>> '{document,sha256}'))
"""
_RELEASE = text(
    f"update files set released_at = now() where id = any(cast(:files as bigint[])) and not ({_USED})"  # noqa: S608
)
_NEXT = text(
    """
    select id, sha256 from files where released_at is not null and id > :after
    order by id limit 1 for update skip locked
    """
)
_STILL_USED = text(f"update files set released_at = null where id = :file and ({_USED}) returning id")  # noqa: S608
_NAMED_ELSEWHERE = text(
    "select exists (select from files where sha256 = :sha256 and id <> :file and released_at is null)"
)
_DELETE = text("delete from files where id = :file")


class Bytes(Protocol):
    """The byte store, as far as forgetting needs it."""

    def forget(self, sha256: str) -> bool:
        """Remove bytes; False: not yet."""
        ...


async def release(session: AsyncSession, file_ids: Iterable[int]) -> None:
    """Mark those of the files that nothing refers to any more: their bytes go within minutes."""
    await session.execute(_RELEASE, {"files": list(file_ids)})


async def forget_next(session: AsyncSession, store: Bytes, after: int) -> int | None:
    """Let the bytes and the row of the next released file go; return its number, None when there is none.

    Bytes that another row names, for example of another organization, stay in the store.
    """
    row = (await session.execute(_NEXT, {"after": after})).one_or_none()
    if row is None:
        return None
    if await session.scalar(_STILL_USED, {"file": row.id}):
        return int(row.id)
    elsewhere = await session.scalar(_NAMED_ELSEWHERE, {"sha256": row.sha256, "file": row.id})
    if elsewhere or await asyncio.to_thread(store.forget, row.sha256):
        await session.execute(_DELETE, {"file": row.id})
    return int(row.id)
