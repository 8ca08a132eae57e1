"""Tickets on paper and as a table: one ticket's story, a pharmacy's tickets, the helpdesk's report."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from db.papers.charts import ticket_chart
from db.papers.exports import Cell
from db.papers.sheet import ACCENT, BAD, INK, MUTED, Sheet
from db.papers.spreadsheets import Kind, open_sheet
from db.papers.words import Words
from db.queries.ticket_trends import Kept, Trends
from db.queries.tickets import ActivityLine, TicketDetail
from domain.defaults import TIME_ZONE

MEDIA_TYPE = "application/pdf"
_TICKET, _STATS = "ticket", "stats"
_TIMES = ("created", "first_answered", "solved", "closed")
_COLUMNS = (
    *("number", "status", "priority", "category", "module", "pharmacy", "title", "description"),
    *("customer", "expert", "tech", *_TIMES, "rating", "rating_words"),
)


def ticket_story_pdf(
    detail: TicketDetail, lines: Iterable[ActivityLine], language: str, zone: str = TIME_ZONE
) -> bytes:
    """Return a ticket's story as a PDF; who may read which lines was decided when they were read."""
    words = Words(language)
    sheet = Sheet(
        words(_TICKET, "number", number=detail.number), words(_TICKET, "page", page="{page}", pages="{pages}")
    )
    sheet.set_creation_date(detail.updated_at)
    sheet.set_title(detail.number)
    sheet.set_lang(language)
    sheet.write_lines(f"{words(_TICKET, 'paper')} · {detail.number}".upper(), 8.5, ACCENT, bold=True)
    sheet.ln(1.5)
    sheet.write_lines(detail.title, 18, bold=True)
    sheet.write_lines(detail.pharmacy_name, 12)
    sheet.ln(1)
    status = words("ticket_status", detail.status)
    sheet.write_lines(f"{status} · {_sorting(words, detail)}", 9.5, MUTED)
    nobody = words(_TICKET, "nobody")
    people = words(
        _TICKET, "people", customer=detail.customer_name or nobody, holder=detail.holder_name or nobody
    )
    sheet.write_lines(people, 9.5, MUTED)
    sheet.write_lines(words(_TICKET, "opened", at=words.moment(detail.created_at, zone)), 9.5, MUTED)
    sheet.heading(words(_TICKET, "description"))
    sheet.write_lines(detail.description, 10)
    sheet.heading(words(_TICKET, "story"))
    for line in lines:
        _line(sheet, words, line, zone)
    if detail.rating is not None:
        sheet.ln(2)
        sheet.write_lines(words(_TICKET, "rating", rating=detail.rating), 10, bold=True)
    return bytes(sheet.output())


def _sorting(words: Words, detail: TicketDetail) -> str:
    english = words.language == "en"
    return words(
        _TICKET,
        "sorting",
        category=detail.category_name_en if english else detail.category_name,
        module=detail.module_name_en if english else detail.module_name,
        priority=words("priority", detail.priority),
    )


def _line(sheet: Sheet, words: Words, line: ActivityLine, zone: str) -> None:
    sheet.need(12)
    said = f"{words.moment(line.at, zone)}  ·  {line.user_name or words(_TICKET, 'system')}"
    sheet.write_lines(said, 8.5, MUTED)
    did = words("ticket_move", line.move)
    if files := line.details.get("files"):
        did += f" · {words(_TICKET, 'files', count=len(files))}"
    sheet.write_lines(did, 10, BAD if line.is_internal else INK, bold=True)
    for text in (line.reason, line.note):
        if text:
            sheet.write_lines(text, 10)
    sheet.ln(1.5)


def tickets_csv(rows: Sequence[TicketDetail], language: str, zone: str = TIME_ZONE) -> bytes:
    """Return tickets as CSV, one a line, times in the zone that their headings name."""
    words = Words(language)
    headings = [
        f"{words('ticket_column', name)} ({zone})" if name in _TIMES else words("ticket_column", name)
        for name in _COLUMNS
    ]
    file = io.BytesIO()
    sheet = open_sheet(Kind.CSV, file, "tickets", headings)
    sheet.add([[_cells(words, row, zone)[name] for name in _COLUMNS] for row in rows])
    sheet.close()
    return file.getvalue()


def _cells(words: Words, row: TicketDetail, zone: str) -> dict[str, Cell]:
    english = words.language == "en"
    return {
        "number": row.number,
        "status": words("ticket_status", row.status),
        "priority": words("priority", row.priority),
        "category": row.category_name_en if english else row.category_name,
        "module": row.module_name_en if english else row.module_name,
        "pharmacy": row.pharmacy_name,
        "title": row.title,
        "description": row.description,
        "customer": row.customer_name,
        "expert": row.expert_name,
        "tech": row.tech_name,
        "created": _local(row.created_at, zone),
        "first_answered": _local(row.first_answered_at, zone),
        "solved": _local(row.solved_at, zone),
        "closed": _local(row.closed_at, zone),
        "rating": row.rating,
        "rating_words": row.rating_words,
    }


def _local(at: datetime | None, zone: str) -> datetime | None:
    return None if at is None else at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def tickets_report_pdf(
    trends: Trends, late: Sequence[TicketDetail], name: str, language: str, zone: str = TIME_ZONE
) -> bytes:
    """Return the helpdesk's report: the charts, the period's figures, and what is overdue."""
    words = Words(language)
    sheet = Sheet(words(_STATS, "report"), words(_STATS, "page", page="{page}", pages="{pages}"))
    sheet.set_creation_date(trends.until)
    sheet.set_title(words(_STATS, "report"))
    sheet.set_lang(language)
    sheet.write_lines(f"{words(_STATS, 'report')} · {name}".upper(), 8.5, ACCENT, bold=True)
    first, last = (words.moment(at, zone) for at in (trends.since, trends.until))
    sheet.write_lines(words(_STATS, "period", first=first, last=last), 9.5, MUTED)
    sheet.ln(3)
    sheet.image(io.BytesIO(ticket_chart(trends, name, language)), w=sheet.epw)
    sheet.ln(4)
    for key, said in _figures(words, trends).items():
        sheet.write_lines(f"{words(_STATS, key)}: {said}", 10)
    sheet.heading(words(_STATS, "late", count=len(late)))
    if not late:
        sheet.write_lines(words(_STATS, "no_late"), 10, MUTED)
    for row in late:
        due = words.moment(row.solution_due_at, zone) if row.solution_due_at else ""
        sheet.write_lines(f"{row.number} · {row.title}", 10, bold=True)
        sheet.write_lines(
            f"{row.pharmacy_name} · {row.holder_name or words(_TICKET, 'nobody')} · {due}", 9, MUTED
        )
    return bytes(sheet.output())


def _figures(words: Words, trends: Trends) -> dict[str, str]:
    average = trends.average
    return {
        "opened": words.number(trends.opened),
        "solved": words.number(trends.solved),
        "closed": words.number(trends.closed),
        "open": words.number(trends.open),
        "kept_first": _share(words, trends.first_answers),
        "kept_solution": _share(words, trends.solutions),
        "average": words(_STATS, "none") if average is None else words.number(round(average, 2)),
    }


def _share(words: Words, kept: Kept) -> str:
    if kept.share is None:
        return words(_STATS, "none")
    return f"{round(kept.share * 100)}% ({words.number(kept.good)}/{words.number(kept.known)})"
