"""What a ticket's validator and handler ask before a move."""

from datetime import datetime, timedelta

from domain.errors import (
    AlreadyTaken,
    Closed,
    InvalidInput,
    NotAllowed,
    NotYours,
    ReasonRequired,
    Refusal,
)
from domain.roles import Permission
from domain.ticket_records import TicketCommand
from domain.tickets import TICKET, CloseReason, TicketMove, TicketState, TicketStatus

_NEEDS_WORDS = frozenset({TicketMove.FORWARD, TicketMove.ASK, TicketMove.NOTE})
_NEEDS_WORDS_OR_FILES = frozenset({TicketMove.COMMENT, TicketMove.ANSWER})
_UNSOLVED = frozenset({CloseReason.DUPLICATE, CloseReason.SPAM, CloseReason.TEST})
STARS = range(1, 6)


def reopens_until(state: TicketState) -> datetime | None:
    """Return until when a closed ticket can be reopened; None while it is not closed."""
    if state.closed_at is None:
        return None
    return state.closed_at + timedelta(days=state.policy.reopen_days)


def check(state: TicketState, command: TicketCommand, now: datetime) -> None:
    """Raise the refusal a command deserves in this state; the same for chat and REST.

    Raises:
        Refusal: closed, taken by another, not possible now, not allowed, not theirs, or something is missing.
    """
    until = reopens_until(state)
    if until is not None and (state.merged_into or now > until):
        raise Closed(noun="ticket", status=state.status.value, number=state.number, into=state.merged_into)
    if command.move == TicketMove.TAKE:
        _may_take(state, command)
    permission = TICKET.permission(state.status, command.move)
    if permission is None:
        raise NotAllowed
    _may(state, command, permission)
    missing = _missing(state, command)
    if missing is not None:
        raise missing


def _may_take(state: TicketState, command: TicketCommand) -> None:
    if state.status == TicketStatus.OPEN:
        return
    holder = state.tech_id if state.status == TicketStatus.IN_PROGRESS else state.expert_id
    if holder is not None and holder != command.actor_id:
        raise AlreadyTaken(holder=state.tech_name or state.expert_name)


def _may(state: TicketState, command: TicketCommand, permission: Permission) -> None:
    """Refuse a person the right: experts and admins all tickets, a tech those forwarded to them or to any."""
    if permission == Permission.REVIEW_TICKETS and not command.actor_may_review:
        raise NotAllowed
    if permission == Permission.WORK_ON_TICKETS and not command.actor_may_review:
        if not command.actor_is_staff:
            raise NotAllowed
        forwarded = state.status == TicketStatus.IN_PROGRESS and state.tech_id is None
        if state.tech_id != command.actor_id and not forwarded:
            raise NotYours(holder=state.tech_name or state.expert_name)
    if command.move in (TicketMove.CONFIRM, TicketMove.RATE) and command.actor_is_staff:
        raise NotAllowed


def _missing(state: TicketState, command: TicketCommand) -> Refusal | None:  # noqa: PLR0911 - one line a rule
    words = command.note.strip()
    if command.move in _NEEDS_WORDS and not words:
        return ReasonRequired(move=command.move.value)
    said = words or command.file_ids or command.origin_message_ids
    if command.move in _NEEDS_WORDS_OR_FILES and not said:
        return InvalidInput(field="note", problem="missing")
    if command.move == TicketMove.CLOSE and command.actor_is_staff:
        return _close_reason(state, command)
    if command.move == TicketMove.SORT:
        return _sorting(command)
    if command.move == TicketMove.MERGE and command.into in ("", state.number):
        return InvalidInput(field="into", problem="missing")
    if command.move == TicketMove.RATE and command.rating not in STARS:
        return InvalidInput(field="rating", problem="out_of_range")
    nobody = state.expert_id is None and state.tech_id is None
    if command.move == TicketMove.HAND_OVER and command.to_id is None and nobody:
        return InvalidInput(field="to_id", problem="missing")
    if command.move == TicketMove.ATTACH and not command.file_ids:
        return InvalidInput(field="file_ids", problem="missing")
    if command.move == TicketMove.DETACH and command.attachment_id is None:
        return InvalidInput(field="attachment_id", problem="missing")
    return None


def _close_reason(state: TicketState, command: TicketCommand) -> Refusal | None:
    """Staff closes what is not solved as a duplicate, spam or a test; what is solved with any reason."""
    if state.status == TicketStatus.WAITING_CUSTOMER:
        return NotAllowed()
    if command.reason not in set(CloseReason):
        return ReasonRequired(move=command.move.value)
    if state.status != TicketStatus.SOLVED and command.reason not in _UNSOLVED:
        return ReasonRequired(move=command.move.value)
    if command.reason == CloseReason.OTHER and not command.note.strip():
        return ReasonRequired(move=command.move.value)
    return None


def _sorting(command: TicketCommand) -> Refusal | None:
    new = command.sorting
    if new is None or not any((new.module_id, new.category_id, new.priority)):
        return InvalidInput(field="sorting", problem="missing")
    if new.priority is not None and new.policy is None:
        return InvalidInput(field="policy", problem="missing")
    return None if command.reason.strip() else ReasonRequired(move=command.move.value)
