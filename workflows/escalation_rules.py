"""What an escalation's validator and handler ask before an answer, and when it calls whom next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import AlreadyTaken, Closed, InvalidInput, NotAllowed, NotPossibleNow
from domain.escalations import (
    ANSWERS,
    LONGEST_SNOOZE_MINUTES,
    EscalationCommand,
    EscalationMove,
    EscalationState,
    status_of,
)


@dataclass(frozen=True, slots=True)
class NextCall:
    """Which rung (counted from 0) is called, and when."""

    at: datetime
    rung: int


def next_call(state: EscalationState) -> NextCall | None:
    """Return the next call; None when somebody has it or nobody is left to call.

    A snooze ends with a call: of the next rung when its time has come, else of the present one again, so that
    whoever asked to be reminded is.
    """
    if state.ended or state.answer in (EscalationMove.ACKNOWLEDGE, EscalationMove.TAKE):
        return None
    upcoming = None
    if state.reached < len(state.rungs):
        upcoming = state.started_at + timedelta(seconds=state.rungs[state.reached].after_s)
    if state.snoozed_until is not None:
        due = upcoming is not None and upcoming <= state.snoozed_until
        return NextCall(state.snoozed_until, state.reached if due else state.reached - 1)
    if upcoming is None:
        return None
    return NextCall(state.started_at if state.hurried else upcoming, state.reached)


def is_repeat(state: EscalationState, command: EscalationCommand) -> bool:
    """Return whether the same person gives the answer that stands; a snooze counts anew each time."""
    stands = command.move != EscalationMove.SNOOZE and state.answer == command.move
    return stands and state.answered_by == command.actor_id and not state.ended


def check(state: EscalationState, command: EscalationCommand) -> None:
    """Raise the refusal an answer deserves in this state.

    Raises:
        Refusal: the ladder has ended, nobody was called yet, the person was not, or somebody has it.
    """
    status = status_of(state.answer, ended=bool(state.ended))
    if state.ended:
        raise Closed(noun="escalation")
    if not (command.actor_may_manage or command.actor_id in state.called):
        raise NotAllowed
    if is_repeat(state, command):
        return
    if state.answer == EscalationMove.TAKE:
        raise AlreadyTaken(holder=state.answered_name)
    if state.reached == 0 or command.move not in ANSWERS[status]:
        raise NotPossibleNow(noun="escalation", status=status.value, move=command.move.value)
    if command.move == EscalationMove.SNOOZE and not 0 < command.minutes <= LONGEST_SNOOZE_MINUTES:
        raise InvalidInput(field="minutes", problem="range")
