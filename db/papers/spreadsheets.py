"""Writing a table part by part as CSV or XLSX, so that opening it runs nothing.

A text that a spreadsheet would take for a formula is defused: in CSV by an apostrophe before it, in XLSX by
being written as text with the mark that keeps it one when the cell is edited.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import IO, Protocol

from xlsxwriter import Workbook

from db.papers.exports import Cell

_FORMULA = re.compile(r"[\s]*[=+\-@\t\r\n]")
"""How a text begins that a spreadsheet may compute; spaces before it are skipped by some."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL_MOST = 32_767
"""Characters a cell of a workbook may hold."""
_WIDTHS = (8, 60)


class Kind(StrEnum):
    """The format of a file; its ending."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Sheet(Protocol):
    """A table being written to a file."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        ...

    def close(self) -> None:
        """Finish the file; it stays open for reading."""
        ...


def open_sheet(kind: Kind, file: IO[bytes], title: str, headings: Sequence[str]) -> Sheet:
    """Return a table with its headings written."""
    return CsvSheet(file, headings) if kind == Kind.CSV else XlsxSheet(file, title, headings)


class CsvSheet:
    """CSV as RFC 4180 has it, with the mark by which Excel knows UTF-8."""

    def __init__(self, file: IO[bytes], headings: Sequence[str]) -> None:
        self._file = file
        file.write("\ufeff".encode())
        self.add([headings])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([_written(cell) for cell in row] for row in rows)
        self._file.write(text.getvalue().encode())

    def close(self) -> None:
        """Nothing is left to write."""


def _written(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case str():
            return f"'{cell}" if _FORMULA.match(cell) else cell
        case _:
            return cell


class XlsxSheet:
    """One sheet with a fixed first row and a filter; rows go to the disk as they come."""

    def __init__(self, file: IO[bytes], title: str, headings: Sequence[str]) -> None:
        self._book = Workbook(file, {"constant_memory": True})
        self._sheet = self._book.add_worksheet(title)
        self._headings = headings
        self._row = 1
        bold = self._book.add_format({"bold": True, "bottom": 1})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._kept = self._book.add_format({"quote_prefix": True})
        for column, heading in enumerate(headings):
            width = min(max(len(heading) + 2, _WIDTHS[0]), _WIDTHS[1])
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, heading, bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        for row in rows:
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._row += 1

    def close(self) -> None:
        """Pack the workbook into the file."""
        self._sheet.autofilter(0, 0, self._row - 1, len(self._headings) - 1)
        self._book.close()

    def _write(self, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                pass
            case datetime():
                self._sheet.write_datetime(self._row, column, cell, self._moment)
            case str():
                text = _NOT_IN_XML.sub("", cell)[:_CELL_MOST]
                style = self._kept if _FORMULA.match(text) else None
                self._sheet.write_string(self._row, column, text, style)
            case _:
                self._sheet.write_number(self._row, column, cell)
