"""Variables of what admins run their organization with: settings, searches, exports, status."""

import dataclasses
from collections.abc import Iterator
from datetime import date

from db.chat.health import ChatHealth
from db.papers.exports import Export
from db.queries.finding import Hit, Kind
from db.queries.measures import Measures, Rate
from db.queries.status import Standing, Unreachable
from domain.chat import Loudness
from domain.notices import ADJUSTABLE
from domain.roles import Role
from domain.settings import TABLE, Area
from tests.bot.samples.rows import NASTY, NOW, Words, a_machine, a_task


def office() -> Iterator[tuple[str, Words]]:
    """Return the variables of the office's replies."""
    yield from _settings()
    yield from _found()
    yield from _exports()
    yield from _status()


def _settings() -> Iterator[tuple[str, Words]]:
    yield "replies/settings_organizations", {}
    yield "replies/settings", {"name": NASTY, "own": [], "loud": {}}
    own = [(row, row.lowest) for row in TABLE]
    yield "replies/settings", {"name": "Siaga", "own": own, "loud": dict.fromkeys(ADJUSTABLE[:1], "sound")}
    for area in Area:
        rows = [(row, row.default, place % 2 == 0) for place, row in enumerate(TABLE) if row.area == area]
        yield "replies/settings_area", {"area": area, "rows": rows}
    for row in TABLE:
        for is_own in (True, False):
            words = {"row": row, "value": row.highest, "own": is_own, "default": row.default}
            yield "replies/setting", words
    rows_of_messages = [(name, Loudness.SILENT, False) for name in ADJUSTABLE]
    rows_of_messages[0] = (ADJUSTABLE[0], Loudness.SOUND, True)
    yield "replies/settings_messages", {"rows": rows_of_messages, "page": 1, "pages": 3}


def _found() -> Iterator[tuple[str, Words]]:
    hits = [
        Hit(Kind.TASK, 12, 1, NASTY, None, "repair", "accepted", None),
        Hit(Kind.MACHINE, 3, 1, NASTY, NASTY, None, "online", 12),
        Hit(Kind.MACHINE, 4, 1, "RVM", "", None, "waiting", None),
        Hit(Kind.PERSON, 4, 1, NASTY, None, None, "teknisi", None),
    ]
    yield "replies/found", {"asked": "a<b", "hits": hits, "total": 12, "page": 1, "pages": 2, "people": True}
    for people in (True, False):
        yield (
            "replies/found",
            {"asked": "x", "hits": [], "total": 0, "page": 1, "pages": 1, "people": people},
        )


def _exports() -> Iterator[tuple[str, Words]]:
    for export in Export:
        for lines in (0, 1, 1200):
            days = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
            yield "replies/exported", {"export": export, "lines": lines, **days}
    yield "replies/export_too_big", {"most": 50_000}


def _status() -> Iterator[tuple[str, Words]]:
    fine = Standing(
        chat=ChatHealth(0, 0, 0, 0),
        waiting_updates=0,
        waiting_chats=0,
        due=0,
        failed=0,
        uncertain=0,
        median_s=0.1,
        p95_s=0.8,
        unreachable=[],
        offline=[],
        offline_total=0,
        lost_runs=[],
        overdue=[],
        overdue_total=0,
        database_s=0.01,
    )
    troubled = dataclasses.replace(
        fine,
        chat=ChatHealth(3700.4, 150.2, 1, 2),
        waiting_updates=3,
        waiting_chats=1,
        due=7,
        failed=4,
        uncertain=1,
        p95_s=31.0,
        unreachable=[
            Unreachable(4, 1, NASTY, Role.TECHNICIAN, blocked=True, missed=3),
            Unreachable(5, 1, "Budi", Role.OPERATOR, blocked=False, missed=0),
        ],
        offline=[a_machine(name=NASTY, connection_since=NOW), a_machine()],
        offline_total=2,
        lost_runs=[3],
        overdue=[a_task()],
        overdue_total=1,
    )
    nothing = Measures(Rate(0, 0), Rate(0, 0), Rate(0, 0), 0, None, None, Rate(0, 0), None)
    measured = Measures(Rate(90, 100), Rate(100, 100), Rate(1, 3), 12, 95.2, 300.0, Rate(3, 4), 4.3)
    yield "replies/status", {"stands": fine, "temporal": True, "measured": nothing, "at": NOW}
    yield "replies/status", {"stands": troubled, "temporal": False, "measured": measured, "at": NOW}
