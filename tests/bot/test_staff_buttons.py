"""The staff's buttons are shown, and open their questions, exactly when the workflow would take the move."""

import itertools

import pytest

from bot.staff_moves import STAFFS_MOVES, may_ask, staffs_moves
from domain.errors import Refusal
from domain.people import Membership, Person
from domain.priorities import Priority
from domain.roles import Permission, Role
from domain.ticket_records import Sorting, TicketCommand
from domain.tickets import CloseReason, TicketMove, TicketState, TicketStatus
from tests.bot.samples.helpdesk import a_ticket
from tests.bot.samples.rows import NOW
from tests.bot.test_ticket_buttons import POLICY
from workflows.ticket_rules import check

RINA = Person(2, "Rina", "id", "Asia/Jakarta", memberships=(Membership(3, "Desk", Role.TEAM_EXPERT),))
DIMAS = Person(4, "Dimas", "id", "Asia/Jakarta", memberships=(Membership(3, "Desk", Role.TECH),))
STAFF = (RINA, DIMAS)


def accepts(state: TicketState, person: Person, move: TicketMove) -> bool:
    """Return whether the workflow takes a move with all that it needs."""
    solved = state.status == TicketStatus.SOLVED
    command = TicketCommand(
        move,
        person.user_id,
        person.name,
        actor_is_staff=True,
        actor_may_review=person.may(Permission.REVIEW_TICKETS, 3),
        note="ya",
        reason=CloseReason.OTHER if solved else CloseReason.SPAM,
        to_id=5,
        into="PD-000007",
        attachment_id=1,
        machine_id=3,
        sorting=Sorting(priority=Priority.LOW, policy=POLICY),
    )
    try:
        check(state, command, NOW)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("status", TicketStatus)
def test_the_staffs_buttons_are_those_the_workflow_takes(status: TicketStatus) -> None:
    for expert, tech in itertools.product((None, 2, 9), (None, 4, 9)):
        if (status == TicketStatus.OPEN and expert) or (status != TicketStatus.IN_PROGRESS and tech):
            continue
        closed_at = NOW if status == TicketStatus.CLOSED else None
        ticket = a_ticket(
            status=status,
            expert_id=expert,
            tech_id=tech,
            expert_name="Rina" if expert else None,
            tech_name="Dimas" if tech else None,
            closed_at=closed_at,
        )
        state = TicketState(
            ticket_id=123,
            number=ticket.number,
            organization_id=3,
            pharmacy_id=1,
            source=ticket.source,
            priority=ticket.priority,
            policy=POLICY,
            opened_by=11,
            title="",
            module_id=1,
            category_id=1,
            status=status,
            expert_id=expert,
            tech_id=tech,
            closed_at=closed_at,
        )
        shown, holder = staffs_moves(ticket), tech or expert
        for person, move in itertools.product(STAFF, STAFFS_MOVES):
            if move in shown and move != TicketMove.TAKE:
                assert may_ask(person, ticket, move) == accepts(state, person, move), (person.name, move)
            elif move == TicketMove.HAND_OVER:  # nobody has it yet: it is taken, not handed over
                assert move in shown or ticket.holder_name is None or status == TicketStatus.CLOSED
            elif move == TicketMove.TAKE:  # the holder's second tap changes nothing, and there is no first
                assert move in shown or not accepts(state, person, move) or holder == person.user_id
            elif move not in shown:
                assert not accepts(state, person, move), (person.name, move, expert, tech)
