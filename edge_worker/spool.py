"""The spool: what the box has to say waits in SQLite until the server has acknowledged it (DESIGN 8)."""

import contextlib
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

DROPPED = "dropped"
MAX_ENTRIES = 20_000
MAX_ENTRY_BYTES = 16 * 1024
BATCH_ENTRIES = 200
BATCH_BYTES = 192 * 1024
"""Leaves room for the rest of a heartbeat of at most 256 KiB."""

_TABLES = """
create table if not exists entry (
  sequence integer primary key, first integer not null,
  kind text not null, at text not null, data text not null
);
create table if not exists state (
  id integer primary key check (id = 1), last integer not null, owner text not null
);
insert or ignore into state values (1, 0, '');
"""
# A row stands for the sequence numbers first..sequence: one number, or all those whose entries were dropped.


@dataclass(frozen=True, slots=True)
class Entry:
    """One line for the server; numbers rise by one and never come twice for the same owner."""

    sequence: int
    kind: str
    at: str
    data: dict[str, Any]


class Spool:
    """The file is shared by all threads of the process; each call is one transaction on the disk."""

    def __init__(self, path: Path, max_entries: int = MAX_ENTRIES) -> None:
        self._path = path
        self._max_entries = max_entries
        self._lock = threading.Lock()
        self._connection = _open(path)

    def close(self) -> None:
        """Close the file; everything is on the disk already."""
        with self._lock:
            self._connection.close()

    @property
    def owner(self) -> str:
        """For whose identity the numbers count (``start_after``); empty at first."""
        with self._transaction() as cursor:
            return str(cursor.execute("select owner from state").fetchone()[0])

    def __len__(self) -> int:
        """Return how many entries wait."""
        with self._transaction() as cursor:
            return int(cursor.execute("select count(*) from entry").fetchone()[0])

    def add(self, kind: str, data: Mapping[str, Any]) -> int:
        """Store one entry durably and return its sequence number.

        When the spool is full the oldest tenth gives way, counted in one ``dropped`` entry in its place.

        Raises:
            ValueError: ``data`` is over 16 KiB as JSON, or holds a number that JSON does not know.
        """
        text = json.dumps(data, default=str, ensure_ascii=False, allow_nan=False)
        if len(text.encode()) > MAX_ENTRY_BYTES:
            msg = f"An entry of kind {kind} is over {MAX_ENTRY_BYTES} bytes."
            raise ValueError(msg)
        with self._transaction() as cursor:
            cursor.execute("update state set last = last + 1")
            sequence = int(cursor.execute("select last from state").fetchone()[0])
            cursor.execute(
                "insert into entry values (?, ?, ?, ?, ?)", (sequence, sequence, kind, _now(), text)
            )
            waiting = int(cursor.execute("select count(*) from entry").fetchone()[0])
            if waiting > self._max_entries:
                self._drop_oldest(cursor)
        return sequence

    def batch(self, limit: int = BATCH_ENTRIES, max_bytes: int = BATCH_BYTES) -> list[Entry]:
        """Return the oldest entries without a gap; at least one, if there is any.

        A dropped range is sent number by number, so that the server never waits for a missing one; its last
        number carries how many were lost.
        """
        found: list[Entry] = []
        room = max_bytes
        with self._transaction() as cursor:
            rows = cursor.execute(
                "select sequence, first, kind, at, data from entry order by sequence limit ?", (limit,)
            )
            for sequence, first, kind, at, data in rows:
                fillers = range(first, min(sequence, first + limit - len(found)))
                found.extend(Entry(number, DROPPED, at, {}) for number in fillers)
                room -= len(data.encode()) + 100 * (len(fillers) + 1)
                if len(found) >= limit or (found and room < 0):
                    break
                found.append(Entry(sequence, kind, at, json.loads(data)))
        return found

    def acknowledge(self, upto: int) -> None:
        """Forget every entry up to and with this sequence number."""
        with self._transaction() as cursor:
            cursor.execute("delete from entry where sequence <= ?", (upto,))
            cursor.execute("update entry set first = ? where first <= ?", (upto + 1, upto))

    def start_after(self, acknowledged: int, owner: str) -> None:
        """Number what waits, and all that comes, on from the last number the server has of ``owner``.

        For a box that takes an identity over (another box had it, or this one had another), and for one whose
        spool was lost: its numbers would else be taken for repeats, or leave a gap that never closes.
        """
        with self._transaction() as cursor:
            first = cursor.execute("select min(first) from entry").fetchone()[0]
            last = int(cursor.execute("select last from state").fetchone()[0])
            shift = 0 if first is None else acknowledged + 1 - int(first)
            # Through the negative numbers, since a shifted row would meet one that is still to be shifted.
            cursor.execute("update entry set sequence = -(sequence + ?), first = first + ?", (shift, shift))
            cursor.execute("update entry set sequence = -sequence")
            new_last = acknowledged if first is None else last + shift
            cursor.execute("update state set last = ?, owner = ?", (new_last, owner))

    def _drop_oldest(self, cursor: sqlite3.Cursor) -> None:
        rows = cursor.execute(
            "select sequence, first, kind, at, data from entry order by sequence limit ?",
            (max(2, self._max_entries // 10),),
        ).fetchall()
        facts = [
            (json.loads(data) if kind == DROPPED else {"count": 1, "since": at})
            for _, _, kind, at, data in rows
        ]
        count = sum(fact["count"] for fact in facts)
        last, until = rows[-1][0], rows[-1][3]
        data = json.dumps({"count": count, "since": facts[0]["since"], "until": until})
        cursor.execute("delete from entry where sequence <= ?", (last,))
        cursor.execute("insert into entry values (?, ?, ?, ?, ?)", (last, rows[0][1], DROPPED, until, data))
        log.warning("The spool is full: %d entries since %s were dropped unsent.", count, facts[0]["since"])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._lock, contextlib.closing(self._connection.cursor()) as cursor:
            cursor.execute("begin immediate")
            try:
                yield cursor
                cursor.execute("commit")
            except BaseException:
                # A full disk makes SQLite roll back by itself.
                if self._connection.in_transaction:
                    cursor.execute("rollback")
                raise


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; one that a failing disk has broken is put aside, since a silent box is worse."""
    try:
        return _prepared(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        aside = path.with_name(f"{path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        log.exception("The spool %s is broken and is put aside as %s.", path, aside.name)
        path.replace(aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
    try:
        connection.execute("pragma journal_mode = wal")
        # Each commit reaches the disk: after a power cut a lost number would be given a second time, and the
        # server would take the new entry for a repeat.
        connection.execute("pragma synchronous = full")
        if connection.execute("pragma quick_check(1)").fetchone()[0] != "ok":
            msg = "quick_check failed"
            raise sqlite3.DatabaseError(msg)  # noqa: TRY301 - closes the file like any other
        connection.executescript(_TABLES)
    except BaseException:
        connection.close()
        raise
    path.chmod(0o600)
    return connection


def _now() -> str:
    return datetime.now(UTC).isoformat()
