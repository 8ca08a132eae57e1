"""The card of a call: what is overdue, who has it, and the answers this reader may give."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.runs import Runs
from bot.content import CardView, Reader
from bot.keyboards import Button, button
from bot.notices import ABOUT_TASK
from db.queries.assignments import assignment_by_id
from db.queries.escalations import EscalationDetail, escalation_by_id
from domain.chat import Thing
from domain.escalations import ANSWERS, SNOOZE_MINUTES, EscalationMove
from domain.ids import escalation_id
from domain.people import Person
from domain.roles import Permission


def may_answer(ladder: EscalationDetail, person: Person) -> bool:
    """Return whether a person's answer counts: they were called, or they manage the work."""
    return person.user_id in ladder.called or person.may(
        Permission.MANAGE_ASSIGNMENTS, ladder.organization_id
    )


@dataclass(frozen=True, slots=True)
class EscalationCard:
    """Builds the card of a ladder for whoever it called."""

    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card; a holder who is reminded gets the way to the task instead of answers."""
        ladder = await escalation_by_id(session, thing_id)
        if ladder is None or ladder.owner != Thing.ASSIGNMENT or reader.person is None:
            return None
        task = await assignment_by_id(session, ladder.owner_id)
        if task is None:
            return None
        answers = may_answer(ladder, reader.person)
        keyboard = _answers(ladder) if answers else []
        keyboard.append([button("open_task", ABOUT_TASK, "open", task.assignment_id, words={"task": task})])
        if answers:
            keyboard.append(self.runs.row(escalation_id(ladder.owner_workflow_id)))
        return CardView(
            template="cards/escalation",
            row=ladder,
            context={"task": task, "may_answer": answers},
            keyboard=[row for row in keyboard if row],
            final=ladder.ended_at is not None,
        )


def _answers(ladder: EscalationDetail) -> list[list[Button]]:
    """Return the answers the table allows: exactly these have buttons."""
    card, number, possible = Thing.ESCALATION, ladder.escalation_id, ANSWERS[ladder.status]
    first = []
    if EscalationMove.TAKE in possible:
        first.append(button("take", card, EscalationMove.TAKE, number, style="success"))
    if EscalationMove.ACKNOWLEDGE in possible:
        first.append(button("acknowledge", card, EscalationMove.ACKNOWLEDGE, number))
    later = [
        button("snooze", card, EscalationMove.SNOOZE, number, minutes, words={"minutes": minutes})
        for minutes in SNOOZE_MINUTES
        if EscalationMove.SNOOZE in possible
    ]
    return [first, later]
