"""Tickets of the pharmacy helpdesk: statuses and moves of WORDS 2, and what crosses a process border."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.business_time import Calendar
from domain.clocks import Clock
from domain.moves import Move, StateMachine, from_each
from domain.priorities import Priority
from domain.remembered import RememberedUpdate
from domain.roles import Permission


class TicketStatus(StrEnum):
    """Status of a ticket (seed 003)."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    SOLVED = "solved"
    CLOSED = "closed"


class TicketSource(StrEnum):
    """Where a ticket came from (seed 003)."""

    CUSTOMER = "customer"
    TEAM_EXPERT = "team_expert"
    INTERNAL = "internal"


class Effect(StrEnum):
    """What the trouble does to the pharmacy: asked instead of a priority (WORDS 5)."""

    DOWN = "down"
    DISTURBED = "disturbed"
    WORKABLE = "workable"
    WISH = "wish"


PRIORITY_OF = {
    Effect.DOWN: Priority.URGENT,
    Effect.DISTURBED: Priority.HIGH,
    Effect.WORKABLE: Priority.MEDIUM,
    Effect.WISH: Priority.LOW,
}


class CloseReason(StrEnum):
    """Why staff closes a ticket that is not solved."""

    DUPLICATE = "duplicate"
    SPAM = "spam"
    TEST = "test"
    OTHER = "other"
    """With a text; only for a solved one."""


class TicketMove(StrEnum):
    """What may happen to a ticket."""

    OPEN = "open"
    TAKE = "take"
    FORWARD = "forward"
    """To a tech, or to whoever of them is free; a note is required."""
    BACK = "back"
    """From the tech to the expert."""
    ASK = "ask"
    """A question to the customer: the clocks rest until the answer."""
    ANSWER = "answer"
    """The customer answered: back to where the question came from."""
    SOLVE = "solve"
    CONFIRM = "confirm"
    """The customer says that it is solved."""
    REOPEN = "reopen"
    """The customer says that it is not, or within seven days that it is back."""
    CLOSE = "close"
    """By the customer, or by staff with a reason."""
    REMIND = "remind"
    """A silent customer is reminded."""
    EXPIRE = "expire"
    """Nobody answered, or nobody objected to the solution: the timer closes."""
    WARN = "warn"
    """Three quarters of a clock are used."""
    BREACH = "breach"
    """A clock has run out."""
    COMMENT = "comment"
    """Words that the customer and the staff share."""
    NOTE = "note"
    """Words that stay inside."""
    ATTACH = "attach"
    DETACH = "detach"
    """An attachment is removed for good; the line stays."""
    SORT = "sort"
    """Category, module or priority is changed, with a reason that the customer sees."""
    MERGE = "merge"
    """A duplicate is closed in favour of another ticket."""
    LINK = "link"
    """To a machine or an alert."""
    RATE = "rate"
    RETIME = "retime"
    """A policy or a calendar has changed: due times are reckoned anew."""
    HAND_OVER = "hand_over"
    """To another holder of the same kind, or to nobody: away, suspended, end of shift."""
    EDIT = "edit"
    """A message was changed afterwards: both versions stay in the timeline."""


_S = TicketStatus
_M = TicketMove
_REVIEW = Permission.REVIEW_TICKETS
_WORK = Permission.WORK_ON_TICKETS
_SPEAK = Permission.OPEN_TICKETS
OPEN_TICKETS = frozenset({_S.OPEN, _S.IN_REVIEW, _S.IN_PROGRESS, _S.WAITING_CUSTOMER})
"""Somebody still owes something."""
LIVE_TICKETS = OPEN_TICKETS | {_S.SOLVED}


def is_with_tech(status: TicketStatus, tech_id: int | None) -> bool:
    """Return whether the tech's part is at hand: else the expert holds the ticket."""
    return status == TicketStatus.IN_PROGRESS or tech_id is not None


def _stays(
    move: TicketMove, who: Permission | None, *, closed: bool = False
) -> dict[tuple[TicketStatus, TicketMove], Move[TicketStatus]]:
    """Return the rows of a move that leaves the status as it is."""
    states = [state for state in TicketStatus if closed or state != _S.CLOSED]
    return {(state, move): Move(state, who) for state in states}


TICKET: StateMachine[TicketStatus, TicketMove] = StateMachine(
    "ticket",
    {
        (_S.OPEN, _M.TAKE): Move(_S.IN_REVIEW, _REVIEW),
        # Given back by who is away: the first expert who takes it has it.
        (_S.IN_REVIEW, _M.TAKE): Move(_S.IN_REVIEW, _REVIEW),
        # Forwarded to whoever of the techs is free: the first who takes it has it.
        (_S.IN_PROGRESS, _M.TAKE): Move(_S.IN_PROGRESS, _WORK),
        (_S.IN_REVIEW, _M.FORWARD): Move(_S.IN_PROGRESS, _REVIEW),
        (_S.IN_PROGRESS, _M.FORWARD): Move(_S.IN_PROGRESS, _REVIEW),
        (_S.IN_PROGRESS, _M.BACK): Move(_S.IN_REVIEW, _WORK),
        **from_each((_S.IN_REVIEW, _S.IN_PROGRESS), _M.ASK, _S.WAITING_CUSTOMER, _WORK),
        # The table names one target; a question that came from the review returns there (``returns_to``).
        (_S.WAITING_CUSTOMER, _M.ANSWER): Move(_S.IN_PROGRESS, _SPEAK),
        **from_each((_S.IN_REVIEW, _S.IN_PROGRESS), _M.SOLVE, _S.SOLVED, _WORK),
        (_S.WAITING_CUSTOMER, _M.CONFIRM): Move(_S.SOLVED, _SPEAK),
        (_S.SOLVED, _M.CONFIRM): Move(_S.CLOSED, _SPEAK),
        **from_each((_S.SOLVED, _S.CLOSED), _M.REOPEN, _S.IN_REVIEW, _SPEAK),
        **from_each((_S.OPEN, _S.IN_REVIEW, _S.WAITING_CUSTOMER, _S.SOLVED), _M.CLOSE, _S.CLOSED, _SPEAK),
        **from_each((_S.OPEN, _S.IN_REVIEW, _S.IN_PROGRESS), _M.MERGE, _S.CLOSED, _WORK),
        (_S.WAITING_CUSTOMER, _M.REMIND): Move(_S.WAITING_CUSTOMER, None),
        **from_each((_S.WAITING_CUSTOMER, _S.SOLVED), _M.EXPIRE, _S.CLOSED, None),
        **{
            (state, move): Move(state, None)
            for state in TicketStatus
            for move in (_M.WARN, _M.BREACH)
            if state in OPEN_TICKETS
        },
        **_stays(_M.RETIME, None),
        **_stays(_M.COMMENT, _SPEAK),
        **_stays(_M.EDIT, _SPEAK, closed=True),
        **_stays(_M.NOTE, _WORK, closed=True),
        **_stays(_M.ATTACH, _SPEAK),
        **_stays(_M.DETACH, _WORK, closed=True),
        **_stays(_M.SORT, _WORK),
        **_stays(_M.LINK, _WORK),
        **_stays(_M.HAND_OVER, _WORK),
        **from_each((_S.SOLVED, _S.CLOSED), _M.RATE, _S.CLOSED, _SPEAK),
    },
)


@dataclass(frozen=True, slots=True)
class TicketPolicy:
    """Targets and waits of one ticket, from the organization's policy (WORDS 6); seconds of business time."""

    first_answer_s: float
    solution_s: float
    calendar: Calendar
    """By which both clocks count: round the clock for urgent."""
    service: Calendar
    """By which reminders and closing count, whatever the priority."""
    remind_after_days: list[int] = field(default_factory=lambda: [1, 2])
    """Business days of silence after which a customer is reminded."""
    ladder_s: list[float] = field(default_factory=lambda: [0.0, 900.0, 2700.0, 5400.0])
    """After a breach: seconds until holder, experts, admins, super admins are called."""
    close_waiting_days: int = 3
    close_solved_days: int = 2
    reopen_days: int = 7
    """Calendar days in which a closed ticket can be reopened."""


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """What a customer, or staff for them, opens a ticket with (seed 003, step 1)."""

    description: str
    effect: Effect | None = None
    pic_name: str = ""
    contact: str = ""
    app_version: str = ""
    machine_id: int | None = None
    follows_id: int | None = None
    """The closed ticket that this one continues."""
    file_ids: list[int] = field(default_factory=list)
    file_message_ids: list[int] = field(default_factory=list)
    """Of each file the message that brought it; empty: they came over HTTP."""
    origin_chat_id: int | None = None
    origin_message_ids: list[int] = field(default_factory=list)
    """The Telegram messages that said it: what is relayed is copied from there."""


@dataclass(slots=True)
class TicketState:
    """Input of the workflow ``ticket`` and all it carries across continue-as-new."""

    ticket_id: int
    number: str
    """As people say it: ``PD-000123``."""
    organization_id: int
    pharmacy_id: int
    source: TicketSource
    priority: Priority
    policy: TicketPolicy
    opened_by: int
    title: str
    module_id: int
    category_id: int
    draft: TicketDraft | None = None
    """What it is opened with; written with the first move, then let go."""
    customer_id: int | None = None
    expert_id: int | None = None
    expert_name: str = ""
    tech_id: int | None = None
    tech_name: str = ""
    status: TicketStatus = TicketStatus.OPEN
    returns_to: TicketStatus = TicketStatus.IN_REVIEW
    """Where the customer's answer leads."""
    created: bool = False
    opened_at: datetime | None = None
    first_answer: Clock | None = None
    solution: Clock | None = None
    warned: list[str] = field(default_factory=list)
    """Clocks that were warned of: ``first_answer``, ``solution``."""
    breached: list[str] = field(default_factory=list)
    ladder: str = ""
    """The clock whose ladder runs."""
    silent_since: datetime | None = None
    """Since when the customer owes an answer, or silently agrees to the solution."""
    reminders: int = 0
    closed_at: datetime | None = None
    merged_into: str = ""
    rating: int | None = None
    moves: int = 0
    history: list[str] = field(default_factory=list)
    remembered: list[RememberedUpdate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TicketView:
    """What an update on a ticket answers with."""

    ticket_id: int
    number: str
    status: TicketStatus
    priority: Priority
    expert_id: int | None = None
    tech_id: int | None = None
    first_answer_due_at: datetime | None = None
    solution_due_at: datetime | None = None
