"""What a person may ask of an onboarding, and when."""

from domain.errors import Closed, NotPossibleNow
from domain.onboarding import OPEN_STEPS, OnboardingMove, OnboardingState, allowed


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
