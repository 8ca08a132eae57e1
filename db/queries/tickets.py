"""Reading tickets, their timeline and their attachments."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.core import User
from db.models.helpdesk import (
    Pharmacy,
    Ticket,
    TicketActivity,
    TicketAttachment,
    TicketCategory,
    TicketModule,
)
from db.queries.relays import NOT_HELD
from db.queries.ticket_filters import TicketFilter, filtered
from domain.priorities import Priority
from domain.tickets import Effect, TicketMove, TicketSource, TicketStatus


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """A ticket as cards, lists and the API show it."""

    ticket_id: int
    number: str
    organization_id: int
    pharmacy_id: int
    pharmacy_name: str
    module_id: int
    module_name: str
    module_name_en: str
    category_id: int
    category_name: str
    category_name_en: str
    customer_id: int | None
    customer_name: str | None
    expert_id: int | None
    expert_name: str | None
    tech_id: int | None
    tech_name: str | None
    source: TicketSource
    status: TicketStatus
    priority: Priority
    effect: Effect | None
    title: str
    description: str
    pic_name: str | None
    contact: str | None
    app_version: str | None
    machine_id: int | None
    follows_id: int | None
    merged_into_id: int | None
    first_answer_due_at: datetime | None
    solution_due_at: datetime | None
    first_answered_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    first_answer_kept: bool | None
    solution_kept: bool | None
    rating: int | None
    rating_words: str | None
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def holder_name(self) -> str | None:
        """Who has it: the tech while it is with one, else the expert."""
        return self.tech_name or self.expert_name


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One line of a ticket's timeline (seed 003)."""

    activity_id: int
    at: datetime
    move: TicketMove
    from_status: TicketStatus | None
    to_status: TicketStatus
    user_id: int | None
    user_name: str | None
    is_internal: bool
    cause: str | None
    reason: str | None
    note: str | None
    details: dict[str, Any]


_CUSTOMER, _EXPERT, _TECH = aliased(User), aliased(User), aliased(User)
_OWN = tuple(name for name in TicketDetail.__slots__ if name in Ticket.__table__.c)


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Ticket,
            Pharmacy.name.label("pharmacy_name"),
            TicketModule.name.label("module_name"),
            TicketModule.name_en.label("module_name_en"),
            TicketCategory.name.label("category_name"),
            TicketCategory.name_en.label("category_name_en"),
            _CUSTOMER.name.label("customer_name"),
            _EXPERT.name.label("expert_name"),
            _TECH.name.label("tech_name"),
        )
        .join(Pharmacy, Pharmacy.id == Ticket.pharmacy_id)
        .join(TicketModule, TicketModule.id == Ticket.module_id)
        .join(TicketCategory, TicketCategory.id == Ticket.category_id)
        .outerjoin(_CUSTOMER, _CUSTOMER.id == Ticket.customer_id)
        .outerjoin(_EXPERT, _EXPERT.id == Ticket.expert_id)
        .outerjoin(_TECH, _TECH.id == Ticket.tech_id)
        .where(Ticket.deleted_at.is_(None))
    )


def _detail(row: Row[*tuple[Any, ...]]) -> TicketDetail:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column
    ticket = values.pop("Ticket")
    own = {name: getattr(ticket, name) for name in _OWN}
    return TicketDetail(ticket_id=ticket.id, **own, **values)


async def ticket_by_id(
    session: AsyncSession, ticket_id: int, wanted: TicketFilter | None = None
) -> TicketDetail | None:
    """Return a ticket the scope may see, and that a filter leaves."""
    query = filtered(_query(), wanted or TicketFilter()).where(Ticket.id == ticket_id)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _detail(row)


async def ticket_by_number(
    session: AsyncSession, number: str, wanted: TicketFilter | None = None
) -> TicketDetail | None:
    """Return a ticket the scope may see by what people call it (``PD-000123``)."""
    query = filtered(_query(), wanted or TicketFilter()).where(Ticket.number == number.upper())
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _detail(row)


async def list_tickets(
    session: AsyncSession, wanted: TicketFilter, *, limit: int = 50, offset: int = 0
) -> list[TicketDetail]:
    """Return tickets, the newest first."""
    rows = await session.execute(
        filtered(_query(), wanted).order_by(Ticket.id.desc()).limit(limit).offset(offset)
    )
    return [_detail(row) for row in rows]


async def count_tickets(session: AsyncSession, wanted: TicketFilter) -> int:
    """Return how many tickets ``list_tickets`` pages through."""
    query = select(func.count()).select_from(Ticket).where(Ticket.deleted_at.is_(None))
    return int(await session.scalar(filtered(query, wanted)) or 0)


async def timeline(
    session: AsyncSession, ticket_id: int, *, internal: bool, limit: int = 200
) -> list[ActivityLine]:
    """Return the last lines of a ticket's timeline, oldest first; ``internal``: those of the staff too."""
    query = (
        select(TicketActivity, User.name)
        .outerjoin(User, User.id == TicketActivity.user_id)
        .where(TicketActivity.ticket_id == ticket_id)
        .order_by(TicketActivity.id.desc())
        .limit(limit)
    )
    if not internal:
        query = query.where(TicketActivity.is_internal.is_(False), NOT_HELD)
    lines = [
        ActivityLine(
            activity_id=one.id,
            at=one.at,
            move=one.move,
            from_status=one.from_status,
            to_status=one.to_status,
            user_id=one.user_id,
            user_name=name,
            is_internal=one.is_internal,
            cause=one.cause,
            reason=one.reason,
            note=one.note,
            details=dict(one.details),
        )
        for one, name in await session.execute(query)
    ]
    return lines[::-1]


async def line_of(session: AsyncSession, ticket_id: int, source: str) -> int | None:
    """Return the number of the line that a source wrote."""
    query = select(TicketActivity.id).where(
        TicketActivity.ticket_id == ticket_id, TicketActivity.source == source
    )
    return await session.scalar(query)


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A file of a ticket; ``file_id`` is None once it was removed."""

    attachment_id: int
    file_id: int | None
    user_id: int | None
    name: str
    kind: str
    is_internal: bool
    removed_at: datetime | None
    created_at: datetime


async def attachments(session: AsyncSession, ticket_id: int, *, internal: bool) -> list[AttachmentLine]:
    """Return a ticket's attachments in the order they came; removed ones keep their line."""
    query = select(TicketAttachment).where(TicketAttachment.ticket_id == ticket_id)
    if not internal:
        query = query.where(TicketAttachment.is_internal.is_(False))
    return [
        AttachmentLine(
            attachment_id=row.id,
            file_id=row.file_id,
            user_id=row.user_id,
            name=row.name,
            kind=row.kind,
            is_internal=row.is_internal,
            removed_at=row.removed_at,
            created_at=row.created_at,
        )
        for row in await session.scalars(query.order_by(TicketAttachment.id))
    ]
