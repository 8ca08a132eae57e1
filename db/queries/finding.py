"""Finding tasks, machines and people by a number or by words (``/find``)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.models.assignments import AssignmentOffer, TechnicianAssignment
from db.models.core import MembershipRow, User
from db.models.machines import RvmMachine
from domain.assignments import OPEN_STATUSES
from domain.offers import OfferOutcome

WORDS_MOST = 6
"""More words than these narrow nothing further."""
_DIGITS_MOST = 18
"""A longer number is no task's."""
Column = SQLColumnExpression[Any]
_TEXT, _NUMBER = null().cast(String), null().cast(BigInteger)


class Kind(StrEnum):
    """What was found, in the order it is listed."""

    TASK = "task"
    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Within:
    """What may be found: everything of organizations, and what is one person's own."""

    organizations: Sequence[int] = ()
    own_of: int | None = None
    """A technician: their tasks, and machines they have open work at or may enter. No people."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: ``label`` names it; the codes are what its words are made of."""

    kind: Kind
    id: int
    organization_id: int
    label: str
    note: str | None
    """Address and serial number of a machine."""
    task_type: str | None
    status: str | None
    """Of a task; of a machine its connection; of a person the role."""
    task_id: int | None
    """The technician's open task at a machine."""


async def find(
    session: AsyncSession, asked: str, within: Within, *, limit: int, offset: int = 0
) -> tuple[list[Hit], int]:
    """Return a part of what fits and how much fits in all. Needs the system scope: it reads linked people.

    A number means the task with that number first, then what contains its digits; "#12" means the task
    alone. Of several words each has to occur. ``%`` and ``_`` stand for themselves.
    """
    words = asked.split()[:WORDS_MOST]
    if not words:
        return [], 0
    alone = re.fullmatch(r"#(\d+)", words[0])
    query = _tasks([alone[1]], within, alone=True) if alone else _everything(words, within)
    found = query.subquery()
    total = int(await session.scalar(select(func.count()).select_from(found)) or 0)
    rows = await session.execute(
        select(found)
        .order_by(found.c.rank, found.c.kind_order, found.c.last, found.c.sort, found.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_hit(row) for row in rows], total


def _hit(row: Any) -> Hit:  # noqa: ANN401 - a row of the union
    return Hit(
        Kind(row.kind),
        row.id,
        row.organization_id,
        row.label,
        row.note,
        row.task_type,
        row.status,
        row.task_id,
    )


def _everything(words: Sequence[str], within: Within) -> Any:  # noqa: ANN401 - a union of selects
    return union_all(_tasks(words, within), _machines(words, within), _people(words, within))


def _each_word(words: Sequence[str], *columns: Column) -> ColumnElement[bool]:
    """Return that every word stands in one of the columns, however it is written."""
    return and_(*(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))


def _line(  # noqa: PLR0913 - each is a column of the union
    kind: Kind,
    number: Column,
    organization: Column,
    label: Column,
    *,
    rank: Column | None = None,
    note: Column = _TEXT,
    task_type: Column = _TEXT,
    status: Column = _TEXT,
    task_id: Column = _NUMBER,
    last: Column | None = None,
    sort: Column | None = None,
) -> Select[Any]:
    return select(
        (literal(1) if rank is None else rank).label("rank"),
        literal(list(Kind).index(kind)).label("kind_order"),
        literal(kind.value).label("kind"),
        number.label("id"),
        organization.label("organization_id"),
        label.label("label"),
        note.label("note"),
        task_type.label("task_type"),
        status.label("status"),
        task_id.label("task_id"),
        (literal(0) if last is None else last).label("last"),
        (literal("") if sort is None else sort).label("sort"),
    )


def _tasks(words: Sequence[str], within: Within, *, alone: bool = False) -> Select[Any]:
    task, machine = TechnicianAssignment, RvmMachine
    number = words[0] if len(words) == 1 and words[0].isdecimal() and len(words[0]) <= _DIGITS_MOST else None
    notes = func.coalesce(task.completion_notes, "")
    exact = task.id == int(number) if number else literal(value=False)
    query = (
        _line(
            Kind.TASK,
            task.id,
            task.organization_id,
            machine.name,
            rank=case((exact, 0), else_=1),
            task_type=task.task_type.cast(String),
            status=task.status.cast(String),
            last=case((task.status.in_(OPEN_STATUSES), 0), else_=1),
        )
        .join(machine, machine.id == task.rvm_machine_id)
        .where(exact if alone else exact | _each_word(words, task.description, notes, machine.name))
    )
    theirs = task.organization_id.in_(within.organizations)
    return query.where(theirs if within.own_of is None else theirs | _is_own(within.own_of))


def _is_own(user_id: int) -> ColumnElement[bool]:
    """Return that a person was given a task, or is asked whether they take it."""
    asked = select(AssignmentOffer.assignment_id).where(
        AssignmentOffer.user_id == user_id, AssignmentOffer.outcome == OfferOutcome.ASKED
    )
    task = TechnicianAssignment
    return (task.assigned_to == user_id) | task.id.in_(asked)


def _machines(words: Sequence[str], within: Within) -> Select[Any]:
    machine = RvmMachine
    own_task: Column = _NUMBER
    if within.own_of is not None:
        own_task = (
            select(func.max(TechnicianAssignment.id))
            .where(
                TechnicianAssignment.rvm_machine_id == machine.id,
                TechnicianAssignment.status.in_(OPEN_STATUSES),
                _is_own(within.own_of),
            )
            .correlate(machine)
            .scalar_subquery()
        )
    address, serial = func.coalesce(machine.address, ""), func.coalesce(machine.serial_number, "")
    query = _line(
        Kind.MACHINE,
        machine.id,
        machine.organization_id,
        machine.name,
        note=func.concat_ws(" · ", machine.serial_number, machine.address),
        status=machine.connection.cast(String),
        task_id=own_task,
        sort=machine.name,
    ).where(machine.deleted_at.is_(None), _each_word(words, machine.name, address, serial))
    theirs = machine.organization_id.in_(within.organizations)
    if within.own_of is None:
        return query.where(theirs)
    granted = select(MachineGrant.rvm_machine_id).where(
        MachineGrant.user_id == within.own_of,
        MachineGrant.revoked_at.is_(None),
        func.coalesce(MachineGrant.expires_at > func.now(), True),
    )
    return query.where(theirs | own_task.is_not(None) | machine.id.in_(granted))


def _people(words: Sequence[str], within: Within) -> Select[Any]:
    return (
        _line(
            Kind.PERSON,
            User.id,
            MembershipRow.organization_id,
            User.name,
            status=MembershipRow.role.cast(String),
            sort=User.name,
        )
        .join(MembershipRow, MembershipRow.user_id == User.id)
        .where(
            MembershipRow.organization_id.in_(within.organizations),
            User.deleted_at.is_(None),
            _each_word(words, User.name, func.coalesce(User.email, "")),
        )
    )
