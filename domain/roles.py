"""Roles, permissions and the rights table of WORDS 1. Stored values are the seeds' (``teknisi``)."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one organization (seed 002; the helpdesk's from seed 003)."""

    SUPER_ADMIN = "super_admin"
    ADMIN = "admin"
    OPERATOR = "operator"
    TECHNICIAN = "teknisi"
    TENANT = "tenan"
    USER = "user"
    TEAM_EXPERT = "team_expert"
    TECH = "tech"
    CUSTOMER = "customer"


class Permission(StrEnum):
    """The actions of WORDS 1."""

    REGISTER_MACHINE = "register_machine"
    GRANT_ACCESS = "grant_access"
    REPLACE_DEVICE = "replace_device"
    REISSUE_KEY = "reissue_key"
    MANAGE_ASSIGNMENTS = "manage_assignments"
    DO_ASSIGNMENTS = "do_assignments"
    MAINTENANCE_PIN = "maintenance_pin"
    SEE_MACHINES = "see_machines"
    REPORT_PROBLEM = "report_problem"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_HELPDESK = "manage_helpdesk"
    """Pharmacies, modules, categories, policies, canned answers."""
    REVIEW_TICKETS = "review_tickets"
    WORK_ON_TICKETS = "work_on_tickets"
    OPEN_TICKETS = "open_tickets"
    """Open, comment, confirm, reopen, rate."""
    MANAGE_SETTINGS = "manage_settings"
    SEE_FIGURES = "see_figures"
    """How the organization stands: status, measures, exports."""
    FIND = "find"
    BE_ON_DUTY = "be_on_duty"
    """Have shifts, go on and off duty: who is asked, or decides, now."""


class Reach(StrEnum):
    """How far a permission goes (the dots of WORDS 1)."""

    EVERYWHERE = "everywhere"
    OWN_ORGANIZATION = "own_organization"
    OWN = "own"
    """Own, granted or assigned only."""
    PUBLIC = "public"
    """The narrow public list only."""
    NONE = "none"


_ADMINS = (Role.SUPER_ADMIN, Role.ADMIN)
_FIELD = (Role.OPERATOR, Role.TECHNICIAN)


def _admin_action(*, admin: bool = True) -> dict[Role, Reach]:
    """Return the row of an action that admins do."""
    row = {Role.SUPER_ADMIN: Reach.EVERYWHERE}
    if admin:
        row[Role.ADMIN] = Reach.OWN_ORGANIZATION
    return row


RIGHTS: dict[Permission, dict[Role, Reach]] = {
    Permission.REGISTER_MACHINE: _admin_action(),
    Permission.GRANT_ACCESS: _admin_action(admin=False),
    Permission.REPLACE_DEVICE: _admin_action(),
    Permission.REISSUE_KEY: _admin_action() | dict.fromkeys(_FIELD, Reach.OWN),
    Permission.MANAGE_ASSIGNMENTS: _admin_action(),
    Permission.DO_ASSIGNMENTS: dict.fromkeys(_FIELD, Reach.OWN),
    Permission.MAINTENANCE_PIN: dict.fromkeys(_FIELD, Reach.OWN),
    Permission.SEE_MACHINES: _admin_action()
    | dict.fromkeys((*_FIELD, Role.TENANT), Reach.OWN)
    | {Role.USER: Reach.PUBLIC},
    Permission.REPORT_PROBLEM: dict.fromkeys(Role, Reach.OWN_ORGANIZATION)
    | {Role.SUPER_ADMIN: Reach.EVERYWHERE},
    Permission.MANAGE_PEOPLE: _admin_action(),
    Permission.MANAGE_HELPDESK: _admin_action(),
    Permission.REVIEW_TICKETS: _admin_action() | {Role.TEAM_EXPERT: Reach.OWN_ORGANIZATION},
    Permission.WORK_ON_TICKETS: _admin_action()
    | {Role.TEAM_EXPERT: Reach.OWN_ORGANIZATION, Role.TECH: Reach.OWN},
    Permission.OPEN_TICKETS: _admin_action()
    | {Role.TEAM_EXPERT: Reach.OWN_ORGANIZATION, Role.TECH: Reach.OWN_ORGANIZATION, Role.CUSTOMER: Reach.OWN},
    Permission.MANAGE_SETTINGS: _admin_action(),
    Permission.SEE_FIGURES: _admin_action(),
    Permission.FIND: _admin_action() | dict.fromkeys(_FIELD, Reach.OWN),
    Permission.BE_ON_DUTY: dict.fromkeys((*_ADMINS, *_FIELD, Role.TEAM_EXPERT, Role.TECH), Reach.OWN),
}

STAFF_ROLES = frozenset({*_ADMINS, *_FIELD, Role.TEAM_EXPERT, Role.TECH})
"""Roles that become active only after the inviter confirmed who opened the link (WORDS 1)."""

FIELD_ROLES = frozenset(_FIELD)
ADMIN_ROLES = frozenset(_ADMINS)


def reach(role: Role, permission: Permission) -> Reach:
    """Return how far the role's right goes."""
    return RIGHTS[permission].get(role, Reach.NONE)


def may(role: Role, permission: Permission) -> bool:
    """Return whether the role has the right at all; its reach is checked where the thing is known."""
    return reach(role, permission) not in (Reach.NONE, Reach.PUBLIC)


def may_invite(inviter: Role, role: Role) -> bool:
    """Return whether the inviter may give this role: an admin up to admin, a super admin any (WORDS 1)."""
    return may(inviter, Permission.MANAGE_PEOPLE) and (
        role != Role.SUPER_ADMIN or inviter == Role.SUPER_ADMIN
    )
