"""Whose tickets a person sees (WORDS 1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.people import Person
from domain.roles import Permission, Reach, Role

_WIDE = frozenset({Reach.EVERYWHERE, Reach.OWN_ORGANIZATION})


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the helpdesk a person sees: all of an organization, what was forwarded, or a pharmacy's."""

    user_id: int
    whole: tuple[int, ...] = ()
    """Organizations in which they see every ticket."""
    forwarded: tuple[int, ...] = ()
    """Organizations in which they see what was forwarded to them, or to any of them, and what they opened."""
    pharmacies: tuple[int, ...] = ()
    """Of which they are customers."""

    def sees_internal(self, organization_id: int) -> bool:
        """Return whether they read what stays inside the helpdesk."""
        return organization_id in self.whole or organization_id in self.forwarded

    @property
    def is_empty(self) -> bool:
        """Whether the helpdesk is nothing to them."""
        return not (self.whole or self.forwarded or self.pharmacies)


def sight_of(person: Person, organizations: Iterable[int]) -> Sight:
    """Return what a person sees in these organizations."""
    reaches = {number: person.reach(Permission.WORK_ON_TICKETS, number) for number in organizations}
    customers = (one for one in person.memberships if one.role == Role.CUSTOMER)
    return Sight(
        person.user_id,
        whole=tuple(number for number, reach in reaches.items() if reach in _WIDE),
        forwarded=tuple(number for number, reach in reaches.items() if reach == Reach.OWN),
        pharmacies=tuple(one.pharmacy_id for one in customers if one.pharmacy_id is not None),
    )
