"""Every way a ticket may go, its clocks included."""

import asyncio

import pytest
from temporalio.client import WorkflowExecutionStatus

from domain import ids
from domain.errors import AlreadyTaken, Closed, NotPossibleNow, Refusal
from domain.priorities import Priority
from domain.tickets import TicketMove as Move
from domain.tickets import TicketStatus as Status
from tests.workflows.desk import Desk, local
from tests.workflows.field import Field


@pytest.fixture
async def desk(field: Field) -> Desk:
    """A helpdesk on a Monday morning, half an hour before it opens: promises are whole hours from eight."""
    desk = await Desk.of(field)
    await desk.until(0, 7, 30)
    return desk


@pytest.mark.outcome("ticket-rated")
async def test_a_ticket_is_taken_forwarded_clarified_solved_confirmed_and_rated(desk: Desk) -> None:
    ticket = await desk.a_ticket()
    assert (local(ticket.first_answer_due_at), local(ticket.solution_due_at)) == ("Mon 09:00", "Mon 17:00")

    await desk.move(ticket, Move.TAKE)
    await desk.move(ticket, Move.FORWARD, to_id=desk.field.people["Dimas"], to_name="Dimas", note="Driver")
    asked = await desk.move(ticket, Move.ASK, by="Dimas", note="Printer mana?")
    assert (asked.status, asked.solution_due_at) == (Status.WAITING_CUSTOMER, None)
    answer = await desk.move(ticket, Move.COMMENT, by="Sari", note="Yang di kasir 2")
    assert answer.status == Status.IN_PROGRESS
    await desk.move(ticket, Move.SOLVE, by="Dimas", note="Driver dipasang ulang")
    await desk.move(ticket, Move.CONFIRM, by="Sari")
    await desk.move(ticket, Move.RATE, by="Sari", rating=5, note="Cepat!")

    row = await desk.row(ticket)
    assert (row.status, row.rating, row.rating_words) == (Status.CLOSED, 5, "Cepat!")
    assert (row.expert_name, row.tech_name) == ("Rina", "Dimas")
    assert (row.first_answer_kept, row.solution_kept) == (True, True)
    assert await desk.moves(ticket) == [
        "open", "take", "forward", "ask", "answer", "solve", "confirm", "rate",
    ]  # fmt: skip
    assert await desk.field.notices("Sari") == ["ticket_asked", "ticket_solved"]
    with pytest.raises(NotPossibleNow):
        await desk.move(ticket, Move.COMMENT, by="Sari", note="Terima kasih")

    await desk.field.skip(days=8)
    run = await desk.field.temporal.client.get_workflow_handle(ids.ticket_id(ticket.number)).describe()
    assert run.status == WorkflowExecutionStatus.COMPLETED
    with pytest.raises(Closed):
        await desk.move(ticket, Move.REOPEN, by="Sari")


@pytest.mark.outcome("ticket-silent")
async def test_the_clock_rests_while_the_customer_is_silent_who_is_reminded_twice(desk: Desk) -> None:
    ticket = await desk.a_ticket()
    await desk.move(ticket, Move.TAKE)
    await desk.until(0, 10)
    await desk.move(ticket, Move.ASK, note="Kasir yang mana?")

    await desk.until(2, 11)
    assert await desk.field.notices("Sari") == ["ticket_asked", "ticket_reminder", "ticket_reminder"]
    answered = await desk.move(ticket, Move.ANSWER, by="Sari", note="Kasir 2")
    assert (answered.status, local(answered.solution_due_at)) == (Status.IN_REVIEW, "Thu 09:00")

    await desk.move(ticket, Move.ASK, note="Versi berapa?")
    await desk.field.skip(days=4)
    row = await desk.row(ticket)
    assert (row.status, row.solution_kept) == (Status.CLOSED, True)
    assert (await desk.field.notices("Sari"))[-1] == "ticket_expired"

    again = await desk.move(ticket, Move.REOPEN, by="Sari", note="Masih macet")
    assert again.status == Status.IN_REVIEW
    assert again.expert_id == desk.field.people["Rina"]


@pytest.mark.outcome("ticket-breached")
async def test_what_nobody_answers_is_warned_of_then_breached_and_reopened_with_what_was_left(
    desk: Desk,
) -> None:
    ticket = await desk.a_ticket()

    await desk.until(0, 8, 50)
    assert await desk.moves(ticket) == ["open", "warn"]
    await desk.until(0, 9, 5)
    assert await desk.moves(ticket) == ["open", "warn", "breach"]
    await desk.move(ticket, Move.TAKE)
    await desk.move(ticket, Move.COMMENT, note="Kami periksa")
    assert (await desk.row(ticket)).first_answer_kept is False

    await desk.until(0, 16, 30)
    await desk.move(ticket, Move.SOLVE, note="Selesai")
    assert (await desk.row(ticket)).solution_kept is True
    back = await desk.move(ticket, Move.REOPEN, by="Sari", note="Belum")

    # Half an hour of eight was left; a quarter of the target is given at least.
    assert local(back.solution_due_at)[:6] == "Tue 09"


async def test_urgent_counts_round_the_clock_and_another_priority_moves_the_promise(desk: Desk) -> None:
    await desk.until(5, 20)
    urgent = await desk.a_ticket(Priority.URGENT)
    assert local(urgent.first_answer_due_at) == "Sat 20:15"

    sorted_anew = await desk.move(
        urgent, Move.SORT, sorting=await desk.sorting(Priority.LOW), reason="Hanya tampilan"
    )

    assert local(sorted_anew.first_answer_due_at)[:6] == "Mon 16"  # eight hours less these seconds
    line = (await desk.story(urgent))[-1]
    assert (line.move, line.reason) == (Move.SORT, "Hanya tampilan")
    assert set(line.details) >= {"first_answer_was", "first_answer_due", "solution_was", "solution_due"}


async def test_a_changed_policy_rebuilds_what_is_due_and_says_so(desk: Desk) -> None:
    ticket = await desk.a_ticket()
    sorting = await desk.sorting(Priority.URGENT)
    assert sorting.policy is not None

    await desk.field.gateway.tickets.retime(ticket.number, sorting.policy)
    await desk.until(0, 8, 20)

    row = await desk.row(ticket)
    assert (local(row.solution_due_at), row.priority) == ("Mon 11:30", Priority.HIGH)
    assert (await desk.moves(ticket))[:2] == ["open", "retime"]


async def test_of_two_experts_at_once_one_has_it_and_the_other_is_told(desk: Desk) -> None:
    ticket = await desk.a_ticket()

    answers = await asyncio.gather(
        *(desk.move(ticket, Move.TAKE, by=name) for name in ("Rina", "Bayu")), return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [type(answer) for answer in refused] == [AlreadyTaken]
    assert (await desk.moves(ticket)).count("take") == 1


async def test_a_duplicate_is_merged_and_never_reopened(desk: Desk) -> None:
    first, second = await desk.a_ticket(), await desk.a_ticket()
    await desk.move(second, Move.MERGE, into=first.number)

    row = await desk.row(second)
    assert (row.status, row.merged_into_id) == (Status.CLOSED, first.ticket_id)
    with pytest.raises(Closed):
        await desk.move(second, Move.REOPEN, by="Sari")
