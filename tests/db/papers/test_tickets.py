"""Tickets on paper, as a table and as a picture."""

import io
from datetime import UTC, datetime

from PIL import Image
from pypdf import PdfReader

from db.papers.charts import ticket_chart
from db.papers.tickets import ticket_story_pdf, tickets_csv, tickets_report_pdf
from db.queries.tickets import ActivityLine
from domain.tickets import TicketMove, TicketStatus
from tests.bot.samples.helpdesk import a_ticket, a_trend


def read(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def a_line(move: TicketMove, **changes: object) -> ActivityLine:
    values: dict[str, object] = {
        "activity_id": 1,
        "at": datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        "move": move,
        "from_status": None,
        "to_status": TicketStatus.OPEN,
        "user_id": 2,
        "user_name": "Rina",
        "is_internal": False,
        "cause": None,
        "reason": None,
        "note": None,
        "details": {},
    }
    return ActivityLine(**values | changes)  # type: ignore[arg-type]


def test_the_story_of_a_ticket_is_told_in_order_in_both_languages() -> None:
    lines = [
        a_line(TicketMove.ASK, note="Kasir yang mana? 🤔 <b>"),
        a_line(TicketMove.EXPIRE, user_name=None, cause="silence"),
        *[a_line(move) for move in TicketMove],
    ]
    told = read(ticket_story_pdf(a_ticket(rating=4), lines, "id"))
    for expected in (
        "PD-000123", "Kasir macet", "Apotek Sehat Sentosa", "Bug Sistem · Penjualan · prioritas mendesak",
        "Sel 24 Nov 2026, 09.00 WIB · Rina", "Kasir yang mana? <b>", "Sistem", "Penilaian: 4 dari 5",
    ):  # fmt: skip
        assert expected in told
    assert "System bug · Sales · urgent priority" in read(ticket_story_pdf(a_ticket(), lines, "en"))


def test_a_table_of_tickets_runs_no_formula() -> None:
    rows = [a_ticket(title="=cmd()", created_at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC)), a_ticket()]
    text = tickets_csv(rows, "id").decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Nomor,Status,Prioritas")
    assert "'=cmd()" in text
    assert "2026-11-24 09:00" in text
    assert tickets_csv([], "id").decode("utf-8-sig").splitlines()[0].startswith("Nomor,Status")


def test_the_picture_and_the_report_are_drawn_of_many_and_of_nothing() -> None:
    for trends in (a_trend(), a_trend(empty=True)):
        picture = Image.open(io.BytesIO(ticket_chart(trends, "Pharmadesk 🔧", "id")))
        assert picture.size == (1440, 1080)
    told = read(tickets_report_pdf(a_trend(), [a_ticket()], "Pharmadesk", "id"))
    assert "Penyelesaian tepat waktu: 80% (4/5)" in told
    assert "PD-000123 · Kasir macet" in told
