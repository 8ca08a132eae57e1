"""Rights, asked again at every tap and at the end of every dialog (DESIGN 6)."""

from bot.context import SiagaContext
from domain.errors import NotAllowed
from domain.people import Person
from domain.roles import Permission


def require(context: SiagaContext, permission: Permission, organization_id: int) -> Person:
    """Return the person when they hold the right in the organization; raises ``NotAllowed`` otherwise."""
    me = context.me
    if not me.may(permission, organization_id):
        raise NotAllowed
    return me
