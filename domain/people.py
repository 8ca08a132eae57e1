"""People: who they are in this process, and in what organization they act."""

from dataclasses import dataclass, field

from domain.roles import Permission, Reach, Role, reach


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one organization."""

    organization_id: int
    organization_name: str
    role: Role
    pharmacy_id: int | None = None
    """Of a customer: where they work."""
    pharmacy_name: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A linked, active human as handlers see them."""

    user_id: int
    name: str
    language: str
    """``id`` or ``en``."""
    time_zone: str
    """IANA name."""
    is_super_admin: bool = False
    memberships: tuple[Membership, ...] = field(default=())
    telegram_id: int | None = None

    def role_in(self, organization_id: int) -> Role | None:
        """Return the role in an organization; a super admin is one everywhere."""
        if self.is_super_admin:
            return Role.SUPER_ADMIN
        return next((m.role for m in self.memberships if m.organization_id == organization_id), None)

    def reach(self, permission: Permission, organization_id: int) -> Reach:
        """Return how far the permission goes for this person in that organization."""
        role = self.role_in(organization_id)
        return Reach.NONE if role is None else reach(role, permission)

    def may(self, permission: Permission, organization_id: int) -> bool:
        """Return whether the person has the right there at all."""
        return self.reach(permission, organization_id) not in (Reach.NONE, Reach.PUBLIC)

    @property
    def pharmacies(self) -> tuple[Membership, ...]:
        """Return where the person is a customer of a helpdesk."""
        return tuple(m for m in self.memberships if m.pharmacy_id is not None and m.role == Role.CUSTOMER)

    def organizations_with(self, permission: Permission) -> tuple[int, ...]:
        """Return the organizations in which the person holds the permission, own ones only."""
        return tuple(m.organization_id for m in self.memberships if self.may(permission, m.organization_id))
