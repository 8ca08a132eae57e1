"""The lock behind the keypad: judges a PIN with nothing but the box's own files and clock (decision 28)."""

import logging
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from domain.pins import PIN_USED, PIN_WRONG, PinId, opened_by, pin_key
from edge_worker.credentials import load_credentials
from edge_worker.keypad.back_off import BackOff, load_back_off, save_back_off
from edge_worker.keypad.roster import load_roster
from edge_worker.settings import EdgeSettings
from edge_worker.spool import Spool

log = logging.getLogger(__name__)

BOLT_TIMEOUT_S = 10.0


class Outcome(StrEnum):
    """What entering a PIN led to."""

    OPEN = "open"
    STUCK = "stuck"
    """The PIN is right, but the command that moves the bolt failed."""
    WRONG = "wrong"
    WAIT = "wait"
    """Too soon after a wrong one: this PIN was not judged."""
    NOT_BOUND = "not_bound"
    """The box has no secret: before its first handshake, or replaced by another."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows; ``name`` is empty for a slot that was given while the box was cut off."""

    outcome: Outcome
    wait_s: float = 0.0
    slot: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the lock stands before anybody types; ``now`` in seconds since 1970 on the box's clock."""

    machine: str
    bound: bool
    wait_s: float
    now: float


class Lock:
    """One per box; each PIN is judged alone, whoever else types at the same moment."""

    def __init__(self, settings: EdgeSettings, spool: Spool, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._spool = spool
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._back_off = load_back_off(settings.back_off_file)

    def standing(self) -> Standing:
        """Return how the lock stands."""
        now = self._clock()
        with self._one_at_a_time:
            self._set(self._back_off.at(now))
            wait_s = self._back_off.wait_s(now)
        credentials = load_credentials(self._settings.credentials_file, self._settings.api_key)
        return Standing(credentials.machine_name if credentials else "", credentials is not None, wait_s, now)

    def enter(self, typed: str) -> Answer:
        """Judge a PIN, open when it is right, and spool what happened."""
        with self._one_at_a_time:
            answer, opened = self._judge(typed)
            tries = self._back_off.tries
            if opened is not None:
                self._set(BackOff())
        if opened is not None:
            moved = self._draw_bolt(opened.slot)
            self._tell(PIN_USED, slot=opened.slot, window=opened.window, tries=tries, bolt=moved)
            return answer if moved else Answer(Outcome.STUCK, slot=answer.slot, name=answer.name)
        if answer.outcome is Outcome.WRONG:
            self._tell(PIN_WRONG, tries=tries)
        return answer

    def _judge(self, typed: str) -> tuple[Answer, PinId | None]:
        now = self._clock()
        self._set(self._back_off.at(now))
        if self._back_off.wait_s(now) > 0:
            return Answer(Outcome.WAIT, self._back_off.wait_s(now)), None
        credentials = load_credentials(self._settings.credentials_file, self._settings.api_key)
        if credentials is None:
            return Answer(Outcome.NOT_BOUND), None
        roster = load_roster(self._settings.roster_file)
        key = pin_key(credentials.edge_secret)
        opened = opened_by(key, typed, datetime.fromtimestamp(now, UTC), roster.revoked)
        if opened is None:
            self._set(self._back_off.after_wrong(now))
            return Answer(Outcome.WRONG, self._back_off.wait_s(now)), None
        return Answer(Outcome.OPEN, slot=opened.slot, name=roster.people.get(opened.slot, "")), opened

    def _set(self, back_off: BackOff) -> None:
        """Keep the back-off before anybody hears of it, so that no power cut takes it back."""
        if back_off == self._back_off:
            return
        self._back_off = back_off
        try:
            save_back_off(self._settings.back_off_file, back_off)
        except OSError:
            log.exception("The back-off of the keypad cannot be kept; a restart would forget it.")

    def _tell(self, kind: str, **data: object) -> None:
        try:
            self._spool.add(kind, data)
        except sqlite3.Error:
            # A full disk may be the very reason for the visit.
            log.exception("The keypad's %s could not be spooled: %s", kind, data)

    def _draw_bolt(self, slot: int) -> bool:
        """Run the machine's own command with the slot as its last argument; without one there is no bolt."""
        command = self._settings.keypad.open_command if self._settings.keypad else ()
        if not command:
            return True
        try:
            subprocess.run(  # noqa: S603 - the command stands in the box's own config.toml
                [*command, f"{slot:02d}"], check=True, timeout=BOLT_TIMEOUT_S, capture_output=True
            )
        except (OSError, subprocess.SubprocessError):
            log.exception("The bolt did not move: %s failed.", command[0])
            return False
        return True
