"""The code on a machine: whoever has a task there starts it by opening the code (WORDS 5)."""

from uuid import UUID

from bot.arriving import start
from bot.context import SiagaContext
from bot.handlers.machines import show_card_of
from bot.handlers.problems import open_report
from bot.keyboards import button
from bot.notices import ABOUT_MACHINE
from db.queries.assignments import AssignmentDetail, open_assignments_of
from db.queries.grants import may_enter
from db.queries.machines import MachineDetail, machine_by_uuid
from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import AssignmentStatus
from domain.chat import Thing
from domain.errors import NotFound
from domain.roles import Permission

_FIRST = (AssignmentStatus.IN_PROGRESS, AssignmentStatus.ACCEPTED, AssignmentStatus.PENDING)


async def scan(context: SiagaContext, uuid: UUID) -> None:
    """Start the accepted task at the machine; show one that is offered or under way; else take a report."""
    async with context.transaction() as session:
        machine = await machine_by_uuid(session, uuid)
        tasks = await open_assignments_of(session, context.me.user_id) if context.person else []
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
    """Show the machine to who manages it, tell a technician how it stands, let everybody else report."""
    person, organization = context.person, machine.organization_id
    if person is not None and person.may(Permission.REGISTER_MACHINE, organization):
        await show_card_of(context, machine)
    elif person is not None and person.may(Permission.DO_ASSIGNMENTS, organization):
        async with context.transaction() as session:
            entering = await may_enter(session, person.user_id, machine.machine_id)
        report = button("report_problem", ABOUT_MACHINE, "report", machine.machine_id)
        await context.reply("replies/nothing_here", keyboard=[[report]], machine=machine, may_enter=entering)
    else:
        await open_report(context, machine)
