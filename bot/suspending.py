"""Cutting a person off: the membership at once, open work back to whoever assigned it (WORDS 1)."""

from bot.context import SiagaContext
from db.queries.assignments import AssignmentDetail, AssignmentFilter, list_assignments
from db.queries.people import PersonRow, person_row
from domain.assignments import OPEN_STATUSES, AssignmentCommand, AssignmentMove
from domain.errors import NotAllowed, NotFound, Refusal
from domain.people import Person
from domain.roles import Permission, may_invite


def may_switch(me: Person, row: PersonRow) -> bool:
    """Return whether a person may suspend or restore a member: not themselves, and an admin up to admin."""
    mine = me.role_in(row.organization_id)
    return mine is not None and row.user_id != me.user_id and may_invite(mine, row.role)


async def switchable(context: SiagaContext, user_id: int, organization_id: int) -> PersonRow:
    """Return a member whom this person may suspend or restore.

    Raises:
        NotFound: they are no member there.
        NotAllowed: ``may_switch`` says no.
    """
    async with context.transaction() as session:
        row = await person_row(session, user_id, organization_id)
    if row is None:
        raise NotFound(noun="person")
    if not may_switch(context.me, row):
        raise NotAllowed
    return row


async def open_work(context: SiagaContext, row: PersonRow) -> list[AssignmentDetail]:
    """Return what a member is asked for or holds in that organization."""
    wanted = AssignmentFilter(
        organizations=[row.organization_id], assigned_to=row.user_id, statuses=tuple(OPEN_STATUSES)
    )
    async with context.transaction() as session:
        return await list_assignments(session, wanted, limit=200)


async def give_back(context: SiagaContext, source: str, row: PersonRow, note: str) -> int:
    """Take a suspended member's open work back; return how many tasks wait for a new person.

    The workflow then asks each task's dispatcher to choose again.
    """
    given = 0
    for task in await open_work(context, row):
        command = AssignmentCommand(
            move=AssignmentMove.WITHDRAW,
            actor_id=context.me.user_id,
            actor_name=context.me.name,
            actor_may_manage=context.me.may(Permission.MANAGE_ASSIGNMENTS, row.organization_id),
            note=note,
            withdrawn=row.user_id,
        )
        number = task.assignment_id
        try:
            context.settled(await context.gateway.move_assignment(f"{source}-{number}", number, command))
        except Refusal:
            continue  # it ended, or somebody else got it, in the same moment
        given += 1
    return given
