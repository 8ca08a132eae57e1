"""Tickets as JSON, with the names of seed 003."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from domain.priorities import Priority
from domain.tickets import Effect, TicketMove, TicketSource, TicketStatus
from webhooks.inputs import Identity, Input, Line, LongText, Output

Contact = Annotated[Line, Field(examples=["022-250-0135"])]
Number = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z]{2}-[0-9]{1,12}$")]


class TicketIn(Input):
    """A trouble of a pharmacy. A customer of one pharmacy may leave ``pharmacy_id`` out."""

    description: Annotated[LongText, StringConstraints(min_length=1)] = Field(examples=["Kasir macet"])
    title: Line = Field(default="", description="Empty: the first line of the description.")
    pharmacy_id: Identity | None = None
    module_id: Identity
    category_id: Identity
    priority: Priority | None = Field(default=None, description="Else it follows from the effect.")
    effect: Effect | None = Field(default=None, description="What the trouble does to the pharmacy.")
    pic_name: Line = ""
    contact: Contact = ""
    app_version: Line = Field(default="", max_length=50)
    customer_id: Identity | None = Field(default=None, description="Whom staff opens it for.")
    internal: bool = Field(default=False, description="Opened by staff for themselves: no customer is told.")


class TicketChange(Input):
    """One verb a request: a status, or a holder, or a sorting, or a rating, or a merge, or a machine."""

    status: TicketStatus | None = None
    note: LongText = Field(default="", description="Words of the move: a question, an answer, a solution.")
    reason: Line = Field(
        default="",
        description="Of a closing: `duplicate`, `spam`, `test`, `other`. Of a sorting: why.",
    )
    module_id: Identity | None = None
    category_id: Identity | None = None
    priority: Priority | None = None
    expert_id: Identity | None = Field(default=None, description="Who is to have it: hands it over.")
    tech_id: Identity | None = Field(default=None, description="To whom it is forwarded; a note is required.")
    rating: int | None = Field(default=None, ge=1, le=5, description="The customer's stars.")
    merged_into: Number | None = Field(default=None, description="Number of the ticket it duplicates.")
    machine_id: Identity | None = None


class TicketOut(Output):
    """A ticket."""

    id: int = Field(validation_alias="ticket_id")
    number: str
    organization_id: int
    pharmacy_id: int
    pharmacy_name: str
    module_id: int
    module_name: str
    category_id: int
    category_name: str
    customer_id: int | None
    customer_name: str | None
    expert_id: int | None
    expert_name: str | None
    tech_id: int | None
    tech_name: str | None
    source: TicketSource
    status: TicketStatus
    priority: Priority
    effect: Effect | None
    title: str
    description: str
    pic_name: str | None
    contact: str | None
    app_version: str | None
    machine_id: int | None
    follows_id: int | None
    merged_into_id: int | None
    first_answer_due_at: datetime | None
    solution_due_at: datetime | None
    first_answered_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    first_answer_kept: bool | None = Field(description="Was the promise kept? Null until it is known.")
    solution_kept: bool | None
    rating: int | None
    rating_words: str | None
    created_at: datetime
    updated_at: datetime


class TicketViewOut(Output):
    """A ticket right after a move."""

    id: int = Field(validation_alias="ticket_id")
    number: str
    status: TicketStatus
    priority: Priority
    expert_id: int | None
    tech_id: int | None
    first_answer_due_at: datetime | None
    solution_due_at: datetime | None


class ActivityIn(Input):
    """Words: shared with the customer, or for the staff alone."""

    note: Annotated[LongText, StringConstraints(min_length=1)]
    internal: bool = False


def _due_times(details: dict[str, object]) -> dict[str, object]:
    """Return the due times: in which chat a line was said and which files it brought stays inside."""
    return {name: value for name, value in details.items() if isinstance(value, str)}


class ActivityOut(Output):
    """A line of the timeline."""

    id: int = Field(validation_alias="activity_id")
    at: datetime
    move: TicketMove
    from_status: TicketStatus | None
    to_status: TicketStatus
    user_id: int | None
    user_name: str | None
    is_internal: bool
    cause: str | None = Field(description="The timer or rule when no person did it.")
    reason: str | None
    note: str | None
    details: Annotated[dict[str, str], BeforeValidator(_due_times)] = Field(
        description="Old and new due times of a move that changed them."
    )


class AttachmentOut(Output):
    """A file of a ticket; one that was removed keeps its line without ``url``."""

    id: int = Field(validation_alias="attachment_id")
    name: str
    kind: str
    user_id: int | None
    is_internal: bool
    url: str | None = None
    removed_at: datetime | None
    created_at: datetime


class SummaryOut(Output):
    """The dashboard's numbers of what the caller sees (seed 003)."""

    total: int
    by_status: dict[str, int]
    by_category: dict[str, int]
    by_module: dict[str, int]
    by_priority: dict[str, int]
    urgent_unsolved: int
    kept_share: float | None = Field(description="0 to 1: solutions within the promise, of those known.")
