"""The state a ticket's move leads to, and what it waits for next."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from domain import clocks
from domain.business_time import after_business_days
from domain.clocks import WARN_AT_SHARE, Clock
from domain.ticket_records import Sorting, TicketCommand
from domain.tickets import (
    TICKET,
    TicketMove,
    TicketPolicy,
    TicketState,
    TicketStatus,
    is_with_tech,
)

FIRST_ANSWER, SOLUTION = "first_answer", "solution"
"""Names of the two clocks, in ``warned``, ``breached`` and the causes of events."""
_REACHES_CUSTOMER = frozenset(
    {TicketMove.COMMENT, TicketMove.ASK, TicketMove.SOLVE, TicketMove.CLOSE, TicketMove.MERGE}
)
_REVIEWED = frozenset({TicketStatus.OPEN, TicketStatus.IN_REVIEW})
_SETTLED = frozenset({TicketStatus.SOLVED, TicketStatus.CLOSED})
_SILENT = frozenset({TicketStatus.WAITING_CUSTOMER, TicketStatus.SOLVED})


@dataclass(frozen=True, slots=True)
class Deadline:
    """What happens next without anybody doing anything: which move, when, by which clock or rule."""

    at: datetime
    move: TicketMove
    cause: str


def after(state: TicketState, move: TicketMove, command: TicketCommand | None, now: datetime) -> TicketState:
    """Return the state a move leads to, clocks included.

    Raises:
        NotPossibleNow: the table has no such move from the present status.
    """
    target = TICKET.target(state.status, move)
    if move == TicketMove.ANSWER:
        target = state.returns_to
    new = dataclasses.replace(state, status=target, moves=state.moves + 1, created=True)
    if command is not None:
        _people(new, state, command)
        if move == TicketMove.SORT and command.sorting is not None:
            _sort(new, command.sorting, now)
        if move == TicketMove.RATE:
            new.rating = command.rating
        if move == TicketMove.MERGE:
            new.merged_into = command.into
    if move == TicketMove.ASK:
        new.returns_to = state.status
    if move == TicketMove.REMIND:
        new.reminders += 1
    _time(new, state, move, now, by_staff=command is not None and command.actor_is_staff)
    return new


def opened(state: TicketState, now: datetime) -> TicketState:
    """Return the ticket as it begins: both clocks run."""
    policy = state.policy
    return dataclasses.replace(
        state,
        created=True,
        moves=state.moves + 1,
        opened_at=now,
        first_answer=clocks.started(Clock(policy.first_answer_s), now),
        solution=clocks.started(Clock(policy.solution_s), now),
    )


def retimed(state: TicketState, policy: TicketPolicy, now: datetime) -> TicketState:
    """Return the ticket under another policy: what was used stays used, what is due moves."""
    new = dataclasses.replace(state, policy=policy, moves=state.moves + 1)
    _retarget(new, state.policy, policy, now)
    return new


def next_deadline(state: TicketState) -> Deadline | None:
    """Return what comes next by itself; None for a closed ticket, which only waits to be forgotten."""
    found = [*_clock_deadlines(state), *_silence(state)]
    return min(found, key=lambda one: one.at, default=None)


def due_at(state: TicketState, name: str) -> datetime | None:
    """Return when a clock runs out; None while it rests or when it was met."""
    clock = state.first_answer if name == FIRST_ANSWER else state.solution
    return None if clock is None else clocks.due_at(clock, state.policy.calendar)


def _people(new: TicketState, state: TicketState, command: TicketCommand) -> None:
    """Set who has it: the expert keeps the business side when it is forwarded (seed 003, step 2)."""
    actor = command.actor_id, command.actor_name
    to = command.to_id, command.to_name
    if command.move == TicketMove.TAKE and state.status in _REVIEWED:
        new.expert_id, new.expert_name = actor
    elif command.move == TicketMove.TAKE:
        new.tech_id, new.tech_name = actor
    elif command.move == TicketMove.FORWARD:
        new.tech_id, new.tech_name = to
    elif command.move == TicketMove.BACK:
        new.tech_id, new.tech_name = None, ""
    elif command.move == TicketMove.HAND_OVER and is_with_tech(state.status, state.tech_id):
        new.tech_id, new.tech_name = to
    elif command.move == TicketMove.HAND_OVER:
        new.expert_id, new.expert_name = to


def _sort(new: TicketState, sorting: Sorting, now: datetime) -> None:
    new.module_id = sorting.module_id or new.module_id
    new.category_id = sorting.category_id or new.category_id
    if sorting.priority is not None and sorting.policy is not None:
        before, new.priority, new.policy = new.policy, sorting.priority, sorting.policy
        _retarget(new, before, sorting.policy, now)


def _retarget(new: TicketState, before: TicketPolicy, policy: TicketPolicy, now: datetime) -> None:
    if new.first_answer is not None:
        new.first_answer = clocks.retargeted(new.first_answer, before.calendar, policy.first_answer_s, now)
    if new.solution is not None:
        new.solution = clocks.retargeted(new.solution, before.calendar, policy.solution_s, now)
    # What runs longer now is warned of and breached anew; what was met is over.
    new.warned = [name for name in new.warned if _share_used(new, name, now) >= WARN_AT_SHARE]
    new.breached = [name for name in new.breached if _share_used(new, name, now) >= 1]


def _share_used(state: TicketState, name: str, now: datetime) -> float:
    clock = state.first_answer if name == FIRST_ANSWER else state.solution
    return 0.0 if clock is None else clocks.used(clock, state.policy.calendar, now) / clock.target_s


def _time(new: TicketState, state: TicketState, move: TicketMove, now: datetime, *, by_staff: bool) -> None:
    """Let the clocks follow the status: paused exactly while waiting_customer, never running after solved."""
    if new.first_answer is not None:
        answered = by_staff and move in _REACHES_CUSTOMER
        new.first_answer = _first_answer(new.first_answer, new, now, answered=answered)
    if new.solution is not None:
        new.solution = _solution(new.solution, new, state, now)
    if move == TicketMove.REOPEN:
        new.warned = [name for name in new.warned if name != SOLUTION]
        new.breached = [name for name in new.breached if name != SOLUTION]
    if new.status != state.status:
        new.silent_since = now if new.status in _SILENT else None
        new.reminders = 0
        new.closed_at = now if new.status == TicketStatus.CLOSED else None


def _first_answer(clock: Clock, new: TicketState, now: datetime, *, answered: bool) -> Clock:
    if answered:
        return clocks.met(clock, new.policy.calendar, now)
    if new.status in _SETTLED:  # the customer closed it before anybody answered
        return clocks.paused(clock, new.policy.calendar, now)
    return clocks.started(clock, now)


def _solution(clock: Clock, new: TicketState, state: TicketState, now: datetime) -> Clock:
    calendar = new.policy.calendar
    if new.status in _SETTLED:
        return clocks.met(clock, calendar, now)
    if state.status in _SETTLED:
        return clocks.reopened(clock, now)
    if new.status == TicketStatus.WAITING_CUSTOMER:
        return clocks.paused(clock, calendar, now)
    return clocks.started(clock, now)


def _clock_deadlines(state: TicketState) -> list[Deadline]:
    found = []
    for name, clock in ((FIRST_ANSWER, state.first_answer), (SOLUTION, state.solution)):
        if clock is None or not clock.is_running or name in state.breached:
            continue
        warn = name not in state.warned
        at = clocks.due_at(clock, state.policy.calendar, WARN_AT_SHARE if warn else 1.0)
        if at is not None:
            found.append(Deadline(at, TicketMove.WARN if warn else TicketMove.BREACH, name))
    return found


def _silence(state: TicketState) -> list[Deadline]:
    if state.silent_since is None:
        return []
    policy = state.policy
    if state.status == TicketStatus.SOLVED:
        at = after_business_days(policy.service, state.silent_since, policy.close_solved_days)
        return [Deadline(at, TicketMove.EXPIRE, "no_objection")]
    if state.reminders < len(policy.remind_after_days):
        days = policy.remind_after_days[state.reminders]
        return [
            Deadline(
                after_business_days(policy.service, state.silent_since, days), TicketMove.REMIND, "silence"
            )
        ]
    at = after_business_days(policy.service, state.silent_since, policy.close_waiting_days)
    return [Deadline(at, TicketMove.EXPIRE, "silence")]
