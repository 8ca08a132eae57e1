"""The spool loses nothing it has taken, gives no number twice, and never leaves a gap."""

import math
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from edge_worker.spool import DROPPED, MAX_ENTRY_BYTES, Spool

WRITER = """
import sys
from pathlib import Path
from edge_worker.spool import Spool
spool = Spool(Path(sys.argv[1]))
while True:
    number = spool.add("event", {"text": "a bottle"})
    print(number, flush=True)
    if number % 3 == 0:
        spool.acknowledge(number - 1)
"""


def numbers(spool: Spool) -> list[int]:
    return [entry.sequence for entry in spool.batch()]


def test_entries_come_back_in_order_with_their_data(spool: Spool) -> None:
    spool.add("started", {"version": "1"})
    spool.add("event", {"what": "botol 🍾", "count": 2})

    first, second = spool.batch()

    assert (first.sequence, first.kind, first.data) == (1, "started", {"version": "1"})
    assert (second.sequence, second.kind, second.data) == (2, "event", {"what": "botol 🍾", "count": 2})
    assert first.at.endswith("+00:00")


def test_what_was_acknowledged_is_forgotten_and_the_rest_stays(spool: Spool) -> None:
    for _ in range(5):
        spool.add("event", {})

    spool.acknowledge(3)

    assert numbers(spool) == [4, 5]
    assert len(spool) == 2


def test_a_number_is_never_given_twice_even_after_all_was_acknowledged(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db")
    last = [spool.add("event", {}) for _ in range(3)][-1]
    spool.acknowledge(last)
    spool.close()

    again = Spool(tmp_path / "spool.db")

    assert again.batch() == []
    assert again.add("event", {}) == last + 1
    again.close()


@pytest.mark.parametrize("at_least", [1, 20, 50])
def test_kill_9_in_the_middle_of_writing_loses_nothing(tmp_path: Path, at_least: int) -> None:
    path = tmp_path / "spool.db"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout
        given = [int(writer.stdout.readline()) for _ in range(at_least)]
        os.kill(writer.pid, signal.SIGKILL)
        given += [int(line) for line in writer.stdout.read().split()]

    spool = Spool(path)
    waiting = numbers(spool)
    following = spool.add("event", {})
    spool.close()

    assert given == list(range(1, len(given) + 1))
    assert waiting == list(range(waiting[0], waiting[-1] + 1))
    # All that was acknowledged before is at most two behind the last number that was told.
    assert waiting[0] <= given[-1]
    assert waiting[-1] >= given[-1]
    assert following == waiting[-1] + 1


def test_a_full_spool_drops_its_oldest_counted_and_without_a_gap(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", max_entries=20)

    for number in range(1, 101):
        spool.add("event", {"number": number})

    entries = spool.batch()
    assert len(spool) <= 20
    assert [entry.sequence for entry in entries] == list(range(1, 101))
    reports = [entry for entry in entries if entry.kind == DROPPED and entry.data]
    assert len(reports) == 1
    kept = [entry for entry in entries if entry.kind == "event"]
    assert reports[0].data["count"] + len(kept) == 100
    assert reports[0].sequence == kept[0].sequence - 1
    assert [entry.data["number"] for entry in kept] == [entry.sequence for entry in kept]
    spool.close()


def test_a_dropped_range_may_be_acknowledged_in_parts(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", max_entries=20)
    for _ in range(100):
        spool.add("event", {})
    seen = []

    while entries := spool.batch(limit=7):
        assert len(entries) <= 7
        seen += [entry.sequence for entry in entries]
        spool.acknowledge(entries[-1].sequence)

    assert seen == list(range(1, 101))
    spool.close()


def test_a_batch_keeps_to_its_size(spool: Spool) -> None:
    for _ in range(10):
        spool.add("event", {"text": "x" * 1000})

    assert len(spool.batch(max_bytes=3500)) == 3
    assert len(spool.batch(max_bytes=10)) == 1
    assert len(spool.batch(limit=4)) == 4


def test_an_entry_that_could_never_be_sent_is_refused(spool: Spool) -> None:
    with pytest.raises(ValueError, match="kind event"):
        spool.add("event", {"text": "x" * MAX_ENTRY_BYTES})
    with pytest.raises(ValueError, match="JSON"):
        spool.add("event", {"weight_g": math.nan})

    assert spool.add("event", {}) == 1


@pytest.mark.parametrize(
    ("acknowledged", "expected"), [(300, [301, 302, 303]), (0, [1, 2, 3]), (2, [3, 4, 5])]
)
def test_a_box_that_takes_an_identity_over_goes_on_after_its_last_number(
    spool: Spool, acknowledged: int, expected: list[int]
) -> None:
    for text in ("gone", "a", "b", "c"):
        spool.add("event", {"text": text})
    spool.acknowledge(1)

    spool.start_after(acknowledged, "ek-2")

    assert numbers(spool) == expected
    assert [entry.data["text"] for entry in spool.batch()] == ["a", "b", "c"]
    assert spool.add("event", {}) == expected[-1] + 1
    assert spool.owner == "ek-2"


def test_an_empty_spool_goes_on_after_the_servers_last_number(spool: Spool) -> None:
    spool.start_after(41, "ek-2")

    assert spool.add("event", {}) == 42


def test_a_broken_file_is_put_aside_and_the_box_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    path.write_bytes(b"the disk has forgotten " * 1000)

    spool = Spool(path)

    assert spool.add("event", {}) == 1
    assert len(list(tmp_path.glob("spool.db.broken-*"))) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    spool.close()


def test_a_disk_that_is_full_for_a_while_does_not_stop_the_spool(spool: Spool) -> None:
    spool.add("event", {})
    pages = spool._connection.execute("pragma page_count").fetchone()[0]
    spool._connection.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):  # noqa: PT012 - which one fails is SQLite's affair
        for _ in range(100):
            spool.add("event", {"text": "x" * 2000})
    taken = numbers(spool)
    spool._connection.execute("pragma max_page_count = 100000")

    assert spool.add("event", {}) == taken[-1] + 1
