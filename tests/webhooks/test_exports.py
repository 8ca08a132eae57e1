"""Exports by HTTP: what stands in the files, and that opening them runs nothing."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openpyxl
from sqlalchemy import insert, update

from db.models.assignments import TechnicianAssignment
from db.models.core import AuditEvent
from db.models.machines import RvmMachine
from db.session import SYSTEM
from domain.arrivals import ArrivalMethod, ArrivalOutcome
from domain.assignments import AssignmentStatus
from tests.webhooks.conftest import Api

NASTY = '=HYPERLINK("http://evil")'
STEPS = [
    {"code": "a", "label_id": "Pintu", "label_en": "Door"},
    {"code": "b", "label_id": "Disk", "label_en": "Disk"},
]
ANSWERS = [{"code": "a", "outcome": "failed"}, {"code": "b", "outcome": "ok"}]


async def get(api: Api, name: str, person: str = "admin", **params: object) -> httpx.Response:
    query = {"from" if key == "first" else key: value for key, value in params.items()}
    return await api.http.get(f"/api/v1/admin/export/{name}", params=query, headers=api.as_(person))  # type: ignore[arg-type]


async def a_completed_task(api: Api) -> int:
    """Write a task of 24 November, 09.00 in Jakarta, with words that a spreadsheet would compute."""
    number = await api.assignment()
    at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            update(TechnicianAssignment)
            .where(TechnicianAssignment.id == number)
            .values(
                status=AssignmentStatus.COMPLETED,
                scheduled_date=at,
                accepted_at=at,
                started_at=at,
                completed_at=at + timedelta(minutes=95),
                description=NASTY,
                completion_notes="  @SUM(A1)\nÉ 🔧",
                arrival_method=ArrivalMethod.LIVE,
                arrival_outcome=ArrivalOutcome.CONFIRMED,
                arrival_distance_m=31.4,
                checklist=STEPS,
                checklist_answers=ANSWERS,
                photos=[1, 2],
            )
        )
    return number


def read_csv(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def read_xlsx(answer: httpx.Response) -> tuple[Any, list[dict[str, Any]]]:
    assert answer.status_code == 200, answer.text
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    headings, *rows = sheet.iter_rows()
    return sheet, [
        {str(heading.value): cell for heading, cell in zip(headings, row, strict=True)} for row in rows
    ]


async def test_exports_are_for_admins_of_the_organization(api: Api) -> None:
    foreign = api.organizations["tenant"]

    assert (await get(api, "tasks.csv", "technician")).status_code == 403
    assert (await get(api, "tasks.csv", organization_id=foreign)).status_code == 404
    assert (await get(api, "tasks.pdf")).status_code == 422
    assert (await get(api, "people.csv")).status_code == 422
    assert (await get(api, "tasks.csv", first="2026-12-01", to="2026-11-01")).status_code == 422
    assert (await get(api, "uptime.csv", first="2001-01-01", to="2099-01-01")).status_code == 422
    own = await get(api, "machines.csv", "super_admin", organization_id=foreign)
    assert read_csv(own) == []


async def test_a_task_stands_in_the_file_as_it_was_and_computes_nothing(api: Api) -> None:
    number = await a_completed_task(api)
    period: dict[str, Any] = {"first": "2026-11-24", "to": "2026-11-24"}

    [line] = read_csv(await get(api, "tasks.csv", **period))
    assert line["Nomor"] == str(number)
    assert (line["Status"], line["Jenis"], line["Prioritas"]) == ("Selesai", "Perawatan", "Tinggi")
    assert line["Dijadwalkan (Asia/Jakarta)"] == "2026-11-24 09:00"
    assert (line["Pengerjaan (menit)"], line["Jarak ke mesin (m)"], line["Foto"]) == ("95", "31", "2")
    assert (line["Langkah gagal"], line["Langkah yang gagal"]) == ("1", "Pintu")
    assert line["Keterangan"] == f"'{NASTY}"
    assert line["Catatan"] == "'  @SUM(A1)\nÉ 🔧"
    assert line["Bukti kedatangan"] == "Lokasi langsung"

    answer = await get(api, "tasks.xlsx", "super_admin", **period)  # reads English
    assert answer.headers["content-disposition"].endswith('"siaga-tasks-2026-11-24-2026-11-24.xlsx"')
    sheet, [row] = read_xlsx(answer)
    assert (sheet.title, sheet.freeze_panes) == ("Tasks", "A2")
    assert row["Scheduled (Asia/Jakarta)"].value == datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - a cell has no zone
    assert (row["Description"].value, row["Description"].data_type) == (NASTY, "s")
    assert row["Description"].quotePrefix
    assert row["Which steps failed"].value == "Door"
    assert row["Number"].value == number

    before = await get(api, "tasks.csv", first="2026-11-23", to="2026-11-23")
    assert read_csv(before) == []


async def test_machines_and_their_uptime(api: Api) -> None:
    begun = datetime(2024, 10, 15, 17, 0, tzinfo=UTC)  # midnight in Jakarta
    machine = api.machines[0]
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(update(RvmMachine).values(commissioned_at=None))
        await session.execute(
            update(RvmMachine).where(RvmMachine.id == machine).values(commissioned_at=begun, name="-RVM")
        )
        changes = [
            ("online", 0),
            ("offline", 24),
            ("online", 30),
            ("offline", 16 * 24 - 2),
            ("online", 16 * 24 + 1),
        ]
        for place, (action, hours) in enumerate(changes):
            await session.execute(
                insert(AuditEvent).values(
                    organization_id=api.organizations["admin"],
                    thing="machine",
                    thing_id=machine,
                    source=f"test-{place}",
                    action=action,
                    at=begun + timedelta(hours=hours),
                )
            )

    lines = read_csv(await get(api, "uptime.csv", "super_admin", first="2024-10-01", to="2024-11-30"))
    told = [(line["Month"], line["In service (h)"], line["Offline (h)"], line["Outages"]) for line in lines]
    assert told == [("2024-10", "384.0", "8.0", "2"), ("2024-11", "720.0", "1.0", "0")]
    assert (lines[0]["Machine"], lines[0]["Online (%)"]) == ("'-RVM", "97.92")

    _, rows = read_xlsx(await get(api, "machines.xlsx"))
    assert len(rows) == 5
    named = next(row for row in rows if row["Mesin"].value == "-RVM")
    assert (named["Lintang"].value, named["Lintang"].data_type) == (-6.1951, "n")
    assert named["Tidak stabil"].value == "tidak"
