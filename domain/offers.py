"""Whom a task is offered to, and in which manner (DESIGN 5)."""

from dataclasses import dataclass, field
from enum import StrEnum


class OfferMode(StrEnum):
    """How several people are asked."""

    ONE = "one"
    """One after the other: whoever declines or does not answer makes room for the next."""
    POOL = "pool"
    """All at once: the first accept wins."""


class OfferOutcome(StrEnum):
    """What became of asking one person."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    TAKEN = "taken"
    """Somebody else of the pool was first."""
    WITHDRAWN = "withdrawn"
    """The dispatcher asked others, or cancelled."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who is, or will be, asked."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The people a task goes to, in the order they are asked; nobody: the dispatcher chooses later."""

    candidates: list[Candidate] = field(default_factory=list)
    mode: OfferMode = OfferMode.ONE


def dealt(offer: Offer) -> tuple[list[Candidate], list[Candidate]]:
    """Return who is asked now and who is asked next; somebody named twice is asked once."""
    people = list({one.user_id: one for one in offer.candidates}.values())
    if offer.mode == OfferMode.POOL:
        return people, []
    return people[:1], people[1:]
