"""One export as it was asked for, written to a file."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from db.papers.exports import Export, Reader, cells, headings, words
from db.papers.spreadsheets import Kind, open_sheet
from db.queries.exports import MachineLine, TaskLine, UptimeLine, machine_lines, task_lines, uptime_lines
from domain.uptime import Span

Part = Sequence[TaskLine] | Sequence[MachineLine] | Sequence[UptimeLine]


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: of which organization, in which days (both included), for whom, in which format."""

    export: Export
    kind: Kind
    organization_id: int
    first: date
    last: date
    reader: Reader

    @property
    def period(self) -> Span:
        """Return the days as moments, in the reader's zone."""
        place = ZoneInfo(self.reader.zone)
        begin, end = (datetime(day.year, day.month, day.day, tzinfo=place) for day in self._days())
        return Span(begin, end)

    @property
    def file_name(self) -> str:
        """Return the name that the file is kept by; machines are as they are now and have no period."""
        days = "" if self.export == Export.MACHINES else f"-{self.first.isoformat()}-{self.last.isoformat()}"
        return f"siaga-{self.export}{days}.{self.kind}"

    def _days(self) -> tuple[date, date]:
        return self.first, self.last + timedelta(days=1)


async def write_export(session: AsyncSession, order: Order, file: IO[bytes]) -> int:
    """Write an export to a file, part by part beside the event loop; return how many lines it has."""
    title = words(order.reader.language)["sheet"][order.export]
    sheet = open_sheet(order.kind, file, title, headings(order.export, order.reader))
    written = 0
    async for part in _parts(session, order):
        rows = [cells(order.export, line, order.reader) for line in part]
        await asyncio.to_thread(sheet.add, rows)
        written += len(rows)
    await asyncio.to_thread(sheet.close)
    return written


def _parts(session: AsyncSession, order: Order) -> AsyncIterator[Part]:
    match order.export:
        case Export.TASKS:
            return task_lines(session, order.organization_id, order.period)
        case Export.MACHINES:
            return machine_lines(session, order.organization_id)
        case Export.UPTIME:
            return uptime_lines(session, order.organization_id, order.first, order.last)
