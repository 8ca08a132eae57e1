"""The card of a run that was ended in the Temporal UI while its work is open (WORDS 2)."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.runs import Runs
from bot.content import CardView, Reader
from bot.keyboards import button
from db.queries.assignments import assignment_by_id
from db.queries.machines import lost_run, machine_by_id
from domain.chat import Thing
from domain.roles import Permission


@dataclass(frozen=True, slots=True)
class LostRunCard:
    """Builds the card of a lost run for the admins of its organization."""

    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not manage the work."""
        lost = await lost_run(session, thing_id)
        if lost is None or reader.person is None:
            return None
        if not reader.person.may(Permission.MANAGE_ASSIGNMENTS, lost.organization_id):
            return None
        about_task = lost.thing == Thing.ASSIGNMENT
        answer = [button("repair_run", Thing.LOST_RUN, "repair", thing_id, style="success")]
        if lost.thing != Thing.MACHINE:
            answer.append(button("cancel_run", Thing.LOST_RUN, "cancel", thing_id, style="danger"))
        return CardView(
            template="cards/lost_run",
            row=lost,
            context={
                "task": await assignment_by_id(session, lost.thing_id) if about_task else None,
                "machine": None if about_task else await machine_by_id(session, lost.thing_id),
            },
            keyboard=[answer, self.runs.row(lost.workflow_id)],
            final=lost.resolved_at is not None,
        )
