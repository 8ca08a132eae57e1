"""The report of a completed task as a PDF: a pure function of rows and pictures (decision 31)."""

from collections.abc import Mapping

from db.papers.photos import PhotoPages
from db.papers.sheet import ACCENT, BAD, BAD_TINT, INK, MUTED, RULE, TINT, WARN, Sheet
from db.papers.words import Words
from db.queries.reports import CompletionReport
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome
from domain.machine_codes import short_code

MEDIA_TYPE = "application/pdf"
_CODE_MM = 25.0
_GAP = 6.0
_TEXT = "report"


def render_report(report: CompletionReport, pictures: Mapping[str, bytes], address: str) -> bytes:
    """Return the PDF. ``pictures`` are by SHA-256; one that is missing is said so. The same gives the same.

    ``address`` is what the machine's QR says; empty: there is no code.
    """
    words = Words(report.language)
    sheet = Sheet(
        words(_TEXT, "number", number=report.number), words(_TEXT, "page", page="{page}", pages="{pages}")
    )
    sheet.set_creation_date(report.completed_at)
    sheet.set_title(f"{words('task_type', report.task_type)} #{report.assignment_id}")
    sheet.set_lang(report.language)
    _head(sheet, words, report, address)
    _facts(sheet, words, report)
    _times(sheet, words, report)
    _arrival(sheet, words, report)
    _order(sheet, words, report)
    _checklist(sheet, words, report)
    _notes(sheet, words, report)
    reported = [photo for photo in report.photos if photo.reported]
    work = [photo for photo in report.photos if not photo.reported]
    pages = PhotoPages(sheet, words, report.zone, pictures)
    if reported:
        pages.section("reported_photos", reported)
    pages.section("photos", work)
    return bytes(sheet.output())


def _head(sheet: Sheet, words: Words, report: CompletionReport, address: str) -> None:
    room = sheet.epw - _CODE_MM - _GAP if address else sheet.epw
    top = sheet.y
    if address:
        left = sheet.w - sheet.r_margin - _CODE_MM
        sheet.qr(address, left, top, _CODE_MM)
        sheet.type(8, MUTED)
        sheet.set_xy(left, top + _CODE_MM + 1)
        sheet.cell(_CODE_MM, 4, short_code(report.machine_uuid), align="C")
        sheet.set_xy(sheet.l_margin, top)
    paper = f"{words(_TEXT, 'paper')} · #{report.assignment_id} · {report.organization_name}"
    sheet.write_lines(paper.upper(), 8.5, ACCENT, bold=True, width=room)
    sheet.ln(1.5)
    sheet.write_lines(words("task_type", report.task_type), 20, bold=True, width=room)
    sheet.write_lines(report.machine_name, 13, width=room)
    if address:
        sheet.set_y(max(sheet.y, top + _CODE_MM + 5))


def _facts(sheet: Sheet, words: Words, report: CompletionReport) -> None:
    """Place on the left, people on the right."""
    sheet.ln(3)
    sheet.rule()
    sheet.ln(3)
    half, top = (sheet.epw - _GAP) / 2, sheet.y
    _caption(sheet, words(_TEXT, "where"), sheet.l_margin, half)
    if report.machine_address:
        sheet.write_lines(report.machine_address, 10, width=half)
    if report.serial_number:
        sheet.write_lines(words(_TEXT, "serial", serial=report.serial_number), 9, MUTED, width=half)
    place = f"{report.latitude:.6f},{report.longitude:.6f}"
    sheet.type(9, ACCENT)
    link = f"https://www.google.com/maps/search/?api=1&query={place}"
    sheet.cell(half, 5, f"{place.replace(',', ', ')}  ·  {words(_TEXT, 'open_map')}", link=link)
    bottom, right = sheet.y + 5, sheet.l_margin + half + _GAP
    sheet.set_y(top)
    _caption(sheet, words(_TEXT, "who"), right, half)
    sheet.write_lines(report.done_by, 10, width=half, left=right)
    sheet.write_lines(words(_TEXT, "dispatcher", name=report.dispatcher), 9, MUTED, width=half, left=right)
    sheet.set_y(max(bottom, sheet.y))


def _caption(sheet: Sheet, text: str, left: float, width: float) -> None:
    sheet.write_lines(text, 8.5, MUTED, width=width, left=left)


def _times(sheet: Sheet, words: Words, report: CompletionReport) -> None:
    sheet.ln(3)
    quarter, top = sheet.epw / 4, sheet.y
    moments = {
        "scheduled": report.scheduled_at,
        "accepted": report.accepted_at,
        "started": report.started_at,
        "completed": report.completed_at,
    }
    sheet.set_fill_color(*TINT)
    sheet.rect(sheet.l_margin, top, sheet.epw, 19, style="F", round_corners=True, corner_radius=2)
    for number, (name, at) in enumerate(moments.items()):
        left = sheet.l_margin + number * quarter + 3
        sheet.set_y(top + 2.5)
        _caption(sheet, words(_TEXT, name), left, quarter - 4)
        said = words.moment(at, report.zone) if at else words(_TEXT, "nobody")
        day, _, clock = said.partition(", ")
        sheet.write_lines(day, 9.5, bold=True, width=quarter - 4, left=left)
        sheet.write_lines(clock, 9.5, width=quarter - 4, left=left)
    sheet.set_y(top + 20)
    if report.started_at:
        spent = round((report.completed_at - report.started_at).total_seconds() / 60)
        given = {"minutes": words.number(spent), "expected": words.number(report.expected_minutes)}
        sheet.write_lines(words(_TEXT, "minutes", **given), 9, MUTED)


def _arrival(sheet: Sheet, words: Words, report: CompletionReport) -> None:
    sheet.heading(words(_TEXT, "arrival"))
    arrival = report.arrival
    if arrival is None:
        sheet.write_lines(words(_TEXT, "no_arrival"), 10, MUTED)
        return
    said = [words("method", arrival.method)]
    if arrival.outcome is not None:
        said.append(words("outcome", arrival.outcome))
    if arrival.distance_m is not None:
        said.append(words(_TEXT, "away", metres=words.number(round(arrival.distance_m))))
    if arrival.accuracy_m:
        said.append(words(_TEXT, "accuracy", metres=words.number(round(arrival.accuracy_m))))
    sheet.write_lines(" · ".join(said), 10, WARN if arrival.reason else INK)
    if arrival.reason:
        sheet.write_lines(arrival.reason, 10)


def _order(sheet: Sheet, words: Words, report: CompletionReport) -> None:
    if not report.description:
        return
    sheet.heading(words(_TEXT, "order"))
    sheet.write_lines(report.description, 10)
    priority = words(_TEXT, "priority", priority=words("priority", report.priority))
    sheet.write_lines(priority[0].upper() + priority[1:], 9, MUTED)


def _checklist(sheet: Sheet, words: Words, report: CompletionReport) -> None:
    if not report.steps:
        return
    sheet.heading(words(_TEXT, "checklist"))
    failed = sum(_is_failed(answer) for _, answer in report.steps)
    summary = words(_TEXT, "failed" if failed else "all_ok", failed=failed, steps=len(report.steps))
    sheet.write_lines(summary, 9, BAD if failed else MUTED)
    sheet.ln(1.5)
    for item, answer in report.steps:
        _step(sheet, words, item, answer)


def _is_failed(answer: ChecklistAnswer | None) -> bool:
    return answer is not None and answer.outcome == CheckOutcome.FAILED


def _step(sheet: Sheet, words: Words, item: ChecklistItem, answer: ChecklistAnswer | None) -> None:
    """One line: mark, label, what was found; a failed one on a red ground."""
    left, wide, narrow = sheet.l_margin + 8, sheet.epw * 0.58 - 8, sheet.epw * 0.42
    label = item.label_en if words.language == "en" else item.label_id
    found = _found(words, item, answer)
    height = max(sheet.height_of(label, 10, width=wide), sheet.height_of(found, 10, width=narrow)) + 3
    sheet.need(height)
    top = sheet.y
    if _is_failed(answer):
        sheet.set_fill_color(*BAD_TINT)
        sheet.rect(sheet.l_margin, top, sheet.epw, height, style="F")
    if answer is not None:
        sheet.tick(sheet.l_margin + 1.5, top + 1.8, good=not _is_failed(answer))
    sheet.set_y(top + 1.5)
    sheet.write_lines(label, 10, width=wide, left=left, bold=item.critical)
    sheet.set_y(top + 1.5)
    colour = BAD if _is_failed(answer) else MUTED if answer is None else INK
    sheet.write_lines(found, 10, colour, width=narrow, left=sheet.l_margin + sheet.epw * 0.58)
    sheet.set_draw_color(*RULE)
    sheet.set_line_width(0.15)
    sheet.line(sheet.l_margin, top + height, sheet.w - sheet.r_margin, top + height)
    sheet.set_y(top + height)


def _found(words: Words, item: ChecklistItem, answer: ChecklistAnswer | None) -> str:
    if answer is None:
        return words(_TEXT, "unanswered")
    said = [words("check", answer.outcome)]
    if answer.number is not None:
        said = [f"{words.number(answer.number)} {item.unit}".strip(), *(said if _is_failed(answer) else [])]
        if _is_failed(answer):
            limits = [("≥ ", item.minimum), ("≤ ", item.maximum)]
            said += [f"{sign}{words.number(limit)}" for sign, limit in limits if limit is not None]
    if answer.text:
        said.append(answer.text)
    return " · ".join(said)


def _notes(sheet: Sheet, words: Words, report: CompletionReport) -> None:
    sheet.heading(words(_TEXT, "notes"))
    sheet.write_lines(report.notes or words(_TEXT, "no_notes"), 10, INK if report.notes else MUTED)
