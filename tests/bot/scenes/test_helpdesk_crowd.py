"""Two hundred people write at once: of each ticket everything arrives, once, and in order, on both sides.

Telegram's limits for single chats are lifted, as a group would take a quarter of an hour with its twenty
messages a minute; what the token itself may send in a second holds.
"""

import pytest

from domain.tickets import TicketMove
from tests.bot.scenes.helpdesk_crowd import Crowd, Trouble
from tests.bot.scenes.world import World


# The SDK warns when a write that took too long has been queued instead; here warnings would end the worker.
@pytest.mark.filterwarnings("default:Cannot find activity to cancel")
@pytest.mark.timeout(300)
async def test_of_two_hundred_who_write_at_once_nothing_is_lost_doubled_or_out_of_order(world: World) -> None:
    crowd = await Crowd.of(world)
    assert sum(len(one.customers) + 1 for one in crowd.troubles) == 200

    await crowd.everybody_writes()
    await crowd.quiet()

    for trouble in crowd.troubles:
        by_customers, by_staff = await timeline(world, trouble)
        for customer in trouble.customers:
            assert [said for said in by_customers if said in trouble.lines(customer)] == trouble.lines(
                customer
            )
            assert await crowd.phone_says(trouble, customer) == by_staff == trouble.lines(trouble.expert)
            assert f"dalam T{trouble.number:02}" not in await crowd.phone_shows(customer)
        assert len(by_customers) == sum(len(trouble.lines(one)) for one in trouble.customers)
        assert await crowd.topic_says(trouble) == by_customers
    assert (
        await world.rows("select state, error from deliveries where state not in ('sent', 'dropped')") == []
    )


async def timeline(world: World, one: Trouble) -> tuple[list[str], list[str]]:
    """Return what the ticket's timeline keeps of the pharmacy's words, and of the staff's."""
    rows = await world.rows(
        "select user_id, note from ticket_activities where ticket_id = :ticket and move = :move order by id",
        ticket=one.ticket.ticket_id,
        move=TicketMove.COMMENT,
    )
    staff = one.expert.user_id
    return [row.note for row in rows if row.user_id != staff], [
        row.note for row in rows if row.user_id == staff
    ]
