"""Being away from the helpdesk: off duty until a moment, and what becomes of the tickets in hand."""

from datetime import UTC, datetime
from typing import Any

from bot.context import SiagaContext
from bot.keyboards import Button, button
from bot.staff_moves import move, works_here
from db.duty import switch_duty
from db.queries.people import person_by_id
from db.queries.team import DutyNow, duty_now
from db.queries.ticket_filters import TicketFilter
from db.queries.tickets import TicketDetail, list_tickets
from domain.errors import NotAllowed, Refusal
from domain.roles import Permission
from domain.tickets import OPEN_TICKETS, TicketMove

ABOUT = "away"
HELD_MOST = 200


def desks(context: SiagaContext) -> tuple[int, ...]:
    """Return the helpdesks the person works for; raises ``NotAllowed`` when there is none."""
    found = context.me.organizations_with(Permission.WORK_ON_TICKETS)
    if not found:
        raise NotAllowed
    return found


async def tickets_in_hand(context: SiagaContext) -> list[TicketDetail]:
    """Return the open tickets that wait for this person."""
    me = context.me.user_id
    wanted = TicketFilter(organizations=desks(context), statuses=tuple(OPEN_TICKETS), holder_id=me)
    async with context.transaction() as session:
        found = await list_tickets(session, wanted, limit=HELD_MOST)
    return [one for one in found if (one.tech_id if one.tech_id is not None else one.expert_id) == me]


async def switch(context: SiagaContext, *, on: bool, until: datetime | None = None) -> None:
    """Put the person off duty at their helpdesks until a moment (None: until they are back), or on again."""
    now = datetime.now(UTC)
    async with context.transaction() as session:
        for number in desks(context):
            await switch_duty(session, context.me.user_id, number, on=on, now=now, until=until)


async def duties(context: SiagaContext) -> list[DutyNow]:
    """Return how the person stands at their helpdesks."""
    mine = desks(context)
    async with context.transaction() as session:
        found = await duty_now(session, context.me, datetime.now(UTC))
    return [one for one in found if one.organization_id in mine]


async def give(context: SiagaContext, source: str, to_id: int | None = None, to_name: str = "") -> int:
    """Hand every ticket in hand to a colleague, or back to the queue (None); return how many went.

    One move a ticket: its source makes a repeat safe. What ended or moved on meanwhile is left out, and what
    belongs to a helpdesk that the colleague does not work for.
    """
    given, held = 0, await tickets_in_hand(context)
    async with context.transaction() as session:
        colleague = await person_by_id(session, to_id) if to_id is not None else None
    if colleague is not None:
        held = [one for one in held if works_here(colleague.person, one.organization_id)]
    for ticket in held:
        mine = f"{source}-{ticket.ticket_id}"
        try:
            await move(context, mine, ticket, TicketMove.HAND_OVER, to_id=to_id, to_name=to_name)
        except Refusal:
            continue
        given += 1
    return given


def keyboard(held: list[TicketDetail], *, is_away: bool) -> list[list[Button]]:
    """Return what can be done with the tickets in hand, and the way back."""
    rows: list[list[Button]] = []
    if held and is_away:
        rows = [
            [button("away_colleague", ABOUT, "colleague"), button("away_queue", ABOUT, "queue")],
            [button("away_keep", ABOUT, "keep")],
        ]
    return [*rows, [button("away_back", ABOUT, "back", style="success")]] if is_away else rows


async def show(context: SiagaContext, *, edit: bool = False) -> None:
    """Say how it stands; who is away with tickets in hand is asked about them."""
    standing, held = await duties(context), await tickets_in_hand(context)
    is_away = not any(one.on for one in standing)
    words: dict[str, Any] = {"duties": standing, "away": is_away, "held": held}
    rows = keyboard(held, is_away=is_away)
    if edit:
        await context.edit("replies/away", keyboard=rows, **words)
    else:
        await context.reply("replies/away", keyboard=rows, **words)
