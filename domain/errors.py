"""The refusal tree: everything that can be expected to go wrong, with a stable code and an HTTP status.

A refusal is an answer, not a fault: it reaches the person as a sentence (templates ``refusals/<code>``), the
API client as problem+json, and Temporal as a non-retryable ``ApplicationError`` whose type is the code.
"""

from collections.abc import Mapping
from typing import ClassVar

Detail = str | int | float | bool | None


class Refusal(Exception):
    """Base of every expected refusal.

    ``details`` fill the sentence people read; they must never hold a secret.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **details: Detail) -> None:
        self.details: Mapping[str, Detail] = details
        shown = ", ".join(f"{key}={value}" for key, value in details.items())
        super().__init__(f"{self.code}({shown})" if shown else self.code)


class NotPossibleNow(Refusal):
    """The state machine has no such move from the present status."""

    code = "not_possible_now"


class Closed(Refusal):
    """The thing has reached its end (or its run is gone); nothing more can be done to it."""

    code = "closed"
    status = 410


class NotFound(Refusal):
    """No such thing, or none that this person may see."""

    code = "not_found"
    status = 404


class NotAllowed(Refusal):
    """The person's role or relation to the thing does not give the right."""

    code = "not_allowed"
    status = 403


class NotSignedIn(Refusal):
    """No valid bearer token."""

    code = "not_signed_in"
    status = 401


class Suspended(Refusal):
    """The person was cut off by an admin."""

    code = "suspended"
    status = 403


class NotYours(Refusal):
    """The assignment was offered to, or is held by, somebody else (detail: ``holder``)."""

    code = "not_yours"
    status = 403


class AlreadyTaken(Refusal):
    """Somebody else was first (detail: ``holder``)."""

    code = "already_taken"


class OldCard(Refusal):
    """The button belongs to an earlier version of the card."""

    code = "old_card"
    status = 409


class InvalidInput(Refusal):
    """A value does not make sense (details: ``field``, ``problem``)."""

    code = "invalid_input"
    status = 422


class ReasonRequired(Refusal):
    """The move needs a reason."""

    code = "reason_required"
    status = 422


class PhotoRequired(Refusal):
    """A completion needs at least one photo."""

    code = "photo_required"


class SelfTestFailing(Refusal):
    """The installation cannot be completed while the self-test fails, unless with a reason (WORDS 3)."""

    code = "self_test_failing"


class TooFarAway(Refusal):
    """The shown position is outside the machine's radius (details: ``distance_m``, ``allowed_m``)."""

    code = "too_far_away"
    status = 422


class LocationTooOld(Refusal):
    """The shown position is too old to prove an arrival (detail: ``minutes``)."""

    code = "location_too_old"
    status = 422


class NoAccess(Refusal):
    """The person has no live access to the machine: it was withdrawn or has expired (detail: ``machine``)."""

    code = "no_access"
    status = 403


class KeypadNotReady(Refusal):
    """The machine has no box yet that could check a PIN (detail: ``machine``)."""

    code = "keypad_not_ready"


class ChecklistOpen(Refusal):
    """A completion needs every step answered (details: ``missing``, the number of open steps)."""

    code = "checklist_open"


class UndoTooLate(Refusal):
    """The two minutes in which a completion can be undone have passed (WORDS 2)."""

    code = "undo_too_late"


class NotAPhoto(Refusal):
    """The file cannot be decoded as an image."""

    code = "not_a_photo"
    status = 422


class FileTooBig(Refusal):
    """The file is over the limit (details: ``limit_mb``)."""

    code = "file_too_big"
    status = 413


class ImageTooLarge(Refusal):
    """The image would unpack to too many pixels: a decompression bomb (detail: ``limit_megapixels``)."""

    code = "image_too_large"
    status = 422


class TooManyReports(Refusal):
    """Too much was reported from here or about this machine, or too many codes tried (``minutes``)."""

    code = "too_many_reports"
    status = 429


class PhotoAlreadyUsed(Refusal):
    """The identical file was sent before (WORDS 5: only the identical file is refused)."""

    code = "photo_already_used"


class KeyUnknown(Refusal):
    """No machine has this API key."""

    code = "key_unknown"
    status = 401


class KeyRevoked(Refusal):
    """The API key was revoked or has expired."""

    code = "key_revoked"
    status = 401


class HardwareConflict(Refusal):
    """The hardware is bound elsewhere, or another hardware is bound here; waits for "replace device"."""

    code = "hardware_conflict"
    status = 409


class CodeUnknown(Refusal):
    """No such one-time code."""

    code = "code_unknown"
    status = 404


class CodeUsed(Refusal):
    """The one-time code was used before."""

    code = "code_used"
    status = 410


class CodeExpired(Refusal):
    """The one-time code is past its time."""

    code = "code_expired"
    status = 410


class SignatureInvalid(Refusal):
    """The HMAC signature does not fit the request."""

    code = "signature_invalid"
    status = 401


class ClockOff(Refusal):
    """The request's timestamp is outside the window (details: ``server_time``, ``off_by_s``)."""

    code = "clock_off"
    status = 401


class Replayed(Refusal):
    """The nonce was seen before inside the window."""

    code = "replayed"
    status = 409


class Malformed(Refusal):
    """The request cannot be read (detail: ``problem``)."""

    code = "malformed"
    status = 400


class TooLarge(Refusal):
    """The request body is over the limit (detail: ``limit_kb``)."""

    code = "too_large"
    status = 413


class KeyReused(Refusal):
    """The Idempotency-Key came before with another body."""

    code = "idempotency_key_reused"
    status = 422


class AlreadyLinked(Refusal):
    """The invite's person, or this Telegram account, is linked already."""

    code = "already_linked"


class Unavailable(Refusal):
    """A part that is needed right now cannot be reached; nothing was stored."""

    code = "unavailable"
    status = 503


def all_refusals() -> dict[str, type[Refusal]]:
    """Return every refusal by its code; raises ``RuntimeError`` when two share a code."""
    found: dict[str, type[Refusal]] = {}
    queue: list[type[Refusal]] = [Refusal]
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        if found.setdefault(kind.code, kind) is not kind:
            message = f"two refusals share the code {kind.code}"
            raise RuntimeError(message)
    return found


def refusal_from(code: str, details: Mapping[str, Detail] | None = None) -> Refusal:
    """Return the refusal for a code that crossed a process border."""
    return all_refusals().get(code, Refusal)(**dict(details or {}))
