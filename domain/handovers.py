"""Handing over: who stands in for somebody since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """Everything that was one person's until a moment is another's from then on."""

    from_user_id: int
    to_user_id: int
    at: datetime


def successor(handovers: Iterable[Handover], user_id: int, since: datetime) -> int:
    """Return whose a duty is now that somebody has had since a moment.

    ``handovers`` are those of the organization, oldest first. What somebody got after they handed over stays
    theirs: they may have come back.
    """
    for one in handovers:
        if one.from_user_id == user_id and one.at > since:
            user_id, since = one.to_user_id, one.at
    return user_id
