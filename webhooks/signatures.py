"""Signed requests of boxes: whose key, does the HMAC fit, is the clock near (DESIGN 7)."""

import json
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.types import Scope

from db.ingest.devices import Device, devices_by_edge_key
from db.ingest.pins import rosters
from db.secrets import Cipher
from db.session import SYSTEM, Database
from domain.errors import ClockOff, KeyRevoked, Malformed, SignatureInvalid
from domain.pins import Roster
from domain.signing import (
    KEY_HEADER,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    WINDOW_S,
    signature,
    signature_fits,
)
from webhooks.batching import Batcher
from webhooks.settings import EdgeTemporal

CACHED_S = 3.0
"""How long a rotated or revoked secret may still count."""
CACHED_BOXES = 50_000
LOOK_UPS = 5000

_KEY, _TIMESTAMP = KEY_HEADER.lower().encode(), TIMESTAMP_HEADER.lower().encode()
_NONCE, _SIGNATURE = NONCE_HEADER.lower().encode(), SIGNATURE_HEADER.lower().encode()
_LONGEST_NONCE = 64
_LONGEST_TIMESTAMP = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A box as the door knows it for a few seconds; ``previous`` is an older secret that still counts."""

    device: Device
    secret: str
    previous: str | None
    roster: Roster
    config_version: int
    known_until: float
    """On the monotonic clock."""

    def secrets(self) -> Sequence[str]:
        """Return the secrets that count right now: rotation with overlap."""
        until = self.device.previous_until
        if self.previous is None or until is None or until <= datetime.now(UTC):
            return (self.secret,)
        return (self.secret, self.previous)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A verified request: its box and the nonce that is still to be used up."""

    box: Box
    nonce: str


def config_version(device: Device, temporal: EdgeTemporal | None, roster: Roster) -> int:
    """Return a number that changes whenever ``GET /edge/config`` would answer something else."""
    shown = [
        device.edge_id,
        str(device.machine_uuid),
        device.machine_name,
        device.beat_s,
        device.missed_after_s,
    ]
    place = [temporal.address, temporal.namespace, temporal.tls] if temporal else None
    pins = [sorted(roster.people.items()), [[pin.slot, pin.window] for pin in sorted(roster.revoked)]]
    return zlib.crc32(json.dumps([shown, place, pins]).encode())


class Boxes:
    """Looks up boxes by their key, many at once, and remembers them for a few seconds."""

    def __init__(self, database: Database, cipher: Cipher, temporal: EdgeTemporal | None) -> None:
        self._database = database
        self._cipher = cipher
        self._temporal = temporal
        self._known: dict[str, Box] = {}
        self.batcher: Batcher[str, Box | None] = Batcher(self._look_up, bound=LOOK_UPS)

    async def find(self, edge_key: str) -> Box | None:
        """Return the box of a key; raises ``Unavailable`` like the batcher."""
        known = self._known.get(edge_key)
        if known is not None and known.known_until > time.monotonic():
            return known
        return await self.batcher.put(edge_key)

    async def _look_up(self, edge_keys: Sequence[str]) -> Sequence[Box | None]:
        async with self._database.transaction(SYSTEM) as session:
            found = await devices_by_edge_key(session, edge_keys)
            machines = [device.machine_id for device in found.values() if device.machine_id is not None]
            told = await rosters(session, machines)
        if len(self._known) > CACHED_BOXES:
            self._known.clear()
        self._known |= {
            key: self._box(device, told.get(device.machine_id or 0, Roster()))
            for key, device in found.items()
        }
        return [self._known[key] if key in found else None for key in edge_keys]

    def _box(self, device: Device, roster: Roster) -> Box:
        old = self._known.get(device.edge_key)
        same = old is not None and old.device.secret_ciphertext == device.secret_ciphertext
        previous = device.previous_ciphertext
        return Box(
            device=device,
            secret=old.secret if old is not None and same else self._cipher.decrypt(device.secret_ciphertext),
            previous=self._cipher.decrypt(previous) if previous else None,
            roster=roster,
            config_version=config_version(device, self._temporal, roster),
            known_until=time.monotonic() + CACHED_S,
        )


async def verify(scope: Scope, body: bytes, boxes: Boxes) -> SignedRequest:
    """Verify the signature over a request.

    Raises:
        SignatureInvalid: headers are missing, the key is unknown, or the signature does not fit.
        Malformed: timestamp or nonce cannot be read.
        KeyRevoked: the box was switched off.
        ClockOff: the timestamp is outside the window; only a box with the right secret hears by how much.
    """
    headers: Mapping[bytes, bytes] = dict(scope["headers"])
    try:
        key, timestamp, nonce, given = (
            headers[name].decode("ascii") for name in (_KEY, _TIMESTAMP, _NONCE, _SIGNATURE)
        )
    except (KeyError, UnicodeDecodeError) as error:
        raise SignatureInvalid from error
    if not (timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        raise Malformed(problem="timestamp")
    if not (nonce.isalnum() and len(nonce) <= _LONGEST_NONCE):
        raise Malformed(problem="nonce")
    box = await boxes.find(key)
    if box is None:
        raise SignatureInvalid
    target = _target(scope)
    if not any(
        signature_fits(given, signature(secret, scope["method"], target, timestamp, nonce, body))
        for secret in box.secrets()
    ):
        raise SignatureInvalid
    if not box.device.is_active:
        raise KeyRevoked
    _check_clock(int(timestamp))
    return SignedRequest(box, nonce)


def _target(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (raw + b"?" + query if query else raw).decode("latin-1")


def _check_clock(timestamp: int) -> None:
    now = time.time()
    off_by_s = round(timestamp - now)
    if abs(off_by_s) > WINDOW_S:
        raise ClockOff(server_time=datetime.fromtimestamp(now, UTC).isoformat(), off_by_s=off_by_s)
