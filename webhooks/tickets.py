"""Tickets of the pharmacy helpdesk (seed 003)."""

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from db.helpdesk_audit import By
from db.queries.helpdesk import categories, modules
from db.queries.new_tickets import NewTicket, new_ticket
from db.queries.pharmacies import PharmacyDetail, customers_of, pharmacy_by_id
from db.queries.ticket_figures import summary
from db.queries.ticket_filters import TicketFilter
from db.queries.tickets import count_tickets, list_tickets
from db.session import SYSTEM
from db.ticket_deletions import delete_ticket
from domain.errors import InvalidInput, NotAllowed, NotFound
from domain.priorities import Priority
from domain.roles import Permission, Reach
from domain.tickets import PRIORITY_OF, TicketDraft, TicketMove, TicketSource, TicketStatus
from webhooks.answers import settled
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Page, Paged, PathId, QueryId, Reason, Search
from webhooks.state import Web, WebState
from webhooks.ticket_changes import order_of
from webhooks.ticket_rows import PLACE, command, is_staff, moved, visible_ticket
from webhooks.ticket_shapes import SummaryOut, TicketChange, TicketIn, TicketOut, TicketViewOut

router = APIRouter(prefix="/tickets", tags=["helpdesk"])


class Narrowing:
    """The filters of lists and numbers of tickets."""

    def __init__(  # noqa: PLR0913 - each is one filter
        self,
        *,
        status: Annotated[list[TicketStatus] | None, Query(description="Repeat it for several.")] = None,
        priority: Annotated[list[Priority] | None, Query(description="Repeat it for several.")] = None,
        category_id: QueryId = None,
        module_id: QueryId = None,
        pharmacy_id: QueryId = None,
        holder_id: QueryId = None,
        search: Search = "",
    ) -> None:
        self._given = TicketFilter(
            pharmacies=None if pharmacy_id is None else (pharmacy_id,),
            statuses=status or (),
            priorities=priority or (),
            module_id=module_id,
            category_id=category_id,
            holder_id=holder_id,
            search=search,
        )

    def seen_by(self, caller: Caller) -> TicketFilter:
        """Return the filter for what a caller sees; raises ``NotAllowed``."""
        return dataclasses.replace(self._given, sight=caller.sight)


Narrowed = Annotated[Narrowing, Depends()]


@router.get("", summary="Tickets that the caller sees")
async def list_all(web: Web, caller: Reader, paging: Paged, narrowed: Narrowed) -> Page[TicketOut]:
    """Newest first. Customers: their pharmacy's; techs: what was forwarded; experts and admins: all."""
    wanted = narrowed.seen_by(caller)
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = await list_tickets(session, wanted, limit=paging.limit, offset=paging.offset)
        total = await count_tickets(session, wanted)
    items = [TicketOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/summary", summary="The dashboard's numbers")
async def get_summary(web: Web, caller: Reader, narrowed: Narrowed) -> SummaryOut:
    """Of what the caller sees, with the filters of the list."""
    async with web.settings.database.transaction(caller.tenants) as session:
        return SummaryOut.model_validate(await summary(session, narrowed.seen_by(caller)))


@router.post("", summary="Open a ticket", status_code=201)
async def create(body: TicketIn, web: Web, caller: Writer, move: Move, response: Response) -> TicketViewOut:
    """Its clocks run from now. `Location` says where it is."""
    pharmacy = await _pharmacy(web, caller, body)
    order = await _new(web, caller, pharmacy, body)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        state = await new_ticket(session, order, source.text)
    place = response.headers["Location"] = f"{PLACE}/{state.ticket_id}"
    view = await settled(web.settings.gateway.tickets.open(source.text, state), see=place)
    return TicketViewOut.model_validate(view)


@router.get("/{ticket_id}", summary="One ticket")
async def get_one(ticket_id: PathId, web: Web, caller: Reader) -> TicketOut:
    """404 also for what the caller does not see."""
    return TicketOut.model_validate(await visible_ticket(web, caller, ticket_id))


@router.put("/{ticket_id}", summary="Move or sort a ticket")
@router.patch("/{ticket_id}", summary="Move or sort a ticket")
async def change(
    ticket_id: PathId, body: TicketChange, web: Web, caller: Writer, move: Move
) -> TicketViewOut:
    """One verb a request; a `status` that no verb leads to is 409."""
    ticket = await visible_ticket(web, caller, ticket_id)
    order = await order_of(web, caller, ticket, body)
    return await moved(web, await move.take(), ticket, order)


@router.delete("/{ticket_id}", summary="Close a ticket, or take a closed one off the lists")
async def delete(  # noqa: PLR0913 - the dependencies of a move
    *, ticket_id: PathId, web: Web, caller: Writer, move: Move, reason: Reason = "", note: Reason = ""
) -> TicketViewOut:
    """Admins take a closed one off every list. An open one is closed: by staff with a `reason`."""
    ticket = await visible_ticket(web, caller, ticket_id)
    if ticket.status != TicketStatus.CLOSED:
        order = command(caller, ticket, TicketMove.CLOSE, reason=reason, note=note)
        return await moved(web, await move.take(), ticket, order)
    caller.require(Permission.MANAGE_HELPDESK, ticket.organization_id)
    source = await move.take()
    async with web.settings.database.transaction(SYSTEM) as session:
        await delete_ticket(session, ticket.ticket_id, By(caller.person.user_id, source.text))
    return TicketViewOut.model_validate(ticket)


async def _pharmacy(web: WebState, caller: Caller, body: TicketIn) -> PharmacyDetail:
    """Return the pharmacy that is meant: the named one, else a customer's own."""
    own = caller.sight.pharmacies
    number = body.pharmacy_id or (own[0] if len(own) == 1 else None)
    if number is None:
        raise InvalidInput(field="pharmacy_id", problem="missing")
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await pharmacy_by_id(session, number)
    if found is None or not found.is_active:
        raise NotFound(noun="pharmacy")
    caller.require(Permission.OPEN_TICKETS, found.organization_id)
    return found


async def _new(web: WebState, caller: Caller, pharmacy: PharmacyDetail, body: TicketIn) -> NewTicket:
    """Return what is opened.

    Raises:
        NotAllowed: a tech opens internal ones only (WORDS 1), a customer none of these.
        InvalidInput: module, category or customer do not hold there.
    """
    me, organization = caller.person, pharmacy.organization_id
    staff = is_staff(caller, organization)
    only_internal = staff and me.reach(Permission.WORK_ON_TICKETS, organization) == Reach.OWN
    if (body.internal and not staff) or (only_internal and not body.internal):
        raise NotAllowed(permission=Permission.OPEN_TICKETS.value)
    async with web.settings.database.transaction(SYSTEM) as session:
        customers = await customers_of(session, pharmacy.pharmacy_id)
        known = {
            "module_id": {one.id for one in await modules(session, organization)},
            "category_id": {one.id for one in await categories(session, organization)},
            "customer_id": {number for number, _ in customers},
        }
    for field, numbers in known.items():
        if getattr(body, field) not in (None, *numbers):
            raise InvalidInput(field=field, problem="unknown_choice")
    source = TicketSource.CUSTOMER if not staff else TicketSource.TEAM_EXPERT
    draft = TicketDraft(body.description, body.effect, body.pic_name, body.contact, body.app_version)
    return NewTicket(
        pharmacy_id=pharmacy.pharmacy_id,
        opened_by=me.user_id,
        source=TicketSource.INTERNAL if body.internal else source,
        priority=body.priority or (PRIORITY_OF[body.effect] if body.effect else Priority.MEDIUM),
        module_id=body.module_id,
        category_id=body.category_id,
        draft=draft,
        customer_id=None if body.internal else body.customer_id if staff else me.user_id,
        title=body.title,
    )
