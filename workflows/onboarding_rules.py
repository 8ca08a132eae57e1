"""What a person may ask of an onboarding, and when its key expires."""

from datetime import datetime, timedelta

from domain.errors import Closed, NotPossibleNow
from domain.onboarding import OPEN_STEPS, OnboardingMove, OnboardingState, OnboardingStep, allowed


def check(state: OnboardingState, move: OnboardingMove) -> None:
    """Raise the refusal a move deserves at this step.

    Raises:
        Closed: the onboarding has ended.
        NotPossibleNow: not at this step.
    """
    if state.step not in OPEN_STEPS or state.cancelled:
        raise Closed(noun="onboarding", status=state.step.value)
    if not allowed(state.step, move):
        raise NotPossibleNow(noun="onboarding", status=state.step.value, move=move.value)


def registered_id(state: OnboardingState) -> int:
    """Return the machine's id, which every step after the registration has."""
    if state.machine_id is None:
        message = "the machine is not registered yet"
        raise RuntimeError(message)
    return state.machine_id


def key_expires_at(state: OnboardingState) -> datetime | None:
    """Return when an unused key stops; None when there is none or it has stopped."""
    if state.key_issued_at is None or state.step == OnboardingStep.EXPIRED:
        return None
    return state.key_issued_at + timedelta(seconds=state.policy.key_expires_s)


def next_reminder_s(state: OnboardingState, now: datetime) -> float | None:
    """Return in how many seconds the handshake is reminded of or the key expires; None: neither."""
    expires_at = key_expires_at(state)
    if expires_at is None:
        return None
    return max(0.0, min(state.policy.remind_after_s, (expires_at - now).total_seconds()))
