"""What follows a task's end: its report, kept and sent once, and what becomes of the problem it was for."""

import io

from PIL import Image
from pypdf import PdfReader
from sqlalchemy import text

from activities.reports import ReportActivities
from db.files import record_picture
from db.images import reencode
from db.problem_decisions import assign_problem
from db.problems import report_problem
from db.queries.problems import ProblemDetail, problem_by_id
from db.queries.reports import CompletionReport, completion_report
from db.session import SYSTEM
from db.store import LocalStore
from domain.assignments import AssignmentMove, AssignmentView, TaskType
from domain.problems import ProblemKind, ProblemReport, ProblemStatus, Reporter
from tests.db.papers.samples import picture
from tests.waiting import eventually
from tests.workflows.field import Field
from tests.workflows.servers import ADDRESSES


async def a_reported_task(field: Field) -> tuple[AssignmentView, int]:
    """Return a task that takes care of a reported problem, and the problem's number."""
    task, machine = await field.a_task(task_type=TaskType.INSPECTION), await field.a_machine()
    report = ProblemReport(
        machine.machine_id, field.organization, ProblemKind.FULL, "form-1", Reporter("ip-1", "id")
    )
    async with field.database.transaction(SYSTEM) as session:
        number = await report_problem(session, report)
        await assign_problem(
            session, number, task.assignment_id, actor_id=field.people["Admin"], source="form-1-assign"
        )
    return task, number


async def complete(field: Field, task: AssignmentView, photo: int) -> None:
    await field.move(task, AssignmentMove.ACCEPT)
    await field.move(task, AssignmentMove.START)
    await field.move(task, AssignmentMove.PHOTO, file_ids=[photo])
    await field.move(task, AssignmentMove.COMPLETE, note="Beres")


async def stored(field: Field, content: bytes) -> int:
    """Store a photo as chat and API do."""
    field.sources += 1
    async with field.database.transaction(SYSTEM) as session:
        file, _ = await record_picture(
            session, reencode(content), sha256=f"{field.sources:064x}", organization_id=field.organization
        )
    return file.file_id


async def problem(field: Field, number: int) -> ProblemDetail:
    async with field.database.transaction(SYSTEM) as session:
        found = await problem_by_id(session, number)
    assert found is not None
    return found


async def report_of(field: Field, task: AssignmentView) -> CompletionReport | None:
    async with field.database.transaction(SYSTEM) as session:
        return await completion_report(session, task.assignment_id)


async def kept(field: Field, task: AssignmentView) -> CompletionReport:
    """Return the report once it is kept."""
    found = await eventually(
        lambda: report_of(field, task), lambda one: one is not None and one.file_id is not None
    )
    assert found is not None
    return found


async def test_a_cancelled_task_gives_its_problem_back_to_the_dispatcher(field: Field) -> None:
    task, number = await a_reported_task(field)
    before = await field.rings("Admin", "problem")

    await field.move(task, AssignmentMove.CANCEL, by="Admin")

    found = await problem(field, number)
    assert (found.status, found.assignment_id) == (ProblemStatus.OPEN, None)
    assert await field.rings("Admin", "problem") == before + 1


async def test_a_completion_settles_its_problem_and_its_report_is_kept_and_sent_once(
    field: Field, files: LocalStore
) -> None:
    task, number = await a_reported_task(field)

    await complete(field, task, await field.a_photo())

    report = await kept(field, task)
    assert (await problem(field, number)).status == ProblemStatus.DONE
    await ReportActivities(field.database, files, ADDRESSES).make_report(task.assignment_id)
    assert (await field.notices("Admin")).count("report_ready") == 1
    async with field.database.transaction(SYSTEM) as session:
        row = (await session.execute(text("select * from files where media_type = 'application/pdf'"))).one()
    assert row.id == report.file_id
    words = PdfReader(io.BytesIO(files.get(row.sha256))).pages[0].extract_text()
    assert "Inspeksi" in words
    assert "Beres" in words


async def test_a_photo_that_resembles_one_of_another_task_is_marked(field: Field) -> None:
    original = picture(1)
    small = io.BytesIO()
    Image.open(io.BytesIO(original)).resize((320, 240)).save(small, "JPEG", quality=60)
    first, second, third = [await field.a_task(task_type=TaskType.INSPECTION) for _ in range(3)]

    for task, content in ((first, original), (second, small.getvalue()), (third, picture(2))):
        await complete(field, task, await stored(field, content))

    similar = [(await kept(field, task)).photos[0].similar_to for task in (first, second, third)]
    assert similar == [None, first.assignment_id, None]
