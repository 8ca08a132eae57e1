"""Checklists: kept as work began, answered in any order, and what a failed critical step leads to."""

import pytest

from db.checklists import save_checklist
from db.queries.assignments import AssignmentFilter, list_assignments
from db.session import SYSTEM
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.assignments import TaskType
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind
from domain.errors import ChecklistOpen, InvalidInput, PhotoRequired
from tests.waiting import eventually
from tests.workflows.field import Field
from tests.workflows.steps import a_started_task

STEPS = [
    ChecklistItem("power", "Kabel daya aman", "Power cable is safe", critical=True),
    ChecklistItem("lens", "Lensa bersih", "Lens is clean"),
    ChecklistItem("heat", "Suhu boks", "Heat", ItemKind.NUMBER, critical=True, maximum=55, unit="°C"),
    ChecklistItem("front", "Foto depan", "Photo of the front", ItemKind.PHOTO),
]
OK, FAILED = CheckOutcome.OK, CheckOutcome.FAILED


async def asked_on_site(field: Field, *steps: ChecklistItem) -> None:
    """Set what maintenance asks for from now on."""
    async with field.database.transaction(SYSTEM) as session:
        await save_checklist(
            session,
            organization_id=field.organization,
            task_type=TaskType.MAINTENANCE,
            items=steps,
            actor_id=field.people["Admin"],
            source=field.source(),
        )


@pytest.mark.outcome("assignment-settled-with-follow-up")
async def test_a_failed_critical_step_becomes_a_repair_that_follows_from_the_task(field: Field) -> None:
    await asked_on_site(field, *STEPS)
    task = await a_started_task(field)
    await asked_on_site(field, STEPS[0])  # the running task stays as it began

    with pytest.raises(InvalidInput):
        await field.move(task, Move.CHECK, answers=[ChecklistAnswer("heat", OK)])
    with pytest.raises(InvalidInput):
        await field.move(task, Move.CHECK, answers=[ChecklistAnswer("never heard of", OK)])
    view = await field.move(task, Move.CHECK, answers=[ChecklistAnswer(one, OK) for one in ("power", "lens")])
    assert view.steps_open == 2
    with pytest.raises(PhotoRequired):
        await field.move(task, Move.COMPLETE)
    photo = ChecklistAnswer("front", OK, file_id=await field.a_photo())
    await field.move(task, Move.CHECK, answers=[photo])
    with pytest.raises(ChecklistOpen) as refused:
        await field.move(task, Move.COMPLETE)
    assert refused.value.details == {"missing": 1}
    hot = ChecklistAnswer("heat", OK, number=61.5)  # whoever says OK: the limits decide
    corrected = ChecklistAnswer("lens", FAILED, text="scratched")
    await field.move(task, Move.CHECK, answers=[hot, corrected])
    done = await field.move(task, Move.COMPLETE)

    row = await field.row(task)
    assert (done.status, done.photos, len(row.photos)) == (Status.COMPLETED, 1, 1)
    assert [(one.code, one.outcome) for one in row.answers] == [
        ("power", OK),
        ("lens", FAILED),
        ("heat", FAILED),
        ("front", OK),
    ]

    async def repairs() -> list[tuple[int | None, str, str, int]]:
        async with field.database.transaction(SYSTEM) as session:
            wanted = AssignmentFilter(task_type=TaskType.REPAIR)
            found = await list_assignments(session, wanted)
        return [(one.parent_assignment_id, one.status, one.description, len(one.asked)) for one in found]

    (repair,) = await eventually(repairs, bool)
    assert repair == (task.assignment_id, "pending", "Suhu boks (61.5 °C)", 0)
    assert await field.rings("Admin", "assignment") == 1  # the dispatcher has its card, and chooses


async def test_a_new_start_takes_the_checklist_of_that_day_and_asks_again(field: Field) -> None:
    await asked_on_site(field, STEPS[0], STEPS[1])
    task = await a_started_task(field)
    await field.move(task, Move.CHECK, answers=[ChecklistAnswer("power", OK)])
    await field.move(task, Move.HAND_BACK, reason="need_help")
    await asked_on_site(field, STEPS[0])
    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    await field.move(task, Move.ACCEPT, by="Operator")

    view = await field.move(task, Move.START, by="Operator")

    row = await field.row(task)
    assert view.steps_open == 1
    assert ([one.code for one in row.checklist], row.answers) == (["power"], [])
