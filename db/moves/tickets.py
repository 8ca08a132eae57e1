"""Writing tickets: the row, its line in the timeline and its attachments, in one transaction."""

from typing import Any

from sqlalchemy import func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.forgotten_files import release
from db.models.core import File
from db.models.helpdesk import Pharmacy, Ticket, TicketActivity, TicketAttachment
from db.queries.ticket_files import messages_of_file
from domain.ticket_records import TicketRecord
from domain.tickets import TicketMove

INTERNAL = frozenset(
    {
        TicketMove.NOTE,
        TicketMove.FORWARD,
        TicketMove.HAND_OVER,
        TicketMove.BACK,
        TicketMove.LINK,
        TicketMove.WARN,
    }
)
"""Moves whose words the customer never sees."""


async def record_activity(session: AsyncSession, record: TicketRecord) -> int | None:
    """Write the line of a move; return its number, None when this source was written before."""
    row = record.row
    return await session.scalar(
        insert(TicketActivity)
        .values(
            organization_id=row.organization_id,
            pharmacy_id=row.pharmacy_id,
            ticket_id=row.ticket_id,
            source=record.source,
            move=record.move,
            from_status=record.from_status,
            to_status=row.status,
            user_id=record.actor_id,
            is_internal=record.move in INTERNAL,
            cause=record.cause or None,
            reason=record.reason or None,
            note=record.note or None,
            details=dict(record.details) | _brought(record),
            at=record.at,
        )
        .on_conflict_do_nothing()
        .returning(TicketActivity.id)
    )


def _brought(record: TicketRecord) -> dict[str, Any]:
    """Return the files, and which messages said it and brought them.

    An edit, a reply to one of them, and the removal of a file find what they are about by this.
    """
    said = record.draft if record.draft is not None else record
    files = {"files": said.file_ids, "file_messages": said.file_message_ids}
    if said.origin_chat_id is None:
        return files
    return files | {"origin": {"chat": said.origin_chat_id, "messages": said.origin_message_ids}}


async def project(session: AsyncSession, record: TicketRecord) -> None:
    """Bring the row to what the record says; an older version never overwrites a newer one."""
    changing = _changing(record)
    if record.move == TicketMove.MERGE:
        into = select(Ticket.id).where(Ticket.number == record.merged_into)
        changing["merged_into_id"] = await session.scalar(into)
    there: dict[str, Any] = {name: literal_column(f"excluded.{name}") for name in changing}
    await session.execute(
        insert(Ticket)
        .values(**_fixed(record) | changing)
        .on_conflict_do_update(
            index_elements=[Ticket.id],
            set_=there | {"updated_at": func.now()},
            where=Ticket.version < literal_column("excluded.version"),
        )
    )
    draft = record.draft
    if draft is not None and draft.app_version:
        at = update(Pharmacy).where(Pharmacy.id == record.row.pharmacy_id)
        await session.execute(at.values(app_version=draft.app_version))


def _changing(record: TicketRecord) -> dict[str, Any]:
    """Return the columns that this move may change."""
    row = record.row
    changing: dict[str, Any] = {
        "module_id": row.module_id,
        "category_id": row.category_id,
        "priority": row.priority,
        "status": row.status,
        "expert_id": row.expert_id,
        "tech_id": row.tech_id,
        "first_answer_due_at": row.first_answer_due_at,
        "solution_due_at": row.solution_due_at,
        "first_answered_at": row.first_answered_at,
        "solved_at": row.solved_at,
        "closed_at": row.closed_at,
        "first_answer_kept": row.first_answer_kept,
        "solution_kept": row.solution_kept,
        "rating": row.rating,
        "version": row.version,
    }
    if record.move == TicketMove.RATE:
        changing["rating_words"] = record.note or None
    if record.move in (TicketMove.CLOSE, TicketMove.MERGE):
        changing["close_reason"] = record.note or record.reason or None
    if record.move == TicketMove.LINK:
        changing["machine_id"] = record.machine_id
    return changing


def _fixed(record: TicketRecord) -> dict[str, Any]:
    """Return the columns that are set when the row is made, and with the draft of the first move."""
    row, draft = record.row, record.draft
    fixed: dict[str, Any] = {
        "id": row.ticket_id,
        "number": row.number,
        "organization_id": row.organization_id,
        "pharmacy_id": row.pharmacy_id,
        "customer_id": row.customer_id,
        "opened_by": row.opened_by,
        "source": row.source,
        "title": row.title,
        "description": draft.description if draft else "",
        "created_at": record.at,
    }
    if draft is None:
        return fixed
    return fixed | {
        "effect": draft.effect,
        "pic_name": draft.pic_name or None,
        "contact": draft.contact or None,
        "app_version": draft.app_version or None,
        "machine_id": draft.machine_id,
        "follows_id": draft.follows_id,
    }


async def attach(session: AsyncSession, record: TicketRecord) -> None:
    """Add the files of a move to the ticket, in the order they came."""
    files = [*(record.draft.file_ids if record.draft else []), *record.file_ids]
    for file_id in files:
        media = await session.scalar(select(File.media_type).where(File.id == file_id)) or ""
        kind = {"image": "photo", "audio": "voice", "video": "video"}.get(media.split("/")[0], "document")
        await session.execute(
            insert(TicketAttachment)
            .values(
                organization_id=record.row.organization_id,
                pharmacy_id=record.row.pharmacy_id,
                ticket_id=record.row.ticket_id,
                file_id=file_id,
                user_id=record.actor_id,
                name=f"{kind}-{file_id}",
                kind=kind,
                is_internal=record.move == TicketMove.NOTE,
            )
            .on_conflict_do_nothing()
        )


async def detach(session: AsyncSession, record: TicketRecord) -> list[tuple[int, int]]:
    """Take an attachment off for good; its line stays with who and when (WORDS 5).

    Return the messages (chat, message) that brought the file: what was relayed of them is to go, too.
    """
    row = await session.scalar(
        select(TicketAttachment)
        .where(
            TicketAttachment.id == record.attachment_id,
            TicketAttachment.ticket_id == record.row.ticket_id,
            TicketAttachment.removed_at.is_(None),
        )
        .with_for_update()
    )
    if row is None or row.file_id is None:
        return []
    file_id = row.file_id
    row.file_id, row.removed_at, row.removed_by = None, record.at, record.actor_id
    await session.flush()
    await release(session, [file_id])
    return await messages_of_file(session, record.row.ticket_id, file_id)
