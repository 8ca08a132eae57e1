"""What a list of tickets is narrowed to: by who looks, by state, by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_

from db.models.helpdesk import Ticket
from domain.priorities import Priority
from domain.ticket_sight import Sight
from domain.tickets import TicketSource, TicketStatus

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What a list is narrowed to; empty means everything the scope shows."""

    sight: Sight | None = None
    """Whose look it is; None: the scope alone decides."""
    organizations: Sequence[int] | None = None
    pharmacies: Sequence[int] | None = None
    statuses: Sequence[TicketStatus] = ()
    priorities: Sequence[Priority] = ()
    module_id: int | None = None
    category_id: int | None = None
    holder_id: int | None = None
    search: str = ""
    """Words of title and description, or their beginnings, every one of them; or a number."""


def filtered(query: Select[*tuple[Any, ...]], wanted: TicketFilter) -> Select[*tuple[Any, ...]]:
    """Return the query with only the tickets that a filter leaves."""
    if wanted.sight is not None:
        query = query.where(_seen(wanted.sight))
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
        query = query.where(_said(wanted.search))
    return query


def _seen(sight: Sight) -> ColumnElement[bool]:
    free = and_(Ticket.status == TicketStatus.IN_PROGRESS, Ticket.tech_id.is_(None))
    own = or_(Ticket.tech_id == sight.user_id, Ticket.opened_by == sight.user_id, free)
    return or_(
        Ticket.organization_id.in_(sight.whole),
        and_(Ticket.organization_id.in_(sight.forwarded), own),
        and_(Ticket.pharmacy_id.in_(sight.pharmacies), Ticket.source != TicketSource.INTERNAL),
    )


def _said(search: str) -> ColumnElement[bool]:
    words = _WORD.findall(search)
    if not words:
        return false()
    said = func.to_tsvector("simple", Ticket.title + " " + Ticket.description)
    asked = func.to_tsquery("simple", " & ".join(f"{word}:*" for word in words))
    return or_(said.op("@@")(asked), Ticket.number == search.strip().upper())
