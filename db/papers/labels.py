"""A machine's label: question, QR, code, name, serial number; as PNG, on A6, or four to an A4 sheet."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from fpdf import FPDF
from PIL import Image, ImageDraw

from db.papers.code import bars
from db.papers.type import face, measure, printable
from db.papers.words import Words
from domain.machine_codes import short_code

WIDTH_MM, HEIGHT_MM = 105.0, 148.0
DOTS_PER_MM = 300 / 25.4
_SHEET_MM = (2 * WIDTH_MM, 297.0)
_PER_SHEET = 4
_CODE_MM = 66.0
_ROOM_MM = WIDTH_MM - 16.0
"""How wide a line may be."""
_INK, _MUTED, _ACCENT, _CUT = (24, 32, 40), (92, 104, 116), (15, 118, 110), (190, 196, 202)
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""The same label is the same file, whenever it is asked for."""
_FINE = 64
"""Texts are measured this much larger than a millimetre, so that whole pixels do not matter."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """What a label is about; ``address`` is what the QR says, ``typed`` what a person may type instead."""

    uuid: UUID
    name: str
    serial_number: str | None
    address: str
    typed: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A centred line: its baseline from the top and its size, in millimetres."""

    text: str
    baseline: float
    size: float
    colour: Colour = _INK
    bold: bool = False

    @property
    def left(self) -> float:
        """Where it begins."""
        return (WIDTH_MM - _width(self.text, self.size, bold=self.bold)) / 2


@dataclass(frozen=True, slots=True)
class _Bar:
    left: float
    top: float
    width: float
    height: float
    colour: Colour = _INK


def png(label: Label) -> bytes:
    """Return the label as an image of 300 dots an inch."""
    image = Image.new("RGB", (_dots(WIDTH_MM), _dots(HEIGHT_MM)), "white")
    draw = ImageDraw.Draw(image)
    for piece in _pieces(label):
        if isinstance(piece, _Bar):
            right, bottom = _dots(piece.left + piece.width) - 1, _dots(piece.top + piece.height) - 1
            draw.rectangle((_dots(piece.left), _dots(piece.top), right, bottom), fill=piece.colour)
        else:
            font = measure(_dots(piece.size), bold=piece.bold)
            at = (_dots(piece.left), _dots(piece.baseline))
            draw.text(at, piece.text, fill=piece.colour, font=font, anchor="ls")
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(300, 300), optimize=True)
    return out.getvalue()


def a6(label: Label) -> bytes:
    """Return a PDF with one page of A6."""
    pdf = _paper(WIDTH_MM, HEIGHT_MM)
    pdf.add_page()
    _draw(pdf, label, 0, 0)
    return bytes(pdf.output())


def a4(labels: Sequence[Label]) -> bytes:
    """Return a PDF with four labels to a page and lines to cut along; one label alone fills its page."""
    shown = list(labels) * _PER_SHEET if len(labels) == 1 else list(labels)
    pdf = _paper(*_SHEET_MM)
    for number, label in enumerate(shown):
        place = number % _PER_SHEET
        if place == 0:
            pdf.add_page()
            _cut_lines(pdf)
        _draw(pdf, label, place % 2 * WIDTH_MM, place // 2 * (_SHEET_MM[1] / 2))
    return bytes(pdf.output())


def _paper(width: float, height: float) -> FPDF:
    pdf = FPDF(unit="mm", format=(width, height))
    pdf.set_margin(0)
    pdf.set_auto_page_break(auto=False)
    pdf.set_creation_date(_MADE)
    pdf.add_font("face", "", face())
    pdf.add_font("face", "B", face(bold=True))
    return pdf


def _cut_lines(pdf: FPDF) -> None:
    width, height = _SHEET_MM
    pdf.set_draw_color(*_CUT)
    pdf.set_line_width(0.2)
    pdf.set_dash_pattern(1.5, 1.5)
    pdf.line(width / 2, 0, width / 2, height)
    pdf.line(0, height / 2, width, height / 2)
    pdf.set_dash_pattern()


def _draw(pdf: FPDF, label: Label, left: float, top: float) -> None:
    for piece in _pieces(label):
        if isinstance(piece, _Bar):
            pdf.set_fill_color(*piece.colour)
            pdf.rect(left + piece.left, top + piece.top, piece.width, piece.height, style="F")
        else:
            pdf.set_font("face", "B" if piece.bold else "", piece.size * 72 / 25.4)
            pdf.set_text_color(*piece.colour)
            pdf.text(left + piece.left, top + piece.baseline, piece.text)


def _pieces(label: Label) -> list[_Text | _Bar]:
    """Return what is drawn, in millimetres from the label's corner."""
    indonesian, english = Words("id"), Words("en")
    pieces: list[_Text | _Bar] = [
        _Bar(8, 7, WIDTH_MM - 16, 1.2, _ACCENT),
        _Text(indonesian("label", "question"), 18, 6.2, bold=True),
        _Text(indonesian("label", "how"), 25, 4.4, _MUTED),
        _Text(english("label", "question") + " " + english("label", "how"), 30.6, 3, _MUTED),
        *_code(label.address, (WIDTH_MM - _CODE_MM) / 2, 35.5),
        _Text(short_code(label.uuid), 112.5, 7.5, bold=True),
    ]
    baseline = 122.0
    for line in _wrapped(printable(label.name), 4.8, lines=2):
        pieces.append(_Text(line, baseline, 4.8, bold=True))
        baseline += 6.0
    if label.serial_number:
        serial = indonesian("label", "serial", serial=printable(label.serial_number))
        pieces.append(_Text(_cut(serial, 3.6), baseline, 3.6, _MUTED))
    pieces.append(_Text(_cut(label.typed, 3.2), 141.5, 3.2, _MUTED))
    return pieces


def _code(address: str, left: float, top: float) -> list[_Bar]:
    modules, runs = bars(address)
    side = _CODE_MM / modules
    return [_Bar(left + column * side, top + row * side, length * side, side) for column, row, length in runs]


def _wrapped(text: str, size: float, *, lines: int) -> list[str]:
    """Return a bold text in at most so many lines; … where something is missing."""
    found, words = list[str](), text.split()
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and _width(" ".join(words[: taken + 1]), size, bold=True) <= _ROOM_MM:
            taken += 1
        found.append(_cut(" ".join(words[:taken]), size, bold=True))
        words = words[taken:]
    return [*found, _cut(" ".join(words), size, bold=True)] if words else found


def _cut(text: str, size: float, *, bold: bool = False) -> str:
    shown = text
    while _width(shown, size, bold=bold) > _ROOM_MM:
        shown = shown[:-2].rstrip() + "…"
    return shown


def _width(text: str, size: float, *, bold: bool) -> float:
    return float(measure(round(size * _FINE), bold=bold).getlength(text)) / _FINE


def _dots(millimetres: float) -> int:
    return round(millimetres * DOTS_PER_MM)
