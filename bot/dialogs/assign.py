"""The dialog that assigns a task: which machine, what, how urgent, who, when."""

from bot import problem_moves
from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    ConfirmField,
    DateTimeField,
    Dialog,
    NumberField,
    PickerField,
    TextField,
)
from bot.dialogs.pickers import machines_of_organization, offer_to, organization_field, people_field
from bot.rights import require
from db.queries.machines import machine_by_id
from db.queries.new_assignments import NewAssignment, new_assignment
from domain.assignments import TaskType
from domain.chat import Thing
from domain.errors import NotFound
from domain.priorities import Priority
from domain.roles import Permission

NAME = "assign"
DESCRIPTION_LENGTH = 1000


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Create the assignment; the dispatcher gets its card, and the person asked theirs."""
    me = require(context, Permission.MANAGE_ASSIGNMENTS, answers["organization"].id)
    async with context.transaction() as session:
        machine = await machine_by_id(session, answers["machine"].id)
        if machine is None or machine.organization_id != answers["organization"].id:
            raise NotFound(noun="machine")
        order = NewAssignment(
            machine_id=machine.machine_id,
            assigned_by=me.user_id,
            task_type=TaskType(answers["task_type"]),
            priority=Priority(answers["priority"]),
            scheduled_date=answers["at"],
            offer=offer_to(answers["people"]),
            description=answers.get("description") or "",
        )
        state = await new_assignment(session, order, source)
    view = context.settled(await context.gateway.create_assignment(source, state))
    if answers.get("problem"):
        await problem_moves.assign(context, answers["problem"], view.assignment_id, source)
    await context.show_card(Thing.ASSIGNMENT, view.assignment_id)


ASSIGN = Dialog(
    NAME,
    fields=(
        organization_field(Permission.MANAGE_ASSIGNMENTS),
        PickerField(name="machine", options=machines_of_organization),
        ChoiceField(name="task_type", choices=tuple(TaskType), labels="task_type"),
        ChoiceField(name="priority", choices=tuple(reversed(Priority)), labels="priority"),
        people_field(),
        DateTimeField(name="at"),
        TextField(name="description", max_length=DESCRIPTION_LENGTH, optional=True),
        NumberField(name="problem", when=lambda answers: "problem" in answers),
        ConfirmField(name="confirm", label="assign"),
    ),
    finish=finish,
)
