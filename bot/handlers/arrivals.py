"""The code on a machine: whoever has a task there starts it by opening the code (WORDS 5)."""

import re
from uuid import UUID

from bot.arriving import start
from bot.context import SiagaContext
from bot.handlers.machines import show_card_of
from db.queries.assignments import AssignmentDetail, open_assignments_of
from db.queries.grants import may_enter
from db.queries.machines import MachineDetail, machine_by_uuid
from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import AssignmentStatus
from domain.chat import Thing
from domain.errors import NotFound
from domain.roles import Permission

_CODE = re.compile(r"m_([0-9a-f]{32})")
_FIRST = (AssignmentStatus.IN_PROGRESS, AssignmentStatus.ACCEPTED, AssignmentStatus.PENDING)


def machine_in(payload: str) -> UUID | None:
    """Return the machine whose code a deep link is, ``m_<uuid without dashes>``; None for another link."""
    found = _CODE.fullmatch(payload)
    return UUID(found[1]) if found else None


async def scan(context: SiagaContext, uuid: UUID) -> None:
    """Start the accepted task at the machine; show one that is offered or under way; else say what helps."""
    async with context.transaction() as session:
        machine = await machine_by_uuid(session, uuid)
        tasks = await open_assignments_of(session, context.me.user_id)
    if machine is None:
        raise NotFound(noun="machine")
    here = [one for one in tasks if one.machine_id == machine.machine_id]
    if not here:
        await _nothing_here(context, machine)
        return
    found: AssignmentDetail = min(here, key=lambda one: _FIRST.index(one.status))
    if found.status == AssignmentStatus.ACCEPTED:
        await start(context, context.source, found, proof=Proof(ArrivalMethod.QR, context.said_at))
    else:
        await context.show_card(Thing.ASSIGNMENT, found.assignment_id)


async def _nothing_here(context: SiagaContext, machine: MachineDetail) -> None:
    """Show the machine to who manages it; others are told that nothing waits for them there."""
    if context.me.may(Permission.REGISTER_MACHINE, machine.organization_id):
        await show_card_of(context, machine)
        return
    async with context.transaction() as session:
        entering = await may_enter(session, context.me.user_id, machine.machine_id)
    await context.reply("replies/nothing_here", machine=machine, may_enter=entering)
