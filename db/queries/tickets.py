"""Reading tickets, their timeline and the dashboard's numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
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
from domain.priorities import Priority
from domain.tickets import OPEN_TICKETS, Effect, TicketMove, TicketSource, TicketStatus


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


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What a list is narrowed to; empty means everything the scope shows."""

    organizations: Sequence[int] | None = None
    pharmacies: Sequence[int] | None = None
    statuses: Sequence[TicketStatus] = ()
    priorities: Sequence[Priority] = ()
    module_id: int | None = None
    category_id: int | None = None
    holder_id: int | None = None
    search: str = ""
    """Words of title and description, every one of them."""


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


async def ticket_by_id(session: AsyncSession, ticket_id: int) -> TicketDetail | None:
    """Return a ticket the scope may see."""
    row = (await session.execute(_query().where(Ticket.id == ticket_id))).one_or_none()
    return None if row is None else _detail(row)


async def ticket_by_number(session: AsyncSession, number: str) -> TicketDetail | None:
    """Return a ticket the scope may see by what people call it (``PD-000123``)."""
    row = (await session.execute(_query().where(Ticket.number == number.upper()))).one_or_none()
    return None if row is None else _detail(row)


def _filtered(query: Select[*tuple[Any, ...]], wanted: TicketFilter) -> Select[*tuple[Any, ...]]:
    if wanted.organizations is not None:
        query = query.where(Ticket.organization_id.in_(wanted.organizations))
    if wanted.pharmacies is not None:
        query = query.where(Ticket.pharmacy_id.in_(wanted.pharmacies))
    if wanted.statuses:
        query = query.where(Ticket.status.in_(wanted.statuses))
    if wanted.priorities:
        query = query.where(Ticket.priority.in_(wanted.priorities))
    if wanted.module_id is not None:
        query = query.where(Ticket.module_id == wanted.module_id)
    if wanted.category_id is not None:
        query = query.where(Ticket.category_id == wanted.category_id)
    if wanted.holder_id is not None:
        query = query.where(or_(Ticket.expert_id == wanted.holder_id, Ticket.tech_id == wanted.holder_id))
    if wanted.search:
        words = func.to_tsvector("simple", Ticket.title + " " + Ticket.description)
        query = query.where(words.op("@@")(func.plainto_tsquery("simple", wanted.search)))
    return query


async def list_tickets(
    session: AsyncSession, wanted: TicketFilter, *, limit: int = 50, offset: int = 0
) -> list[TicketDetail]:
    """Return tickets, the newest first."""
    rows = await session.execute(
        _filtered(_query(), wanted).order_by(Ticket.id.desc()).limit(limit).offset(offset)
    )
    return [_detail(row) for row in rows]


async def count_tickets(session: AsyncSession, wanted: TicketFilter) -> int:
    """Return how many tickets ``list_tickets`` pages through."""
    query = select(func.count()).select_from(Ticket).where(Ticket.deleted_at.is_(None))
    return int(await session.scalar(_filtered(query, wanted)) or 0)


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
        query = query.where(TicketActivity.is_internal.is_(False))
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


async def attachments(session: AsyncSession, ticket_id: int, *, internal: bool) -> list[TicketAttachment]:
    """Return a ticket's attachments in the order they came; removed ones keep their line."""
    query = select(TicketAttachment).where(TicketAttachment.ticket_id == ticket_id)
    if not internal:
        query = query.where(TicketAttachment.is_internal.is_(False))
    return list(await session.scalars(query.order_by(TicketAttachment.id)))


@dataclass(frozen=True, slots=True)
class Summary:
    """The dashboard's numbers (seed 003)."""

    total: int
    by_status: dict[str, int]
    by_category: dict[str, int]
    by_module: dict[str, int]
    by_priority: dict[str, int]
    urgent_unsolved: int
    kept_share: float | None
    """Solutions within the promise, of those known; None while there are none."""


async def summary(session: AsyncSession, wanted: TicketFilter) -> Summary:
    """Return the numbers of the tickets a filter leaves, in one statement."""
    query = (
        _filtered(
            select(
                Ticket.status,
                Ticket.priority,
                TicketCategory.name,
                TicketModule.name,
                func.count().label("number"),
                func.count().filter(Ticket.solution_kept.is_(True)).label("kept"),
                func.count().filter(Ticket.solution_kept.is_not(None)).label("known"),
            ),
            wanted,
        )
        .select_from(Ticket)
        .join(TicketCategory, TicketCategory.id == Ticket.category_id)
        .join(TicketModule, TicketModule.id == Ticket.module_id)
        .where(Ticket.deleted_at.is_(None))
        .group_by(Ticket.status, Ticket.priority, TicketCategory.name, TicketModule.name)
    )
    tables: tuple[dict[str, int], ...] = ({}, {}, {}, {})
    urgent = kept = known = 0
    for status, priority, category, module, number, kept_here, known_here in await session.execute(query):
        for table, key in zip(tables, (status.value, category, module, priority.value), strict=True):
            table[key] = table.get(key, 0) + number
        kept, known = kept + kept_here, known + known_here
        urgent += number if priority == Priority.URGENT and status in OPEN_TICKETS else 0
    by_status, by_category, by_module, by_priority = tables
    return Summary(
        total=sum(by_status.values()),
        by_status=by_status,
        by_category=by_category,
        by_module=by_module,
        by_priority=by_priority,
        urgent_unsolved=urgent,
        kept_share=kept / known if known else None,
    )
