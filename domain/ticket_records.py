"""What people ask of a ticket, and what its moves write."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.priorities import Priority
from domain.tickets import TicketDraft, TicketMove, TicketPolicy, TicketSource, TicketStatus


@dataclass(frozen=True, slots=True)
class Sorting:
    """Another module, category or priority; None leaves it as it is."""

    module_id: int | None = None
    category_id: int | None = None
    priority: Priority | None = None
    policy: TicketPolicy | None = None
    """The promises of the new priority; who asks looks them up."""


@dataclass(frozen=True, slots=True)
class TicketCommand:
    """One move on a ticket by a person (update ``move``): the same verb from chat and REST.

    ``note`` holds words: a comment, a question, an answer, a technical note; ``reason`` the code of a closing
    or why it is sorted anew; ``to_id`` whom it is forwarded or handed to.
    """

    move: TicketMove
    actor_id: int
    actor_name: str
    actor_is_staff: bool = False
    """Acts for the helpdesk, not for the pharmacy."""
    actor_may_review: bool = False
    actor_may_manage: bool = False
    note: str = ""
    reason: str = ""
    to_id: int | None = None
    to_name: str = ""
    sorting: Sorting | None = None
    file_ids: list[int] = field(default_factory=list)
    file_message_ids: list[int] = field(default_factory=list)
    """Of each file the message that brought it; empty: they came over HTTP."""
    origin_chat_id: int | None = None
    origin_message_ids: list[int] = field(default_factory=list)
    """The Telegram messages that said it, if any did: what is relayed is copied from there."""
    attachment_id: int | None = None
    machine_id: int | None = None
    into: str = ""
    """Number of the ticket that a duplicate is merged into."""
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """The projection of a ticket's state: what the row shall say after a move."""

    ticket_id: int
    number: str
    organization_id: int
    pharmacy_id: int
    module_id: int
    category_id: int
    source: TicketSource
    priority: Priority
    status: TicketStatus
    opened_by: int
    customer_id: int | None
    expert_id: int | None
    tech_id: int | None
    title: str
    first_answer_due_at: datetime | None
    solution_due_at: datetime | None
    first_answered_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    first_answer_kept: bool | None
    solution_kept: bool | None
    rating: int | None
    version: int


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """Input of ``record_ticket_move``: the row after the move and the line of the timeline that led there.

    ``source`` is the update id or the timer's name: writing the same one twice changes nothing.
    """

    row: TicketRow
    source: str
    move: TicketMove
    from_status: TicketStatus | None
    at: datetime
    actor_id: int | None = None
    actor_name: str = ""
    by_staff: bool = False
    cause: str = ""
    reason: str = ""
    note: str = ""
    details: dict[str, str] = field(default_factory=dict)
    """Old and new values, for the timeline."""
    draft: TicketDraft | None = None
    """Of the first move."""
    file_ids: list[int] = field(default_factory=list)
    file_message_ids: list[int] = field(default_factory=list)
    origin_chat_id: int | None = None
    origin_message_ids: list[int] = field(default_factory=list)
    attachment_id: int | None = None
    machine_id: int | None = None
    merged_into: str = ""
    former_holder: int | None = None
