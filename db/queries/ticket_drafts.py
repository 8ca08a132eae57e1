"""Reading drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.core import User
from db.models.helpdesk import Pharmacy, Ticket
from db.models.intake import TicketDraftRow
from domain.ticket_drafts import DraftPart, DraftStep, words_of
from domain.tickets import Effect


@dataclass(frozen=True, slots=True)
class DraftDetail:
    """A draft as its card shows it."""

    draft_id: int
    organization_id: int
    pharmacy_id: int
    pharmacy_name: str
    pic_name: str
    user_id: int
    chat_id: int
    step: DraftStep
    parts: Sequence[DraftPart]
    words: str
    """The description."""
    effect: Effect | None
    module_id: int | None
    category_id: int | None
    app_version: str
    contact: str
    follows_id: int | None
    follows_number: str | None
    ticket_number: str | None
    """What became of it."""
    closed_at: datetime | None
    expires_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it can still be sent."""
        return self.closed_at is None and self.expires_at > datetime.now(UTC)

    @property
    def file_ids(self) -> list[int]:
        """Return the stored files, in the order they came."""
        return [part.file_id for part in self.parts if part.file_id is not None]

    @property
    def file_message_ids(self) -> list[int]:
        """Return of each stored file the message that brought it."""
        return [part.message_id for part in self.parts if part.file_id is not None]

    @property
    def message_ids(self) -> list[int]:
        """Return the messages that said it, in the order they came."""
        return [part.message_id for part in self.parts]

    @property
    def files(self) -> dict[str, int]:
        """Return how many files of each kind came along, kept or only passed on."""
        kinds = [part.kind for part in self.parts if part.kind]
        return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


_ROW = TicketDraftRow
_FOLLOWED, _BECAME, _PIC = aliased(Ticket), aliased(Ticket), aliased(User)
_QUERY = (
    select(_ROW, Pharmacy.name, _PIC.name, _FOLLOWED.number, _BECAME.number)
    .join(Pharmacy, Pharmacy.id == _ROW.pharmacy_id)
    .outerjoin(_PIC, _PIC.id == Pharmacy.pic_id)
    .outerjoin(_FOLLOWED, _FOLLOWED.id == _ROW.follows_id)
    .outerjoin(_BECAME, _BECAME.id == _ROW.ticket_id)
)


async def draft_by_id(session: AsyncSession, draft_id: int) -> DraftDetail | None:
    """Return a draft."""
    row = (await session.execute(_QUERY.where(_ROW.id == draft_id))).one_or_none()
    return None if row is None else _detail(*row)


async def open_draft_of(session: AsyncSession, user_id: int) -> DraftDetail | None:
    """Return the draft that a person is writing."""
    query = _QUERY.where(
        _ROW.user_id == user_id, _ROW.closed_at.is_(None), _ROW.expires_at > datetime.now(UTC)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _detail(*row)


def _detail(
    row: TicketDraftRow, pharmacy: str, pic: str | None, follows: str | None, became: str | None
) -> DraftDetail:
    parts = [DraftPart(**part) for part in row.parts]
    return DraftDetail(
        draft_id=row.id,
        organization_id=row.organization_id,
        pharmacy_id=row.pharmacy_id,
        pharmacy_name=pharmacy,
        pic_name=pic or "",
        user_id=row.user_id,
        chat_id=row.chat_id,
        step=row.step,
        parts=parts,
        words=words_of(parts) if row.words is None else row.words,
        effect=row.effect,
        module_id=row.module_id,
        category_id=row.category_id,
        app_version=row.app_version,
        contact=row.contact,
        follows_id=row.follows_id,
        follows_number=follows,
        ticket_number=became,
        closed_at=row.closed_at,
        expires_at=row.expires_at,
    )
