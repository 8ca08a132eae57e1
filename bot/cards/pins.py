"""The button for a maintenance PIN on the card of a task."""

from bot.keyboards import Button, button
from db.queries.assignments import AssignmentDetail
from domain.assignments import HELD_STATUSES
from domain.chat import Thing
from domain.people import Person
from domain.pins import KEYPAD_STEPS
from domain.roles import Permission


def pin_row(task: AssignmentDetail, person: Person) -> list[Button]:
    """Return the row for whoever holds the task at a machine that has a keypad."""
    held = task.assigned_to == person.user_id and task.status in HELD_STATUSES
    may = person.may(Permission.MAINTENANCE_PIN, task.organization_id)
    if not (held and may and task.machine_onboarding_step in KEYPAD_STEPS):
        return []
    return [button("pin", Thing.ASSIGNMENT, "pin", task.assignment_id)]
