"""The state that a move of an assignment leads to, and what it means for those who are asked."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.assignment_records import OfferChange, OfferTerms, WorkBegun
from domain.assignments import (
    ASSIGNMENT,
    AssignmentCommand,
    AssignmentMove,
    AssignmentState,
    AssignmentStatus,
)
from domain.checklists import answered
from domain.offers import Candidate, OfferOutcome, dealt

_M = AssignmentMove
_GOES_ON = frozenset({_M.REMIND, _M.PHOTO, _M.CHECK, _M.PRIORITIZE})
"""Moves that leave a delay what it is; every other one ends the ladder that calls about it."""
_OUTCOMES = {
    _M.ACCEPT: OfferOutcome.TAKEN,
    _M.DECLINE: OfferOutcome.DECLINED,
    _M.EXPIRE: OfferOutcome.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Happening:
    """A move with everything it brings: who does it, and what was looked up for it."""

    move: AssignmentMove
    at: datetime
    command: AssignmentCommand | None = None
    terms: OfferTerms | None = None
    """How long the offer stands that the move makes or changes."""
    begun: WorkBegun | None = None
    """What a start came to."""


def after(state: AssignmentState, what: Happening) -> AssignmentState:
    """Return the state a move leads to.

    Raises:
        NotPossibleNow: the table has no such move from the present status.
    """
    new = dataclasses.replace(
        state, status=ASSIGNMENT.target(state.status, what.move), moves=state.moves + 1, created=True
    )
    if what.move not in _GOES_ON:
        new.ladder = None
    change = _CHANGES.get(what.move)
    if change is not None:
        change(new, what)
    return new


def asked_after(state: AssignmentState, command: AssignmentCommand | None, move: AssignmentMove) -> list[int]:
    """Return who has to be asked anew by a move, so that their duty decides how long the offer stands."""
    if move == _M.OFFER and command is not None and command.offer is not None:
        return [one.user_id for one in dealt(command.offer)[0]]
    if move == _M.PRIORITIZE and state.status == AssignmentStatus.PENDING:
        return [one.user_id for one in state.asked]
    if move in (_M.DECLINE, _M.EXPIRE, _M.WITHDRAW) and state.status == AssignmentStatus.PENDING:
        left, waiting = _left(state, move, command)
        return [waiting[0].user_id] if not left and waiting else []
    return []


def offer_changes(before: AssignmentState, new: AssignmentState, move: AssignmentMove) -> list[OfferChange]:
    """Return what a move makes of those who were asked, and who is asked by it."""
    created, new_round = before.moves == 0, before.offer_no != new.offer_no
    former = [] if created else before.asked
    still = people_asked(new)
    gone = _OUTCOMES.get(move, OfferOutcome.WITHDRAWN)
    closed = [
        OfferChange(
            one.user_id, before.offer_no, OfferOutcome.ACCEPTED if one.user_id == new.holder else gone
        )
        for one in former
        if new_round or one not in still
    ]
    opened = [
        OfferChange(one.user_id, new.offer_no, OfferOutcome.ASKED)
        for one in still
        if new_round or one not in former
    ]
    return closed + opened


def people_asked(state: AssignmentState) -> list[Candidate]:
    """Return who may accept now; a cancelled task still names whom it was offered to, and asks nobody."""
    return state.asked if state.status == AssignmentStatus.PENDING else []


def former_people(before: AssignmentState, new: AssignmentState) -> list[int]:
    """Return who was asked or held the task before, and is not and does not any more."""
    if before.moves == 0:
        return []
    over = new.status == AssignmentStatus.CANCELLED
    now = [] if over else [*(one.user_id for one in new.asked), new.holder]
    people = [one.user_id for one in before.asked] + ([before.holder] if before.holder is not None else [])
    return [user_id for user_id in people if user_id not in now]


def _left(
    state: AssignmentState, move: AssignmentMove, command: AssignmentCommand | None
) -> tuple[list[Candidate], list[Candidate]]:
    """Return who of the asked is still asked, and who waits, when some or all of them drop out."""
    whom: int | None = None
    if command is not None:
        whom = command.actor_id if move == _M.DECLINE else command.withdrawn
    if whom is None:
        # Nobody answered in time: whoever waits is next. Taken back from everybody: nobody is.
        return [], state.waiting if move == _M.EXPIRE else []
    return (
        [one for one in state.asked if one.user_id != whom],
        [one for one in state.waiting if one.user_id != whom],
    )


def _offered(new: AssignmentState, what: Happening) -> None:
    if what.command is not None and what.command.offer is not None:
        new.asked, new.waiting = dealt(what.command.offer)
        new.mode = what.command.offer.mode
        new.offer_no += 1
        new.offer_due_at = None
    new.holder, new.holder_name, new.started_at = None, "", None
    _ask(new, what)


def _ask(new: AssignmentState, what: Happening) -> None:
    """Begin the time in which the asked may accept; nobody asked: from now on it waits for the dispatcher."""
    new.reminded = False
    if not new.asked:
        # A task made for later without anybody to ask is not late before its time.
        planned = new.scheduled_date if what.move == _M.OFFER else what.at
        new.offer_due_at, new.since = None, max(what.at, planned)
        return
    new.since = None
    if what.terms is not None:
        new.policy = dataclasses.replace(new.policy, offer_stands_s=what.terms.stands_s)
        new.offer_due_at = what.terms.due_at
    if new.offer_due_at is None:
        new.offer_due_at = what.at + timedelta(seconds=new.policy.offer_stands_s)


def _dropped_out(new: AssignmentState, what: Happening) -> None:
    """Somebody declined, did not answer, or was taken out: the rest is asked, else the next, else nobody."""
    new.asked, new.waiting = _left(new, what.move, what.command)
    if new.asked:
        return
    new.asked, new.waiting = new.waiting[:1], new.waiting[1:]
    new.offer_due_at = None
    _ask(new, what)


def _given_back(new: AssignmentState, what: Happening) -> None:
    if new.holder is None and what.move == _M.WITHDRAW:
        _dropped_out(new, what)
        return
    new.holder, new.holder_name, new.started_at = None, "", None
    new.asked, new.waiting = [], []
    _ask(new, what)


def _reminded(new: AssignmentState, _: Happening) -> None:
    new.reminded = True


def _accepted(new: AssignmentState, what: Happening) -> None:
    if what.command is not None:
        new.holder, new.holder_name = what.command.actor_id, what.command.actor_name
    new.asked, new.waiting, new.offer_due_at = [], [], None
    new.since = max(what.at, new.scheduled_date)


def _started(new: AssignmentState, what: Happening) -> None:
    new.started_at = new.since = what.at
    new.checklist = what.begun.checklist if what.begun else []
    new.answers = []


def _with(photos: list[int], more: list[int]) -> list[int]:
    return [*photos, *(one for one in dict.fromkeys(more) if one not in photos)]


def _photographed(new: AssignmentState, what: Happening) -> None:
    if what.command is not None:
        new.photos = _with(new.photos, what.command.file_ids)


def _checked(new: AssignmentState, what: Happening) -> None:
    if what.command is not None:
        new.answers = answered(new.checklist, new.answers, what.command.answers, what.at)
        files = [one.file_id for one in what.command.answers if one.file_id is not None]
        new.photos = _with(new.photos, files)


def _completed(new: AssignmentState, what: Happening) -> None:
    new.override_reason = what.command.reason if what.command else ""
    new.settled = new.policy.undo_s <= 0
    new.undo_until = None if new.settled else what.at + timedelta(seconds=new.policy.undo_s)


def _undone(new: AssignmentState, what: Happening) -> None:
    new.undo_until, new.override_reason, new.since = None, "", what.at


def _settled(new: AssignmentState, _: Happening) -> None:
    new.settled = True


def _moved_in_time(new: AssignmentState, what: Happening) -> None:
    if what.command is not None and what.command.scheduled_date is not None:
        new.scheduled_date = what.command.scheduled_date
    if new.holder is not None:
        new.since = max(what.at, new.scheduled_date)


def _prioritized(new: AssignmentState, what: Happening) -> None:
    if what.command is not None and what.command.priority is not None:
        new.priority = what.command.priority
    if what.terms is not None:
        new.policy = dataclasses.replace(new.policy, offer_stands_s=what.terms.stands_s)
        if new.asked:
            new.offer_due_at, new.reminded = what.terms.due_at, False


def _cancelled(new: AssignmentState, _: Happening) -> None:
    new.waiting, new.offer_due_at = [], None


_CHANGES: dict[AssignmentMove, Callable[[AssignmentState, Happening], None]] = {
    _M.OFFER: _offered,
    _M.REMIND: _reminded,
    _M.ACCEPT: _accepted,
    _M.DECLINE: _dropped_out,
    _M.EXPIRE: _dropped_out,
    _M.HAND_BACK: _given_back,
    _M.WITHDRAW: _given_back,
    _M.START: _started,
    _M.PHOTO: _photographed,
    _M.CHECK: _checked,
    _M.COMPLETE: _completed,
    _M.UNDO: _undone,
    _M.SETTLE: _settled,
    _M.POSTPONE: _moved_in_time,
    _M.RESCHEDULE: _moved_in_time,
    _M.PRIORITIZE: _prioritized,
    _M.CANCEL: _cancelled,
}
