"""Writing drafts: what a customer has said and not sent has no workflow (decision 39)."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.files import share
from db.models.helpdesk import Pharmacy, Ticket
from db.models.intake import TicketDraftRow
from domain.errors import Closed, InvalidInput, NotFound
from domain.ticket_drafts import DRAFT_HOURS, PARTS_MOST, DraftPart, DraftStep
from domain.tickets import Effect

_ROW = TicketDraftRow


@dataclasses.dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft that a customer's message, or ``/new``, opens."""

    organization_id: int
    pharmacy_id: int
    user_id: int
    chat_id: int
    source: str
    parts: Sequence[DraftPart] = ()
    step: DraftStep = DraftStep.READY
    follows_id: int | None = None


async def open_draft(session: AsyncSession, new: NewDraft) -> int:
    """Open a draft with what was told last time, in place of one whose time is over; return its number.

    Raises:
        NotFound: no such pharmacy, or it is not served any more.
    """
    known = await session.scalar(select(_ROW.id).where(_ROW.source == new.source))
    if known is not None:
        return known
    pharmacy = await session.get(Pharmacy, new.pharmacy_id)
    if pharmacy is None or pharmacy.deleted_at is not None or not pharmacy.is_active:
        raise NotFound(noun="pharmacy")
    await session.execute(
        update(_ROW).where(_ROW.user_id == new.user_id, _ROW.closed_at.is_(None)).values(closed_at=func.now())
    )
    contact = await session.scalar(
        select(Ticket.contact)
        .where(Ticket.customer_id == new.user_id, Ticket.pharmacy_id == new.pharmacy_id)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    row = _ROW(
        organization_id=new.organization_id,
        pharmacy_id=new.pharmacy_id,
        user_id=new.user_id,
        chat_id=new.chat_id,
        source=new.source,
        step=new.step,
        parts=[dataclasses.asdict(part) for part in new.parts],
        app_version=pharmacy.app_version or "",
        contact=contact or pharmacy.phone or "",
        follows_id=new.follows_id,
        expires_at=datetime.now(UTC) + timedelta(hours=DRAFT_HOURS),
    )
    session.add(row)
    await session.flush()
    return row.id


async def add_parts(session: AsyncSession, draft_id: int, user_id: int, parts: Sequence[DraftPart]) -> None:
    """Add messages; one that is there already is not added again.

    Raises:
        Closed: the draft was sent, thrown away or is too old.
        InvalidInput: it holds as much as it may.
    """
    row = await _open(session, draft_id, user_id)
    there = {part["message_id"] for part in row.parts}
    new = [dataclasses.asdict(part) for part in parts if part.message_id not in there]
    if new and len(row.parts) + len(new) > PARTS_MOST:
        raise InvalidInput(field="draft", problem="full")
    words = [part["text"] for part in new if part["text"]]
    if row.words is not None and words:
        row.words = "\n".join([row.words, *words])
    row.parts = [*row.parts, *new]
    await session.flush()


async def edit_part(session: AsyncSession, draft_id: int, user_id: int, message_id: int, text: str) -> bool:
    """Change what a message of a draft says; return whether it is one of the draft's."""
    row = await _open(session, draft_id, user_id)
    if all(part["message_id"] != message_id for part in row.parts):
        return False
    row.parts = [part | {"text": text} if part["message_id"] == message_id else part for part in row.parts]
    await session.flush()
    return True


async def change(  # noqa: PLR0913 - each is one thing that can change
    session: AsyncSession,
    draft_id: int,
    user_id: int,
    *,
    step: DraftStep | None = None,
    effect: Effect | None = None,
    module_id: int | None = None,
    category_id: int | None = None,
    version: str | None = None,
    contact: str | None = None,
    words: str | None = None,
) -> None:
    """Change what is given; raises ``Closed`` like ``add_parts``."""
    row = await _open(session, draft_id, user_id)
    given = {
        "step": step,
        "effect": effect,
        "module_id": module_id,
        "category_id": category_id,
        "app_version": version,
        "contact": contact,
        "words": words,
    }
    for name, value in given.items():
        if value is not None:
            setattr(row, name, value)
    await session.flush()


async def put_at(session: AsyncSession, draft_id: int, user_id: int, pharmacy_id: int) -> None:
    """Let a draft be for another pharmacy, whose helpdesk gets its files; what was guessed is guessed anew.

    Raises:
        NotFound: no such pharmacy, or it is not served any more.
        Closed: like ``add_parts``.
    """
    row = await _open(session, draft_id, user_id)
    pharmacy = await session.get(Pharmacy, pharmacy_id)
    if pharmacy is None or pharmacy.deleted_at is not None or not pharmacy.is_active:
        raise NotFound(noun="pharmacy")
    files = [part["file_id"] for part in row.parts if part["file_id"] is not None]
    there = await share(session, files, pharmacy.organization_id)
    row.parts = [part | {"file_id": there.get(part["file_id"])} for part in row.parts]
    if row.pharmacy_id != pharmacy_id:
        row.organization_id, row.pharmacy_id = pharmacy.organization_id, pharmacy_id
        row.module_id = row.category_id = None
        row.app_version, row.contact = pharmacy.app_version or "", pharmacy.phone or ""
    row.step = DraftStep.READY
    await session.flush()


async def close(session: AsyncSession, draft_id: int, user_id: int, ticket_id: int | None = None) -> None:
    """End a draft; ``ticket_id``: what became of it, None when it is thrown away. Twice changes nothing."""
    await session.execute(
        update(_ROW)
        .where(_ROW.id == draft_id, _ROW.user_id == user_id, _ROW.closed_at.is_(None))
        .values(closed_at=func.now(), ticket_id=ticket_id)
    )


async def _open(session: AsyncSession, draft_id: int, user_id: int) -> TicketDraftRow:
    row = await session.scalar(
        select(_ROW).where(_ROW.id == draft_id, _ROW.user_id == user_id).with_for_update()
    )
    if row is None:
        raise NotFound(noun="draft")
    if row.closed_at is not None or row.expires_at <= datetime.now(UTC):
        raise Closed(noun="draft")
    return row
