"""File rows: which bytes belong to whom. The bytes are put into the store before the row names them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.images import Picture
from db.models.core import AuditEvent, File
from domain.chat import Thing

PHOTO_REFUSED = "photo_refused"
_SHARED = (
    *("sha256", "original_sha256", "media_type", "size_bytes"),
    *("width", "height", "look", "created_by"),
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file row; sizes in bytes and pixels."""

    file_id: int
    organization_id: int
    sha256: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None


def _stored(row: File) -> StoredFile:
    return StoredFile(
        row.id, row.organization_id, row.sha256, row.media_type, row.size_bytes, row.width, row.height
    )


async def record_picture(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    picture: Picture,
    *,
    sha256: str,
    organization_id: int,
    original_sha256: str | None = None,
    created_by: int | None = None,
    edge_server_id: int | None = None,
) -> tuple[StoredFile, bool]:
    """Record a stored picture; return it and whether the row is new: a tenant has each file once."""
    made = await session.scalar(
        insert(File)
        .values(
            organization_id=organization_id,
            sha256=sha256,
            original_sha256=original_sha256,
            media_type=picture.media_type,
            size_bytes=len(picture.content),
            width=picture.width,
            height=picture.height,
            look=picture.look,
            created_by=created_by,
            edge_server_id=edge_server_id,
        )
        .on_conflict_do_nothing()
        .returning(File)
    )
    if made is not None:
        return _stored(made), True
    again = update(File).where(File.organization_id == organization_id, File.sha256 == sha256)
    kept = await session.scalars(again.values(released_at=None).returning(File))
    return _stored(kept.one()), False


async def record_document(
    session: AsyncSession, *, sha256: str, media_type: str, size_bytes: int, organization_id: int
) -> int:
    """Record a stored document that was made here, and return its file id: a tenant has each file once."""
    made = await session.scalar(
        insert(File)
        .values(organization_id=organization_id, sha256=sha256, media_type=media_type, size_bytes=size_bytes)
        .on_conflict_do_update(
            index_elements=[File.organization_id, File.sha256],
            set_={"media_type": media_type, "released_at": None},
        )
        .returning(File.id)
    )
    return int(made or 0)


async def note_refused_photo(  # noqa: PLR0913 - each is a column
    session: AsyncSession, *, organization_id: int, assignment_id: int, actor_id: int, source: str, code: str
) -> None:
    """Record that a photo of a task was not taken in, and why: what the rate of good uploads counts."""
    await session.execute(
        insert(AuditEvent)
        .values(
            organization_id=organization_id,
            thing=Thing.ASSIGNMENT,
            thing_id=assignment_id,
            source=source,
            action=PHOTO_REFUSED,
            actor_id=actor_id,
            cause=code,
            at=func.now(),
        )
        .on_conflict_do_nothing()
    )


async def share(session: AsyncSession, file_ids: Sequence[int], organization_id: int) -> dict[int, int]:
    """Return the numbers of files in an organization, made where it has not named the same bytes yet."""
    found = {}
    for file_id in dict.fromkeys(file_ids):
        row = await session.get_one(File, file_id)
        if row.organization_id == organization_id:
            found[file_id] = file_id
            continue
        told = {name: getattr(row, name) for name in _SHARED}
        made = await session.scalar(
            insert(File)
            .values(organization_id=organization_id, **told)
            .on_conflict_do_update(
                index_elements=[File.organization_id, File.sha256], set_={"released_at": None}
            )
            .returning(File.id)
        )
        found[file_id] = made or 0
    return found


async def file_by_id(session: AsyncSession, file_id: int) -> StoredFile | None:
    """Return a file the scope may see."""
    row = await session.get(File, file_id)
    return None if row is None else _stored(row)
