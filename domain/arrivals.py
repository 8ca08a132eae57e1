"""Arrival at a machine: how it is shown, and what a shown position is worth (WORDS 5 and 6)."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import LocationTooOld, ReasonRequired, TooFarAway

EARTH_RADIUS_M = 6_371_008.8


class ArrivalMethod(StrEnum):
    """How a technician shows that they are there; stored, since a chosen point looks like a position."""

    QR = "qr"
    LIVE = "live"
    POINT = "point"
    NONE = "none"


class ArrivalOutcome(StrEnum):
    """What the proof is worth."""

    CONFIRMED = "confirmed"
    """The machine's own QR code, or a position inside the radius."""
    UNPROVEN = "unproven"
    """Started without proof, with a reason."""


@dataclass(frozen=True, slots=True)
class ArrivalPolicy:
    """The distances and times of WORDS 6: metres and seconds."""

    radius_m: float = 150.0
    accuracy_most_m: float = 100.0
    """A position's own uncertainty widens the radius by at most this much."""
    max_age_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Proof:
    """What a technician presents at the start: degrees WGS 84, accuracy in metres, when it was true."""

    method: ArrivalMethod
    at: datetime
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A judged proof, as stored with the task: distance to the machine in metres, None where unknown."""

    method: ArrivalMethod
    outcome: ArrivalOutcome
    at: datetime
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    distance_m: float | None = None
    reason: str = ""


def distance_m(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the great-circle distance in metres between two points in degrees WGS 84 (haversine)."""
    phi, to_phi = math.radians(latitude), math.radians(to_latitude)
    half_phi, half_lambda = (to_phi - phi) / 2, math.radians(to_longitude - longitude) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(to_phi) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def judge(  # noqa: PLR0913 - the proof, where it should be true, and by which rules
    proof: Proof,
    *,
    latitude: float,
    longitude: float,
    now: datetime,
    policy: ArrivalPolicy,
    reason: str = "",
) -> Arrival:
    """Return what a proof is worth at a machine's position.

    A code is proof by itself; without proof a reason is needed; a position must be near and fresh ``now``,
    which is when the person said that they are there.

    Raises:
        ReasonRequired: no proof and no reason.
        LocationTooOld: the position is older than ``policy.max_age_s``.
        TooFarAway: it is outside the radius, its accuracy allowed for.
    """
    known = proof.latitude is not None and proof.longitude is not None
    away = distance_m(proof.latitude or 0, proof.longitude or 0, latitude, longitude) if known else None
    if proof.method == ArrivalMethod.NONE and not reason.strip():
        raise ReasonRequired(move="start")
    if proof.method in (ArrivalMethod.LIVE, ArrivalMethod.POINT):
        if away is None:
            raise ReasonRequired(move="start")
        if now - proof.at > timedelta(seconds=policy.max_age_s):
            raise LocationTooOld(minutes=round((now - proof.at).total_seconds() / 60))
        allowed = policy.radius_m + min(proof.accuracy_m or 0.0, policy.accuracy_most_m)
        if away > allowed:
            raise TooFarAway(distance_m=round(away), allowed_m=round(allowed))
    unproven = proof.method == ArrivalMethod.NONE
    return Arrival(
        method=proof.method,
        outcome=ArrivalOutcome.UNPROVEN if unproven else ArrivalOutcome.CONFIRMED,
        at=now,
        latitude=proof.latitude,
        longitude=proof.longitude,
        accuracy_m=proof.accuracy_m,
        distance_m=away,
        reason=reason.strip(),
    )
