"""The keypad: a PIN is judged with nothing but files and a clock, wrong ones make everybody wait."""

import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.pins import PinId, Roster, pin_key, pin_of, window_of
from edge_worker.credentials import credentials_from, save_credentials
from edge_worker.keypad.back_off import BackOff, load_back_off
from edge_worker.keypad.lock import Answer, Lock, Outcome
from edge_worker.keypad.roster import save_roster
from edge_worker.keypad.serving import keypad_page
from edge_worker.settings import EdgeSettings, KeypadSettings
from edge_worker.spool import Spool
from tests.edge_worker.server import HOST
from tests.edge_worker.test_main import a_free_port

API_KEY, SECRET = "sk-machine-one", "the secret of this box"
NINE = datetime(2026, 1, 12, 9, 0, tzinfo=UTC).timestamp()
KEY = pin_key(SECRET)
BUDI = PinId(7, window_of(datetime.fromtimestamp(NINE, UTC)))
RIGHT, WRONG = pin_of(KEY, BUDI), "07000000"


@dataclass
class Clock:
    """Seconds since 1970, as the test sets them."""

    now: float = NINE

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def box(tmp_path: Path) -> EdgeSettings:
    """A box that was bound once and knows Budi; no server is anywhere."""
    folder = tmp_path / "edge"
    folder.mkdir()
    settings = EdgeSettings(folder=folder, api_key=API_KEY, keypad=KeypadSettings(HOST, a_free_port()))
    answer = {
        "edge_id": "one",
        "edge_key": "k",
        "edge_secret": SECRET,
        "beat_s": 30,
        "machine": {"name": "RVM"},
    }
    save_credentials(settings.credentials_file, credentials_from(answer, API_KEY))
    save_roster(settings.roster_file, Roster({7: "Budi"}))
    return settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lock(box: EdgeSettings, spool: Spool, clock: Clock) -> Lock:
    return Lock(box, spool, clock)


def told(spool: Spool) -> list[tuple[str, dict[str, Any]]]:
    return [(entry.kind, entry.data) for entry in spool.batch()]


def test_the_right_pin_opens_says_who_and_is_spooled(lock: Lock, spool: Spool) -> None:
    assert lock.enter(RIGHT) == Answer(Outcome.OPEN, slot=7, name="Budi")

    assert told(spool) == [("pin_used", {"slot": 7, "window": BUDI.window, "tries": 0, "bolt": True})]


def test_a_slot_given_while_the_box_was_cut_off_opens_without_a_name(lock: Lock) -> None:
    assert lock.enter(pin_of(KEY, PinId(8, BUDI.window))) == Answer(Outcome.OPEN, slot=8)


def test_what_was_revoked_or_is_of_another_time_or_box_is_wrong(
    box: EdgeSettings, lock: Lock, clock: Clock
) -> None:
    save_roster(box.roster_file, Roster({7: "Budi"}, frozenset({BUDI})))
    others = [RIGHT, pin_of(KEY, PinId(7, BUDI.window + 40)), pin_of(pin_key("another box"), BUDI)]

    for typed in others:
        assert lock.enter(typed).outcome is Outcome.WRONG
        clock.now += 300


def test_wrong_pins_back_off_by_doubling_and_never_lock_out(lock: Lock, clock: Clock, spool: Spool) -> None:
    waits = []
    for _ in range(7):
        answer = lock.enter(WRONG)
        assert answer.outcome is Outcome.WRONG
        waits.append(answer.wait_s)
        clock.now += answer.wait_s / 2
        # Not judged at all, even though it is right, and it does not make the wait longer.
        assert lock.enter(RIGHT) == Answer(Outcome.WAIT, answer.wait_s / 2)
        clock.now += answer.wait_s / 2

    assert waits == [30, 60, 120, 240, 300, 300, 300]
    assert lock.enter(RIGHT).outcome is Outcome.OPEN
    wrong = [("pin_wrong", {"tries": tries}) for tries in range(1, 8)]
    assert told(spool) == [
        *wrong,
        ("pin_used", {"slot": 7, "window": BUDI.window, "tries": 7, "bolt": True}),
    ]
    assert lock.enter(WRONG).wait_s == 30
    assert all(WRONG not in str(data) and RIGHT not in str(data) for _, data in told(spool))


def test_the_wait_survives_a_restart(box: EdgeSettings, lock: Lock, spool: Spool, clock: Clock) -> None:
    lock.enter(WRONG)
    clock.now += 30
    lock.enter(WRONG)
    clock.now += 10

    restarted = Lock(box, spool, clock)

    assert restarted.enter(RIGHT) == Answer(Outcome.WAIT, 50)
    assert stat.S_IMODE(box.back_off_file.stat().st_mode) == 0o600
    clock.now += 50
    assert restarted.enter(WRONG).wait_s == 120


def test_a_clock_that_was_set_back_prolongs_no_wait(lock: Lock, clock: Clock) -> None:
    lock.enter(WRONG)
    clock.now = 0.0

    assert lock.enter(RIGHT) == Answer(Outcome.WAIT, 30)
    clock.now = 30.0
    assert lock.standing().wait_s == 0


def test_wrong_tries_of_yesterday_cost_nobody_today(lock: Lock, clock: Clock) -> None:
    for _ in range(5):
        clock.now += lock.enter(WRONG).wait_s
    clock.now += 3600

    assert lock.enter(WRONG).wait_s == 30


@pytest.mark.parametrize("kept", ["", "[]", '{"tries": "many", "until": null}', "{"])
def test_a_broken_file_makes_nobody_wait(tmp_path: Path, kept: str) -> None:
    (tmp_path / "keypad.json").write_text(kept)

    assert load_back_off(tmp_path / "keypad.json") == BackOff()


def test_the_bolt_is_moved_and_one_that_does_not_move_is_said(
    box: EdgeSettings, spool: Spool, clock: Clock, tmp_path: Path
) -> None:
    write = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    works = (sys.executable, "-c", write, str(tmp_path / "moved"))

    for command, outcome in ((works, Outcome.OPEN), (("/nowhere/unlock",), Outcome.STUCK)):
        keypad = KeypadSettings(open_command=command)
        assert Lock(replace(box, keypad=keypad), spool, clock).enter(RIGHT).outcome is outcome

    assert (tmp_path / "moved").read_text() == "07"
    assert [data["bolt"] for _, data in told(spool)] == [True, False]


def test_a_disk_that_takes_nothing_keeps_nobody_out(lock: Lock, spool: Spool) -> None:
    spool.close()

    assert lock.enter(RIGHT).outcome is Outcome.OPEN


@contextmanager
def at_the_page(box: EdgeSettings, lock: Lock) -> Iterator[httpx.Client]:
    assert box.keypad is not None
    with keypad_page(box, lock), httpx.Client(base_url=f"http://{HOST}:{box.keypad.port}") as http:
        yield http


def test_the_page_opens_over_http(box: EdgeSettings, lock: Lock, clock: Clock) -> None:
    with at_the_page(box, lock) as http:
        page = http.get("/")
        files = [http.get(path) for path in ("/keypad.css", "/keypad.js", "/words.json")]
        before = http.get("/state").json()
        answers = [http.post("/open", json={"pin": pin}) for pin in (WRONG, RIGHT)]
        clock.now += 30
        answers.append(http.post("/open", json={"pin": RIGHT}))

    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert {file.status_code for file in files} == {200}
    assert before == {"machine": "RVM", "bound": True, "wait_s": 0.0, "now": NINE, "language": "id"}
    assert [(one.status_code, one.json()["outcome"]) for one in answers] == [
        (403, "wrong"),
        (429, "wait"),
        (200, "open"),
    ]
    assert answers[2].json() == {"outcome": "open", "wait_s": 0.0, "slot": "07", "name": "Budi"}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"json": {"pin": "123"}}, 422),
        ({"json": {"pin": 12345678}}, 422),
        ({"json": ["07118572"]}, 422),
        ({"json": {"pin": "٠٧١٢٣٤٥٦"}}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"x" * 1000, "headers": {"Content-Type": "application/json"}}, 422),
        ({"data": {"pin": RIGHT}}, 404),
    ],
)
def test_what_is_no_pin_is_no_try(box: EdgeSettings, lock: Lock, given: dict[str, Any], status: int) -> None:
    with at_the_page(box, lock) as http:
        assert http.post("/open", **given).status_code == status
        assert http.get("/../edge_worker/main.py").status_code == 404
        assert http.post("/open", json={"pin": RIGHT}).status_code == 200


def test_a_box_that_was_never_bound_or_was_replaced_says_so(box: EdgeSettings, lock: Lock) -> None:
    box.credentials_file.unlink()

    with at_the_page(box, lock) as http:
        assert http.get("/state").json()["bound"] is False
        assert http.post("/open", json={"pin": RIGHT}).status_code == 503


def test_a_port_that_is_taken_does_not_stop_the_box(
    box: EdgeSettings, lock: Lock, caplog: pytest.LogCaptureFixture
) -> None:
    with keypad_page(box, lock), keypad_page(box, lock):
        assert "cannot listen" in caplog.text
