"""The maintenance PIN, checked at the machine without a network (WORDS 4 and 6, decision 28).

A PIN is a two-digit technician slot and six digits from an HMAC over slot and visit window. The server that
issues it and the box that checks it derive the key from the box's secret, so neither has to tell the other.
"""

import hashlib
import hmac
import math
import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from domain.defaults import PIN_AFTER_S, PIN_BEFORE_S
from domain.onboarding import OnboardingStep

STEP_S = 900
"""Windows are numbered by the quarter of an hour since 1970 in which the visit begins."""
SLOTS = 100
DIGITS = 8
LATEST_WINDOW = 10_000_000
"""In the year 2255; a larger number is no window."""
_CODES = 10**6

KEYPAD_STEPS = frozenset(
    {OnboardingStep.TESTING, OnboardingStep.TEST_FAILED, OnboardingStep.ONLINE, OnboardingStep.COMMISSIONED}
)
"""From its handshake on a machine has a box that can check a PIN."""

PIN_USED = "pin_used"
"""Spool entry of an opening: ``slot``, ``window``, wrong ``tries`` before it, ``bolt``: whether it moved."""
PIN_WRONG = "pin_wrong"
"""Spool entry of a wrong PIN: ``tries``, how many in a row. Never what was typed."""
WRONG_TOLD_AT = 3
WRONG_TOLD_EVERY = 10


class PinOutcome(StrEnum):
    """What became of a PIN."""

    ISSUED = "issued"
    OPENED = "opened"
    UNEXPECTED = "unexpected"
    """The box was opened with a PIN that was never issued here: its secret is known to somebody else."""


@dataclass(frozen=True, slots=True, order=True)
class PinId:
    """Which PIN of a machine: whose slot, which window. Not secret."""

    slot: int
    window: int


@dataclass(frozen=True, slots=True)
class Roster:
    """What a box knows of PINs beside its secret: names of slots, and PINs that no longer count.

    A slot that is missing here is valid all the same: it may have been given while the box was cut off.
    """

    people: dict[int, str] = field(default_factory=dict)
    revoked: frozenset[PinId] = frozenset()


def pin_key(edge_secret: str) -> bytes:
    """Return the key of a box's PINs, of no use for its signatures."""
    return hmac.new(edge_secret.encode(), b"siaga maintenance pin", hashlib.sha256).digest()


def pin_of(key: bytes, pin: PinId) -> str:
    """Return the eight digits, truncated as RFC 4226, 5.3 says."""
    digest = hmac.new(key, struct.pack(">BQ", pin.slot, pin.window), hashlib.sha256).digest()
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{pin.slot:02d}{(number & 0x7FFFFFFF) % _CODES:06d}"


def visit_start(now: datetime, planned: datetime | None, *, begun: bool) -> datetime:
    """Return when the visit begins that a PIN is asked for: as planned, or now when that time is here.

    ``begun``: the person is at work already, so now.
    """
    return now if begun or planned is None else max(now, planned)


def window_of(start: datetime) -> int:
    """Return the window of a visit that begins at this moment."""
    return math.floor(start.timestamp() / STEP_S)


def valid_from(window: int) -> datetime:
    """Return the first moment of a window's PINs: 15 minutes before any visit that may begin in it."""
    return datetime.fromtimestamp(window * STEP_S - PIN_BEFORE_S, UTC)


def valid_to(window: int) -> datetime:
    """Return when a window's PINs end: two hours after any visit that may begin in it."""
    return datetime.fromtimestamp((window + 1) * STEP_S + PIN_AFTER_S, UTC)


def windows_at(at: datetime) -> range:
    """Return the windows whose PINs a box takes at this moment of its clock.

    A clock that is wrong by up to one step, a quarter of an hour, refuses nobody in time.
    """
    now = at.timestamp()
    first = math.floor((now - PIN_AFTER_S) / STEP_S) - 1
    last = math.floor((now + PIN_BEFORE_S) / STEP_S) + 1
    return range(max(first, 0), last + 1)


def opened_by(key: bytes, typed: str, at: datetime, revoked: Collection[PinId] = ()) -> PinId | None:
    """Return which PIN was typed, or None when it is none that counts now."""
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    slot = int(typed[:2])
    candidates = [PinId(slot, window) for window in windows_at(at)]
    # Every candidate is compared, so that the time taken says nothing.
    fitting = [pin for pin in candidates if hmac.compare_digest(pin_of(key, pin), typed)]
    return next((pin for pin in fitting if pin not in revoked), None)


def wrong_tries_are_told(tries: int) -> bool:
    """Return whether the machine's story mentions so many wrong PINs in a row: three, then every ten."""
    return tries == WRONG_TOLD_AT or (tries > 0 and tries % WRONG_TOLD_EVERY == 0)
