"""The card of a report: what is wrong where, how often it was said, and what a dispatcher can do about it."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import Button, button
from db.queries.assignments import AssignmentDetail, AssignmentFilter, list_assignments
from db.queries.problems import ProblemDetail, problem_by_id
from domain.assignments import OPEN_STATUSES
from domain.chat import Thing
from domain.problems import ProblemStatus
from domain.roles import Permission

TASKS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ProblemCard:
    """Builds the card of a proposal for those who dispatch in the machine's organization."""

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not manage assignments there."""
        found = await problem_by_id(session, thing_id)
        person = reader.person
        if found is None or person is None:
            return None
        if not person.may(Permission.MANAGE_ASSIGNMENTS, found.organization_id):
            return None
        tasks: list[AssignmentDetail] = []
        if found.status == ProblemStatus.OPEN:
            wanted = AssignmentFilter(machine_id=found.machine_id, statuses=tuple(OPEN_STATUSES))
            tasks = await list_assignments(session, wanted, limit=TASKS_SHOWN)
        # A report that was folded into another one is shown by that one's card.
        folded = found.report_id != thing_id
        return CardView(
            template="cards/problem",
            row=found,
            context={"tasks": tasks},
            keyboard=_keyboard(found, tasks),
            final=folded or found.status in (ProblemStatus.DISMISSED, ProblemStatus.DONE),
        )


def _keyboard(found: ProblemDetail, tasks: list[AssignmentDetail]) -> list[list[Button]]:
    number, rows = found.report_id, list[list[Button]]()
    if found.status == ProblemStatus.OPEN:
        rows.append(
            [
                button("problem_assign", Thing.PROBLEM, "assign", number, style="primary"),
                button("problem_dismiss", Thing.PROBLEM, "dismiss", number),
            ]
        )
        rows += [
            [button("problem_link", Thing.PROBLEM, "link", number, task.assignment_id, words={"task": task})]
            for task in tasks
        ]
    elif found.assignment_id is not None:
        words = {"number": found.assignment_id}
        rows.append([button("problem_task", Thing.PROBLEM, "task", number, words=words)])
    return rows
