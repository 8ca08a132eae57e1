"""Who calls: bearer tokens of people, and what they may in which organization (WORDS 1)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from db.ingest.requests import note_token_use
from db.queries.people import organizations as all_organizations
from db.queries.pharmacies import pharmacies_of
from db.queries.tokens import TokenOwner, token_owner
from db.session import SYSTEM, Scope
from domain.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, Suspended
from domain.people import Person
from domain.roles import Permission, Reach, Role
from domain.signing import secret_hash
from domain.ticket_sight import Sight, sight_of
from webhooks.state import Web

READ, WRITE = "read", "write"
NO_PHARMACY = 0
"""A customer without a pharmacy sees none, not all."""

_bearer = HTTPBearer(
    auto_error=False, description="A token made with `POST /admin/tokens` or `siaga token create`."
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a token, what the token is for, and the organizations they may see."""

    person: Person
    scopes: tuple[str, ...]
    organizations: tuple[int, ...]
    pharmacies: tuple[int, ...] = ()
    """Of a customer: the only ones whose tickets they see; empty for who is none."""

    @property
    def tenants(self) -> Scope:
        """The scope of this caller's transactions."""
        return Scope.of(self.organizations, self.pharmacies)

    @property
    def sight(self) -> Sight:
        """Whose tickets this caller sees; raises ``NotAllowed`` when the helpdesk is nothing to them."""
        seen = sight_of(self.person, self.organizations)
        if seen.is_empty:
            raise NotAllowed(permission=Permission.OPEN_TICKETS.value)
        return seen

    def require(self, permission: Permission, organization_id: int) -> Reach:
        """Return how far the right goes; raises ``NotAllowed`` when there is none."""
        if not self.person.may(permission, organization_id):
            raise NotAllowed(permission=permission.value)
        return self.person.reach(permission, organization_id)

    def organizations_with(self, permission: Permission, wanted: int | None = None) -> tuple[int, ...]:
        """Return where the caller holds a right over the whole organization, narrowed to ``wanted``.

        Raises:
            NotAllowed: nowhere, or not there.
        """
        wide = (Reach.EVERYWHERE, Reach.OWN_ORGANIZATION)
        found = tuple(
            number
            for number in self.organizations
            if wanted in (None, number) and self.person.reach(permission, number) in wide
        )
        if not found:
            raise NotAllowed(permission=permission.value)
        return found

    def one_organization(self, permission: Permission, wanted: int | None = None) -> int:
        """Return the organization that is meant: the named one, else the caller's only or own one.

        Raises:
            NotFound: it is none of the caller's.
            NotAllowed: the right is not held there.
            InvalidInput: several are possible.
        """
        if wanted is not None and wanted not in self.organizations:
            raise NotFound(noun="organization")
        found = self.organizations_with(permission, wanted)
        if len(found) == 1:
            return found[0]
        own = [one.organization_id for one in self.person.memberships if one.organization_id in found]
        if len(own) != 1:
            raise InvalidInput(field="organization_id", problem="ambiguous")
        return own[0]


async def _caller(web: Web, bearer: Bearer) -> Caller:
    if bearer is None:
        raise NotSignedIn
    async with web.settings.database.transaction(SYSTEM) as session:
        owner = _checked(await token_owner(session, secret_hash(bearer.credentials)))
        await note_token_use(session, owner.token_id)
        person = owner.known.person
        if person.is_super_admin:
            seen = tuple(number for number, _ in await all_organizations(session))
        else:
            seen = tuple(membership.organization_id for membership in person.memberships)
        within = await _pharmacies(session, person)
    return Caller(person, owner.scopes, seen, within)


async def _pharmacies(session: AsyncSession, person: Person) -> tuple[int, ...]:
    """Return what row-level security leaves of the pharmacies to somebody who is a customer of one."""
    held = [one for one in person.memberships if one.role == Role.CUSTOMER]
    if not held or person.is_super_admin:
        return ()
    elsewhere = [one.organization_id for one in person.memberships if one.role != Role.CUSTOMER]
    own = [one.pharmacy_id for one in held if one.pharmacy_id is not None]
    return (*own, *await pharmacies_of(session, elsewhere)) or (NO_PHARMACY,)


def _checked(owner: TokenOwner | None) -> TokenOwner:
    if owner is None:
        raise NotSignedIn
    if not owner.known.is_active:
        raise Suspended
    if not owner.live:
        raise NotSignedIn
    return owner


async def _reader(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    if READ not in caller.scopes:
        raise NotAllowed(scope=READ)
    return caller


async def _writer(caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    if WRITE not in caller.scopes:
        raise NotAllowed(scope=WRITE)
    return caller


Reader = Annotated[Caller, Depends(_reader)]
Writer = Annotated[Caller, Depends(_writer)]
