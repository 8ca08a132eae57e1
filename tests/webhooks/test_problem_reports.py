"""Repair proposals and completion reports by API: the same decisions as in chat, and the PDF."""

import io
from typing import Any

import httpx
from pypdf import PdfReader
from sqlalchemy import func, select, text, update

from db.demo import MACHINES
from db.models.assignments import AssignmentPhoto, TechnicianAssignment
from db.session import SYSTEM
from domain.assignments import AssignmentStatus
from tests.webhooks.conftest import Api
from tests.webhooks.pictures import jpeg

PATH = "/api/v1/admin/problem-reports"


async def reported(api: Api, description: str = "Pintu macet") -> int:
    """Report a problem with a photo as a stranger, and return the number of the proposal."""
    form = {"kind": "wont_open", "description": description}
    await api.http.post(f"/m/{MACHINES[0].uuid}", data=form, files={"photo": ("a.jpg", jpeg())})
    async with api.database.transaction(SYSTEM) as session:
        return int(
            await session.scalar(text("select max(coalesce(part_of_id, id)) from problem_reports")) or 0
        )


async def decide(
    api: Api,
    number: int,
    verb: str,
    person: str = "admin",
    key: str | None = None,
    **body: Any,  # noqa: ANN401 - JSON
) -> httpx.Response:
    return await api.http.post(f"{PATH}/{number}/{verb}", json=body, headers=api.as_(person, key))


async def test_a_proposal_is_listed_with_its_reports_for_its_dispatchers_alone(api: Api) -> None:
    number = await reported(api)
    await reported(api, "masih macet")

    listed = (await api.http.get(PATH, headers=api.as_("admin"))).json()
    assert listed["total"] == 1
    (proposal,) = listed["items"]
    assert (proposal["id"], proposal["status"]) == (number, "open")
    assert [one["description"] for one in proposal["reports"]] == ["Pintu macet", "masih macet"]
    photo = await api.http.get(proposal["reports"][0]["photo"], headers=api.as_("admin"))
    assert photo.headers["content-type"] == "image/jpeg"
    done = await api.http.get(PATH, params={"status": "done"}, headers=api.as_("admin"))
    assert done.json()["total"] == 0
    assert (await api.http.get(PATH)).status_code == 401
    for person, path, status in (
        ("technician", PATH, 403),
        ("tenant", f"{PATH}/{number}", 404),
        ("technician", f"{PATH}/{number}", 403),
    ):
        assert (await api.http.get(path, headers=api.as_(person))).status_code == status


async def test_a_proposal_is_linked_to_an_open_task_with_its_photo(api: Api) -> None:
    number, task = await reported(api), await api.assignment()
    over = await api.assignment(status=AssignmentStatus.PENDING)
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            update(TechnicianAssignment)
            .where(TechnicianAssignment.id == over)
            .values(status=AssignmentStatus.CANCELLED, cancelled_at=func.now())
        )

    for refused, status in (
        (await decide(api, number, "assign", assignment_id=over), 404),
        (await decide(api, number, "assign"), 422),
        (await decide(api, number, "assign", "technician", assignment_id=task), 403),
        (await decide(api, number, "dismiss", reason=" "), 422),
    ):
        assert refused.status_code == status, refused.text
    for _ in range(2):
        linked = await decide(api, number, "assign", key="one", assignment_id=task)
        assert linked.json()["status"] == "assigned", linked.text
    assert (await decide(api, number, "dismiss", reason="kosong")).status_code == 409
    async with api.database.transaction(SYSTEM) as session:
        attached = list(
            await session.scalars(select(AssignmentPhoto).where(AssignmentPhoto.assignment_id == task))
        )
        row = await session.get_one(TechnicianAssignment, task)
    assert [(one.problem_report_id, one.caption) for one in attached] == [(number, "Pintu macet")]
    assert row.photos == []


async def test_a_dismissed_proposal_keeps_its_reason_and_the_next_report_is_a_new_one(api: Api) -> None:
    number = await reported(api)

    answer = await decide(api, number, "dismiss", reason="Sudah dicoba")

    assert (answer.json()["status"], answer.json()["reason"]) == ("dismissed", "Sudah dicoba")
    assert await reported(api, "lagi") == number + 1


async def test_a_new_repair_is_asked_for_with_the_reports_words(api: Api) -> None:
    number = await reported(api)
    at, technician = "2026-12-12T09:00:00+07:00", api.users["technician"]

    await decide(api, number, "assign", scheduled_date=at, assigned_to=technician)

    (created,) = [call.given[0] for call in api.gateway.calls if call.verb == "create_assignment"]
    assert created.description == "Pintu macet"
    assert created.task_type == "repair"


async def completed(api: Api) -> int:
    number = await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            update(TechnicianAssignment)
            .where(TechnicianAssignment.id == number)
            .values(
                status=AssignmentStatus.COMPLETED,
                started_at=func.now(),
                completed_at=func.now(),
                completion_notes="Sabuk diganti",
            )
        )
    return number


async def test_the_report_of_a_completed_task_is_one_pdf(api: Api) -> None:
    number, running = await completed(api), await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    mine = f"/api/v1/technician/assignments/{number}/report"

    for path, person in ((f"/api/v1/admin/assignments/{number}/report", "admin"), (mine, "technician")):
        answer = await api.http.get(path, headers=api.as_(person))
        assert answer.headers["content-type"] == "application/pdf", answer.text
        words = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert "Sabuk diganti" in words
        assert MACHINES[0].name in words
    english = await api.http.get(mine, params={"language": "en"}, headers=api.as_("technician"))
    assert "Notes" in PdfReader(io.BytesIO(english.content)).pages[0].extract_text()
    for path, person, status in (
        (mine, "operator", 404),
        (f"/api/v1/admin/assignments/{number}/report", "technician", 403),
        (f"/api/v1/admin/assignments/{running}/report", "admin", 409),
        (f"/api/v1/admin/assignments/{running}/report?language=de", "admin", 422),
    ):
        assert (await api.http.get(path, headers=api.as_(person))).status_code == status, path
