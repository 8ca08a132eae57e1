"""A customer's button is shown exactly when its tap would be accepted (DESIGN 4)."""

import dataclasses
from datetime import timedelta

import pytest

from bot.cards.ticket import STARS, customers_moves, keyboard_for, promise_of
from bot.greetings import is_greeting, is_thanks
from bot.joining import code_in_link, looks_like_code
from domain import defaults
from domain.business_time import Calendar, Hours
from domain.chat import Thing
from domain.errors import Refusal
from domain.people import Membership, Person
from domain.roles import Role
from domain.ticket_records import TicketCommand
from domain.tickets import TicketMove, TicketPolicy, TicketState, TicketStatus
from tests.bot.samples.helpdesk import a_ticket
from tests.bot.samples.rows import NOW
from workflows.ticket_rules import check

CALENDAR = Calendar(defaults.TIME_ZONE, [Hours(*one) for one in defaults.SERVICE_HOURS])
POLICY = TicketPolicy(3600.0, 28800.0, CALENDAR, CALENDAR)
SARI = Person(
    11, "Sari", "id", "Asia/Jakarta", memberships=(Membership(3, "Desk", Role.CUSTOMER, 1, "Apotek"),)
)
OTHER = dataclasses.replace(SARI, memberships=(Membership(3, "Desk", Role.CUSTOMER, 2, "Lain"),))
ANYBODY = {
    TicketMove.ANSWER,
    TicketMove.CONFIRM,
    TicketMove.REOPEN,
    TicketMove.CLOSE,
    TicketMove.RATE,
    TicketMove.COMMENT,
}


@pytest.mark.parametrize("days", [0, 6, 8])
@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("status", TicketStatus)
def test_the_moves_shown_are_those_the_workflow_accepts(
    status: TicketStatus, *, merged: bool, days: int
) -> None:
    closed = status == TicketStatus.CLOSED
    closed_at = NOW - timedelta(days=days) if closed else None
    ticket = a_ticket(status=status, closed_at=closed_at, merged_into_id=7 if merged and closed else None)
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
        closed_at=closed_at,
        merged_into="PD-000007" if merged and closed else "",
    )

    shown = customers_moves(ticket, SARI, POLICY, NOW)

    for move in ANYBODY:
        command = TicketCommand(move, 11, "Sari", note="ya", rating=5)
        try:
            check(state, command, NOW)
        except Refusal:
            assert move not in shown, move
        else:
            assert move in shown, move
    assert customers_moves(ticket, OTHER, POLICY, NOW) == []
    buttons = [one.tap for row in keyboard_for(ticket, shown, Thing.TICKET) for one in row if one.tap]
    assert {tap.action for tap in buttons} <= {move.value for move in shown}
    assert bool(shown) == bool(buttons) or status == TicketStatus.IN_PROGRESS


def test_stars_are_asked_once() -> None:
    ticket = a_ticket(status=TicketStatus.CLOSED, closed_at=NOW)
    moves = customers_moves(ticket, SARI, POLICY, NOW)

    first = [one for row in keyboard_for(ticket, moves, Thing.TICKET) for one in row]
    rated = [
        one for row in keyboard_for(dataclasses.replace(ticket, rating=4), moves, Thing.TICKET) for one in row
    ]

    assert [one.tap.args for one in first if one.tap and one.tap.action == "rate"] == [
        (str(s),) for s in STARS
    ]
    assert [one.label for one in rated] == ["ticket_reopen"]


def test_a_promise_outside_hours_says_when_the_helpdesk_opens() -> None:
    sunday = NOW.replace(year=2026, month=11, day=29, hour=5, minute=0)
    ticket = a_ticket(first_answer_due_at=sunday + timedelta(hours=22))

    promise = promise_of(ticket, POLICY, sunday)

    assert promise is not None
    assert (promise.clock, promise.late) == ("first_answer", False)
    assert promise.opens_at is not None
    assert f"{promise.opens_at:%a %H:%M}" == "Mon 01:00"
    always = dataclasses.replace(POLICY, calendar=Calendar(defaults.TIME_ZONE, always=True))
    urgent = promise_of(ticket, always, sunday)
    assert urgent is not None
    assert urgent.opens_at is None


@pytest.mark.parametrize("text", ["halo", "Selamat pagi, Kak 🙏", "hi", "Good morning", "assalamualaikum"])
def test_greetings_open_no_ticket(text: str) -> None:
    assert is_greeting(text)
    assert not is_thanks(text)


@pytest.mark.parametrize(
    "text", ["halo, kasir macet", "selamat", "pagi ini printer mati", "test printer", "", "🙏"]
)
def test_what_tells_of_trouble_is_no_greeting(text: str) -> None:
    assert not is_greeting(text)


def test_thanks_and_codes_are_read() -> None:
    assert is_thanks("Terima kasih banyak, sudah normal lagi 🙏")
    assert is_thanks("ok makasih ya kak")
    assert is_thanks("Terima kasih, printernya sudah bisa cetak lagi")
    assert not is_thanks("Terima kasih, printernya belum bisa cetak")
    assert not is_thanks("terima kasih tapi masih error")
    assert code_in_link("p_SEHAT-2471") == "SEHAT-2471"
    assert code_in_link("p_" + "x" * 30) == ""
    assert looks_like_code(" sehat-2471 ")
    assert looks_like_code("SEHAT-KQMRTZ")
    assert not looks_like_code("e-mail")
