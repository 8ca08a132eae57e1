"""A completed task as its report gets it; what a test is about is changed by keyword."""

import dataclasses
import io
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from db.queries.reports import CompletionReport, ReportedArrival, ReportedPhoto
from domain.arrivals import ArrivalMethod, ArrivalOutcome
from domain.assignments import TaskType
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind
from domain.priorities import Priority

BEGUN = datetime(2026, 11, 24, 2, 12, tzinfo=UTC)
ADDRESS = "https://siaga.example.org/m/c2f50621-2517-551b-9f46-493330a9a2c0"
STEPS = [
    (
        ChecklistItem("door", "Pintu terkunci", "The door locks", critical=True),
        ChecklistAnswer("door", CheckOutcome.FAILED, text="kunci masih seret"),
    ),
    (
        ChecklistItem("screen", "Layar menyala", "The screen lights up"),
        ChecklistAnswer("screen", CheckOutcome.OK),
    ),
    (
        ChecklistItem("voltage", "Tegangan", "Voltage", ItemKind.NUMBER, minimum=198, maximum=242, unit="V"),
        ChecklistAnswer("voltage", CheckOutcome.FAILED, number=187.5),
    ),
    (ChecklistItem("cable", "Kabel rapi", "Cables are tidy"), None),
]


def a_report(**changes: Any) -> CompletionReport:  # noqa: ANN401 - any field
    """Return a report without photos."""
    report = CompletionReport(
        assignment_id=12,
        organization_id=1,
        organization_name="Siaga Daur Ulang Jakarta",
        version=7,
        language="id",
        task_type=TaskType.REPAIR,
        priority=Priority.URGENT,
        description="Pintu macet",
        machine_uuid=UUID("c2f50621-2517-551b-9f46-493330a9a2c0"),
        machine_name="RVM Mall Grand Indonesia",
        machine_address="Jl. M.H. Thamrin No. 1",
        serial_number="RVM-JKT-001",
        latitude=-6.195,
        longitude=106.82,
        zone="Asia/Makassar",
        dispatcher="Rina",
        done_by="Budi Santoso",
        scheduled_at=BEGUN - timedelta(minutes=12),
        accepted_at=BEGUN - timedelta(hours=2),
        started_at=BEGUN,
        completed_at=BEGUN + timedelta(minutes=85),
        expected_minutes=120,
        notes="Engsel diganti",
        arrival=ReportedArrival(ArrivalMethod.LIVE, ArrivalOutcome.CONFIRMED, 42.3, 18.0, ""),
        steps=STEPS,
    )
    return dataclasses.replace(report, **changes)


def photos(count: int) -> list[ReportedPhoto]:
    """Return photos of the work; the second one resembles one of task 9."""
    return [
        ReportedPhoto(
            sha256=f"photo-{number}",
            caption=f"Foto {number}",
            taken_at=BEGUN + timedelta(minutes=number),
            sent_by="Budi Santoso",
            similar_to=9 if number == 1 else None,
        )
        for number in range(count)
    ]


@cache
def picture(seed: int, size: tuple[int, int] = (640, 480)) -> bytes:
    """Return a picture that looks like no other one."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for stripe in range(12):
        left = (seed * 37 + stripe * stripe * 29) % size[0]
        shade = (seed * 53 + stripe * 71) % 256
        draw.rectangle((left, stripe * 40, left + 150, stripe * 40 + 60), fill=(shade, 255 - shade, 90))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()
