"""The card of a device conflict: another hardware than the bound one presents itself (DESIGN 5)."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.runs import Runs
from bot.content import CardView, Reader
from bot.keyboards import button
from db.queries.machines import machine_by_edge_server
from db.queries.stories import thing_story
from domain.chat import Thing
from domain.handshake import HandshakeMove
from domain.ids import handshake_id
from domain.roles import Permission

_ANSWERS = frozenset({"replace_device", "refuse"})
"""Actions in the story that answered a conflict."""


@dataclass(frozen=True, slots=True)
class HandshakeCard:
    """Builds the card of a handshake that waits for an admin; ``thing_id`` is the edge server's."""

    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not replace devices there."""
        machine = await machine_by_edge_server(session, thing_id)
        person = reader.person
        if machine is None or person is None:
            return None
        if not person.may(Permission.REPLACE_DEVICE, machine.organization_id):
            return None
        answer = [
            button("replace_device", Thing.HANDSHAKE, HandshakeMove.REPLACE, thing_id, style="danger"),
            button("refuse_device", Thing.HANDSHAKE, HandshakeMove.REFUSE, thing_id),
        ]
        told = await thing_story(session, Thing.ONBOARDING, machine.machine_id)
        told += await thing_story(session, Thing.HANDSHAKE, thing_id)
        answers = [line for line in told if line.action in _ANSWERS]
        return CardView(
            template="cards/handshake",
            row=machine,
            context={
                "conflict": machine.conflict,
                "answer": max(answers, key=lambda line: line.at, default=None),
                "workflow_id": handshake_id(machine.edge_id),
            },
            keyboard=[answer, self.runs.row(handshake_id(machine.edge_id))],
            final=machine.conflict is None,
        )
