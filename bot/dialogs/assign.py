"""The dialog that assigns a task: which machine, what, how urgent, who, when."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    ConfirmField,
    DateTimeField,
    Dialog,
    PickerField,
    TextField,
)
from bot.dialogs.pickers import field_people, machines_of_organization, organization_field
from bot.rights import require
from db import numbers
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.settings import setting
from domain.assignments import AssignmentPolicy, AssignmentState, TaskType
from domain.chat import Thing
from domain.defaults import EXPECTED_MINUTES
from domain.errors import NotFound
from domain.ids import onboarding_id
from domain.onboarding import OPEN_STEPS
from domain.people import Person
from domain.priorities import Priority
from domain.roles import Permission

NAME = "assign"
DESCRIPTION_LENGTH = 1000


async def _state(
    session: AsyncSession, me: Person, machine: MachineDetail, answers: Answers, source: str
) -> AssignmentState:
    task_type, priority = TaskType(answers["task_type"]), Priority(answers["priority"])
    stands = await setting(session, machine.organization_id, f"offer_stands_{priority}_s")
    waits = task_type == TaskType.INSTALLATION and machine.onboarding_step in OPEN_STEPS
    return AssignmentState(
        assignment_id=await numbers.reserve(session, "assignment", source),
        organization_id=machine.organization_id,
        machine_id=machine.machine_id,
        machine_uuid=machine.uuid,
        machine_name=machine.name,
        assigned_by=me.user_id,
        task_type=task_type,
        priority=priority,
        scheduled_date=answers["at"],
        policy=AssignmentPolicy(offer_stands_s=stands),
        assigned_to=answers["person"].id,
        assignee_name=answers["person"].label,
        description=answers.get("description") or "",
        expected_minutes=EXPECTED_MINUTES[task_type],
        onboarding_id=onboarding_id(machine.uuid) if waits else None,
    )


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Create the assignment; the dispatcher gets its card, and the person asked theirs."""
    me = require(context, Permission.MANAGE_ASSIGNMENTS, answers["organization"].id)
    async with context.transaction() as session:
        machine = await machine_by_id(session, answers["machine"].id)
        if machine is None or machine.organization_id != answers["organization"].id:
            raise NotFound(noun="machine")
        state = await _state(session, me, machine, answers, source)
    view = context.settled(await context.gateway.create_assignment(source, state))
    await context.show_card(Thing.ASSIGNMENT, view.assignment_id)


ASSIGN = Dialog(
    NAME,
    fields=(
        organization_field(Permission.MANAGE_ASSIGNMENTS),
        PickerField(name="machine", options=machines_of_organization),
        ChoiceField(name="task_type", choices=tuple(TaskType), labels="task_type"),
        ChoiceField(name="priority", choices=tuple(reversed(Priority)), labels="priority"),
        PickerField(name="person", options=field_people),
        DateTimeField(name="at"),
        TextField(name="description", max_length=DESCRIPTION_LENGTH, optional=True),
        ConfirmField(name="confirm", label="assign"),
    ),
    finish=finish,
)
