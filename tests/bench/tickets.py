"""Tickets with running clocks (issue 4): from a warning's deadline to the timeline's line about it."""

from sqlalchemy import text

from domain.business_time import Calendar, Hours
from domain.clocks import WARN_AT_SHARE
from domain.defaults import TIME_ZONE
from domain.local_time import MINUTES_A_DAY
from domain.tickets import TicketPolicy, TicketStatus
from tests.bench.desks import add_desk, open_ticket
from tests.bench.figures import Row
from tests.bench.timers import Timed, measure_timed
from tests.bench.world import FAR_OFF_S, World

CUSTOMERS = 50
NUMBER = 1_000
"""Of the desk: none that the relays use."""
DAYS = range(7)
CALENDAR = Calendar(
    TIME_ZONE,
    hours=[Hours(day, 0, MINUTES_A_DAY) for day in DAYS],
    holidays=[f"2025-{month:02}-17" for month in range(1, 13)],
)
"""Never closed at any hour of measuring, but reckoned day by day as an organization's is."""

_WARNED = text(
    f"""
    select extract(epoch from coalesce(d.created_at, now())
        - (t.created_at + (t.first_answer_due_at - t.created_at) * {WARN_AT_SHARE})) as lag,
      d.id is not null and a.id is not null as written
    from unnest(cast(:numbers as bigint[])) with ordinality as given(id, place)
    join tickets t on t.id = given.id
    left join ticket_activities a on a.ticket_id = t.id and a.move = 'warn'
    left join deliveries d on d.source = 'ticket-' || t.number || '-' || a.source
    order by given.place
    """  # noqa: S608 - constants of this module
)
"""The holder's card is made due in the transaction of the line, which keeps the database's clock."""


async def measure(world: World) -> list[Row]:
    """Open tickets that somebody has, both clocks running; three quarters of a first answer run out."""
    desk = await add_desk(world, NUMBER, CUSTOMERS)

    async def ticket(at: World, place: int, due_s: float) -> int:
        policy = TicketPolicy(due_s / WARN_AT_SHARE, 10 * FAR_OFF_S, CALENDAR, CALENDAR)
        holder = at.technicians[place % len(at.technicians)]
        held = {
            "policy": policy,
            "status": TicketStatus.IN_REVIEW,
            "expert_id": holder.user_id,
            "expert_name": holder.name,
        }
        return (await open_ticket(at, desk, desk.customers[place % CUSTOMERS], **held)).ticket_id

    timed = Timed("clocks of tickets", "tickets with two running clocks", "warning", ticket, _WARNED)
    return await measure_timed(world, timed)
