"""Which columns an export has, in order; their headings stand in ``columns/<language>.toml``."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from db.queries.exports import MachineLine, TaskLine, UptimeLine

_FOLDER = Path(__file__).parent / "columns"
_HOUR_S = 3600.0

Cell = str | int | float | datetime | None
"""A text, a number, or a local time without its zone, which the heading names."""


class Export(StrEnum):
    """What can be exported."""

    TASKS = "tasks"
    MACHINES = "machines"
    UPTIME = "uptime"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an export is for: ``id`` or ``en``, and the zone its times are in."""

    language: str
    zone: str


Read = Callable[[Any, Reader], Cell]


def _plain(name: str) -> Read:
    return lambda line, _: getattr(line, name)


def _time(name: str) -> Read:
    def read(line: Any, reader: Reader) -> Cell:  # noqa: ANN401 - a line of any export
        at = getattr(line, name)
        return None if at is None else at.astimezone(ZoneInfo(reader.zone)).replace(tzinfo=None)

    return read


def _code(name: str, table: str) -> Read:
    def read(line: Any, reader: Reader) -> Cell:  # noqa: ANN401 - a line of any export
        code = getattr(line, name)
        return None if code is None else words(reader.language)[table][code]

    return read


def _round(name: str) -> Read:
    def read(line: Any, _: Reader) -> Cell:  # noqa: ANN401 - a line of any export
        value = getattr(line, name)
        return None if value is None else round(value)

    return read


def _yes(name: str) -> Read:
    return lambda line, reader: words(reader.language)["yes"]["yes" if getattr(line, name) else "no"]


def _failed(line: TaskLine, reader: Reader) -> Cell:
    return "; ".join(step[f"label_{reader.language}"] for step in line.failed_steps)


def _month(line: UptimeLine, _: Reader) -> Cell:
    return f"{line.month:%Y-%m}"


def _share(line: UptimeLine, _: Reader) -> Cell:
    share = line.uptime.share
    return None if share is None else round(share * 100, 2)


_TASKS: Mapping[str, Read] = {
    "number": _plain("number"),
    "status": _code("status", "assignment_status"),
    "task_type": _code("task_type", "task_type"),
    "priority": _code("priority", "priority"),
    "machine": _plain("machine"),
    "serial_number": _plain("serial_number"),
    "address": _plain("address"),
    "description": _plain("description"),
    "assigned_by": _plain("assigned_by"),
    "assigned_to": _plain("assigned_to"),
    "scheduled": _time("scheduled"),
    "expected_minutes": _plain("expected_minutes"),
    "created": _time("created"),
    "accepted": _time("accepted"),
    "started": _time("started"),
    "completed": _time("completed"),
    "cancelled": _time("cancelled"),
    "worked_minutes": _plain("worked_minutes"),
    "declined": _plain("declined"),
    "handed_back": _plain("handed_back"),
    "arrival_method": _code("arrival_method", "arrival_method"),
    "arrival_outcome": _code("arrival_outcome", "arrival_outcome"),
    "arrival_distance_m": _round("arrival_distance_m"),
    "arrival_accuracy_m": _round("arrival_accuracy_m"),
    "arrival_reason": _plain("arrival_reason"),
    "checklist_steps": _plain("checklist_steps"),
    "failed_count": lambda line, _: len(line.failed_steps),
    "failed_steps": _failed,
    "photos": _plain("photos"),
    "completion_notes": _plain("completion_notes"),
    "follow_up_of": _plain("follow_up_of"),
}
_MACHINES: Mapping[str, Read] = {
    "name": _plain("name"),
    "serial_number": _plain("serial_number"),
    "address": _plain("address"),
    "latitude": _plain("latitude"),
    "longitude": _plain("longitude"),
    "capacity": _plain("capacity"),
    "time_zone": _plain("time_zone"),
    "machine_status": _code("status", "machine_status"),
    "connection": _code("connection", "connection"),
    "connection_since": _time("connection_since"),
    "last_heartbeat": _time("last_heartbeat"),
    "unstable": _yes("unstable"),
    "onboarding_step": _code("onboarding_step", "onboarding_step"),
    "registered": _time("registered"),
    "commissioned": _time("commissioned"),
    "hardware_id": _plain("hardware_id"),
    "edge_version": _plain("edge_version"),
    "uuid": _plain("uuid"),
}
_UPTIME: Mapping[str, Read] = {
    "month": _month,
    "name": _plain("name"),
    "serial_number": _plain("serial_number"),
    "time_zone": _plain("time_zone"),
    "in_service_hours": lambda line, _: round(line.uptime.in_service_s / _HOUR_S, 2),
    "offline_hours": lambda line, _: round(line.uptime.offline_s / _HOUR_S, 2),
    "online_percent": _share,
    "outages": lambda line, _: line.uptime.outages,
}
COLUMNS: Mapping[Export, Mapping[str, Read]] = {
    Export.TASKS: _TASKS,
    Export.MACHINES: _MACHINES,
    Export.UPTIME: _UPTIME,
}
TIMES = frozenset(
    {"scheduled", "created", "accepted", "started", "completed", "cancelled"}
    | {"connection_since", "last_heartbeat", "registered", "commissioned"}
)
"""Columns whose heading names the zone."""


@cache
def words(language: str) -> dict[str, dict[str, str]]:
    """Return what stands in exports in a language, by table."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def headings(export: Export, reader: Reader) -> list[str]:
    """Return the headings; that of a time names its zone."""
    known = words(reader.language)["heading"]
    return [f"{known[name]} ({reader.zone})" if name in TIMES else known[name] for name in COLUMNS[export]]


def cells(export: Export, line: TaskLine | MachineLine | UptimeLine, reader: Reader) -> Sequence[Cell]:
    """Return a line's cells in the order of the headings."""
    return [read(line, reader) for read in COLUMNS[export].values()]
