"""A page of A4 in the house's hand: type, colours, rules, and text that never breaks it."""

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from db.papers.code import bars
from db.papers.type import face, printable

Colour = tuple[int, int, int]

INK: Colour = (24, 32, 40)
MUTED: Colour = (92, 104, 116)
RULE: Colour = (218, 223, 228)
ACCENT: Colour = (15, 118, 110)
WARN: Colour = (180, 83, 9)
BAD: Colour = (185, 28, 28)
BAD_TINT: Colour = (254, 242, 242)
TINT: Colour = (245, 247, 248)
MARGIN = 16.0
BOTTOM = 20.0
_POINTS_PER_MM = 72 / 25.4


class Sheet(FPDF):
    """A4 upright, millimetres; ``foot`` stands at every page's foot, then ``pages``."""

    def __init__(self, foot: str, pages: str) -> None:
        super().__init__(unit="mm", format="A4")
        self._foot, self._pages = printable(foot), pages
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=BOTTOM)
        self.add_font("face", "", face())
        self.add_font("face", "B", face(bold=True))
        self.add_page()

    def footer(self) -> None:
        """Draw the foot of a page; called by the library."""
        self.set_y(-13)
        self.type(8, MUTED)
        shown = self._pages.format(page=self.page_no(), pages=self.str_alias_nb_pages)
        self.cell(self.epw, 4, f"{self._foot}  ·  {shown}")

    def type(self, points: float, colour: Colour = INK, *, bold: bool = False) -> None:
        """Choose size, colour and weight of what is written next."""
        self.set_font("face", "B" if bold else "", points)
        self.set_text_color(*colour)

    def write_lines(  # noqa: PLR0913 - where and how a text stands
        self,
        text: str,
        points: float,
        colour: Colour = INK,
        *,
        bold: bool = False,
        width: float = 0,
        left: float | None = None,
    ) -> None:
        """Write a text over as many lines and pages as it takes; the pen ends below it."""
        self.type(points, colour, bold=bold)
        if left is not None:
            self.set_x(left)
        shown = printable(text) or " "
        self.multi_cell(width, _line(points), shown, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def height_of(self, text: str, points: float, *, bold: bool = False, width: float = 0) -> float:
        """Return how high a text would stand, in millimetres."""
        self.type(points, bold=bold)
        shown = printable(text) or " "
        lines = self.multi_cell(width, _line(points), shown, align="L", dry_run=True, output="LINES")
        return len(lines) * _line(points) if isinstance(lines, list) else 0.0

    def heading(self, text: str, keep_mm: float = 24) -> None:
        """Begin a section; a new page when less than ``keep_mm`` would follow it here."""
        self.need(keep_mm)
        if self.y > MARGIN:
            self.ln(5)
            self.rule()
            self.ln(3)
        self.write_lines(text, 11, bold=True)
        self.ln(1)

    def rule(self) -> None:
        """Draw a thin line across the page."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.25)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)

    def need(self, height: float) -> None:
        """Begin a new page when ``height`` millimetres do not fit any more."""
        if self.will_page_break(height):
            self.add_page()

    def qr(self, address: str, left: float, top: float, side: float) -> None:
        """Draw a QR code."""
        modules, runs = bars(address)
        step = side / modules
        self.set_fill_color(*INK)
        for column, row, length in runs:
            self.rect(left + column * step, top + row * step, length * step, step, style="F")

    def tick(self, left: float, top: float, *, good: bool) -> None:
        """Draw a tick or a cross of 3 mm in a disc."""
        self.set_fill_color(*(ACCENT if good else BAD))
        self.ellipse(left, top, 4, 4, style="F")
        self.set_draw_color(255, 255, 255)
        self.set_line_width(0.5)
        strokes = [((1.1, 2.1), (1.7, 2.8)), ((1.7, 2.8), (2.9, 1.3))]
        if not good:
            strokes = [((1.3, 1.3), (2.7, 2.7)), ((1.3, 2.7), (2.7, 1.3))]
        for (x, y), (to_x, to_y) in strokes:
            self.line(left + x, top + y, left + to_x, top + to_y)


def _line(points: float) -> float:
    return points / _POINTS_PER_MM * 1.35
