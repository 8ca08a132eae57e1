"""Which verb a wished-for status means: the API's PUT is a move of the table, or refused (decision 13)."""

from domain.errors import NotPossibleNow
from domain.tickets import TICKET, TicketMove, TicketStatus

_IN_ORDER = (
    TicketMove.TAKE,
    TicketMove.FORWARD,
    TicketMove.BACK,
    TicketMove.ASK,
    TicketMove.ANSWER,
    TicketMove.SOLVE,
    TicketMove.CONFIRM,
    TicketMove.REOPEN,
    TicketMove.CLOSE,
)
"""Where two verbs lead to a status, the first one is meant."""
_ANSWERED = frozenset({TicketStatus.IN_REVIEW, TicketStatus.IN_PROGRESS})
"""The answer leads back to where the question came from: either of these means it."""


def verb_for(
    status: TicketStatus, wanted: TicketStatus, *, by_staff: bool, names_tech: bool = False
) -> TicketMove:
    """Return the move that leads to the wanted status.

    Raises:
        NotPossibleNow: the table has none from the present one.
    """
    left_out = {TicketMove.CONFIRM} if by_staff else set()
    if status == TicketStatus.IN_PROGRESS:
        left_out.add(TicketMove.TAKE if names_tech else TicketMove.FORWARD)
    for move in _IN_ORDER:
        row = TICKET.rows.get((status, move))
        if row is None or move in left_out:
            continue
        if row.to == wanted or (move == TicketMove.ANSWER and wanted in _ANSWERED):
            return move
    raise NotPossibleNow(noun="ticket", status=status.value, move=wanted.value)
