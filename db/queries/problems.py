"""Reading what was reported at machines: proposals with the reports that were folded into them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.core import User
from db.models.machines import RvmMachine
from db.models.problems import ProblemReportRow
from domain.problems import ProblemKind, ProblemStatus


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One report as somebody sent it."""

    report_id: int
    kind: ProblemKind
    description: str
    contact: str
    file_id: int | None
    reporter_name: str | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class ProblemDetail:
    """A proposal as cards and the API show it; ``lines`` are its reports, oldest first."""

    report_id: int
    organization_id: int
    machine_id: int
    machine_uuid: UUID
    machine_name: str
    machine_address: str | None
    machine_time_zone: str
    status: ProblemStatus
    assignment_id: int | None
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str | None
    created_at: datetime
    lines: list[ProblemLine] = field(default_factory=list)

    @property
    def latest(self) -> ProblemLine:
        """The report that came last."""
        return self.lines[-1]

    @property
    def kinds(self) -> list[ProblemKind]:
        """What was chosen, the most frequent first."""
        chosen = [line.kind for line in self.lines]
        return sorted(dict.fromkeys(chosen), key=lambda kind: -chosen.count(kind))

    @property
    def photos(self) -> list[int]:
        """The file ids of all photos, oldest first."""
        return [line.file_id for line in self.lines if line.file_id is not None]


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """What a list of proposals is narrowed to."""

    organizations: Sequence[int] = ()
    statuses: Sequence[ProblemStatus] = ()
    machine_id: int | None = None


_ROW = ProblemReportRow
_BY = aliased(User)


async def problem_by_id(session: AsyncSession, report_id: int) -> ProblemDetail | None:
    """Return the proposal that a report is, or is part of."""
    number = await session.scalar(select(func.coalesce(_ROW.part_of_id, _ROW.id)).where(_ROW.id == report_id))
    found = await _details(session, _query().where(_ROW.id == number))
    return found[0] if found else None


async def list_problems(
    session: AsyncSession, wanted: ProblemFilter, *, limit: int = 50, offset: int = 0
) -> list[ProblemDetail]:
    """Return proposals, newest first."""
    query = _filtered(_query(), wanted).order_by(_ROW.id.desc())
    return await _details(session, query.limit(limit).offset(offset))


async def count_problems(session: AsyncSession, wanted: ProblemFilter) -> int:
    """Return how many proposals ``list_problems`` pages through."""
    return int(await session.scalar(_filtered(select(func.count()).select_from(_ROW), wanted)) or 0)


async def problem_under_way(session: AsyncSession, machine_id: int) -> bool:
    """Return whether somebody has reported this machine and it is not solved yet."""
    query = select(_ROW.id).where(
        _ROW.rvm_machine_id == machine_id, _ROW.status.in_((ProblemStatus.OPEN, ProblemStatus.ASSIGNED))
    )
    return await session.scalar(query.limit(1)) is not None


async def photos_of_reports(session: AsyncSession, assignment_id: int) -> list[ProblemLine]:
    """Return the reports with a photo that a task takes care of, oldest first."""
    query = _lines_query().where(_ROW.assignment_id == assignment_id, _ROW.file_id.is_not(None))
    return [_line(row) for row in await session.execute(query)]


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(_ROW, RvmMachine, _BY.name)
        .join(RvmMachine, RvmMachine.id == _ROW.rvm_machine_id)
        .outerjoin(_BY, _BY.id == _ROW.decided_by)
    )


def _filtered(query: Select[*tuple[Any, ...]], wanted: ProblemFilter) -> Select[*tuple[Any, ...]]:
    query = query.where(_ROW.part_of_id.is_(None), _ROW.organization_id.in_(wanted.organizations))
    if wanted.statuses:
        query = query.where(_ROW.status.in_(wanted.statuses))
    if wanted.machine_id is not None:
        query = query.where(_ROW.rvm_machine_id == wanted.machine_id)
    return query


def _lines_query() -> Select[*tuple[Any, ...]]:
    return select(_ROW, User.name).outerjoin(User, User.id == _ROW.reporter_id).order_by(_ROW.id)


def _line(row: Row[*tuple[Any, ...]]) -> ProblemLine:
    report, reporter = row
    return ProblemLine(
        report_id=report.id,
        kind=report.kind,
        description=report.description,
        contact=report.contact,
        file_id=report.file_id,
        reporter_name=reporter,
        reported_at=report.created_at,
    )


async def _details(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> list[ProblemDetail]:
    rows = (await session.execute(query)).all()
    numbers = [report.id for report, _, _ in rows]
    parts = _lines_query().where(or_(_ROW.id.in_(numbers), _ROW.part_of_id.in_(numbers)))
    lines: dict[int, list[ProblemLine]] = {}
    for one in await session.execute(parts):
        lines.setdefault(one[0].part_of_id or one[0].id, []).append(_line(one))
    return [
        ProblemDetail(
            report_id=report.id,
            organization_id=report.organization_id,
            machine_id=machine.id,
            machine_uuid=machine.uuid,
            machine_name=machine.name,
            machine_address=machine.address,
            machine_time_zone=machine.time_zone,
            status=report.status,
            assignment_id=report.assignment_id,
            decided_by_name=by_name,
            decided_at=report.decided_at,
            reason=report.reason,
            created_at=report.created_at,
            lines=lines[report.id],
        )
        for report, machine, by_name in rows
    ]
