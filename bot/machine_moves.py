"""One verb on a machine or its onboarding, with the right asked where the machine is known."""

from bot.context import SiagaContext
from bot.rights import require
from db.queries.machines import MachineDetail, machine_by_id
from domain.errors import NotFound
from domain.machines import MachineCommand, MachineMove, MachineView
from domain.onboarding import OnboardingCommand, OnboardingMove, OnboardingView
from domain.roles import Permission

_RIGHTS = {OnboardingMove.REISSUE_KEY: Permission.REPLACE_DEVICE}


async def machine(context: SiagaContext, machine_id: int, permission: Permission) -> MachineDetail:
    """Return a machine at whose organization the person holds the right.

    Raises:
        NotFound: there is no such machine.
        NotAllowed: they do not hold the right there.
    """
    async with context.transaction() as session:
        found = await machine_by_id(session, machine_id)
    if found is None:
        raise NotFound(noun="machine")
    require(context, permission, found.organization_id)
    return found


async def move_onboarding(
    context: SiagaContext, source: str, machine_id: int, verb: OnboardingMove
) -> OnboardingView:
    """Ask the onboarding for a move of an admin and return the new view."""
    found = await machine(context, machine_id, _RIGHTS.get(verb, Permission.REGISTER_MACHINE))
    command = OnboardingCommand(verb, context.me.user_id, context.me.name)
    return context.settled(await context.gateway.move_onboarding(source, found.uuid, command))


async def move_machine(context: SiagaContext, source: str, machine_id: int, verb: MachineMove) -> MachineView:
    """Ask the machine for a move of an admin and return the new view."""
    found = await machine(context, machine_id, Permission.REGISTER_MACHINE)
    command = MachineCommand(context.me.user_id, verb)
    return context.settled(await context.gateway.move_machine(source, found.uuid, command))
