"""What activities and the sender agree on: things with cards, and how loud a message is."""

from enum import IntEnum, StrEnum


class Thing(StrEnum):
    """What a card shows; with the thing's id the key of a card."""

    ASSIGNMENT = "assignment"
    ONBOARDING = "onboarding"
    """Keyed by the machine's id: the machine's card until it is commissioned."""
    MACHINE = "machine"
    HANDSHAKE = "handshake"
    """Keyed by the edge server's id: a device conflict that waits for an admin."""
    INVITE = "invite"
    LOST_RUN = "lost_run"
    """A terminated workflow whose row is still open; keyed by the row of ``lost_runs``."""
    DIALOG = "dialog"
    """The prompt of an open dialog; keyed by its row."""
    CHECKLIST = "checklist"
    """The steps of a task in progress, in one message; keyed by the assignment's id."""
    ESCALATION = "escalation"
    """A rung that called the reader; keyed by the row of ``escalations``."""
    PROBLEM = "problem"
    """What somebody reported at a machine; keyed by the row of ``problem_reports``."""
    PLAN = "plan"
    """A maintenance plan; keyed by the row of ``maintenance_plans``."""
    TICKET = "ticket"
    """In the customer's chat and, for staff, in its topic."""
    TICKET_DRAFT = "ticket_draft"
    """What a customer has said and not sent yet; keyed by the row of ``ticket_drafts``."""
    JOIN_REQUEST = "join_request"
    """Somebody who wants to join a pharmacy; keyed by the row of ``join_requests``."""
    LATE_TICKETS = "late_tickets"
    """Tickets that call the reader because a promise is broken, or nearly; keyed by the person."""
    SETTINGS = "settings"
    """The defaults of an organization; keyed by its id."""


class Loudness(StrEnum):
    """How a change reaches the reader (WORDS 5, bump rule)."""

    EDIT = "edit"
    """Edited in silently: the reader caused it or need not act."""
    SILENT = "silent"
    """A new message without sound."""
    SOUND = "sound"
    """A new message that replies to the card."""
    PAGE = "page"
    """Like sound, ahead of everything and through quiet hours."""


class SendPriority(IntEnum):
    """Order in which due sends leave (DESIGN 6)."""

    PAGE = 1
    REPLY = 2
    CARD = 3
    DIGEST = 4


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """A first send whose outcome is unknown (DESIGN 3.6)."""
    FAILED = "failed"
    DROPPED = "dropped"


class DeliveryClass(StrEnum):
    """What happens to a first send with an unknown outcome."""

    CHATTER = "chatter"
    """Not repeated."""
    ALARM = "alarm"
    """Repeated with a visible mark."""
    CARD = "card"
    """Sent again after 60 s; a tap from the unknown copy adopts or retires it."""
