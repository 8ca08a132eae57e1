"""The card of a machine in service: is it heard, since when, what is in it, what happened last."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.runs import Runs
from bot.content import CardView, Reader
from bot.keyboards import Button, button
from db.queries.assignments import AssignmentFilter, list_assignments
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.pins import last_opening
from db.queries.stories import thing_story
from domain.assignments import OPEN_STATUSES
from domain.chat import Thing
from domain.ids import machine_id
from domain.machines import MACHINE, MachineMove
from domain.roles import Permission

MOVES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MachineCard:
    """Builds the card of a machine for the admins of its organization."""

    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not manage machines there."""
        machine = await machine_by_id(session, thing_id)
        person = reader.person
        if machine is None or person is None:
            return None
        if not person.may(Permission.REGISTER_MACHINE, machine.organization_id):
            return None
        wanted = AssignmentFilter(machine_id=thing_id, statuses=tuple(OPEN_STATUSES))
        return CardView(
            template="cards/machine",
            row=machine,
            context={
                "tasks": await list_assignments(session, wanted, limit=3),
                "opening": await last_opening(session, thing_id),
                "story": (await thing_story(session, Thing.MACHINE, thing_id, limit=MOVES_SHOWN)),
                "workflow_id": machine_id(machine.uuid),
            },
            keyboard=self._keyboard(machine),
        )

    def _keyboard(self, machine: MachineDetail) -> list[list[Button]]:
        number = machine.machine_id
        first = [button("assign_here", Thing.MACHINE, "assign", number, style="primary")]
        moves = MACHINE.moves_from(machine.status)
        if MachineMove.EMPTY in moves:
            first.append(button("empty", Thing.MACHINE, MachineMove.EMPTY, number))
        rows = [
            first,
            [
                button("map", Thing.MACHINE, "map", number),
                button("qr", Thing.MACHINE, "qr", number),
                button("why", Thing.MACHINE, "why", number),
            ],
        ]
        if run := self.runs.row(machine_id(machine.uuid)):
            rows.append(run)
        return rows
