"""The question before an onboarding is taken back."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ConfirmField, Dialog, NumberField, TextField
from bot.machine_moves import move_onboarding
from domain.onboarding import OnboardingMove

NAME = "cancel_onboarding"


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Cancel: the key stops, the installation is cancelled, the machine is withdrawn."""
    await move_onboarding(context, source, answers["machine"], OnboardingMove.CANCEL)
    await context.reply("replies/onboarding_cancelled", machine_name=answers["machine_name"])


CANCEL_ONBOARDING = Dialog(
    NAME,
    fields=(
        NumberField(name="machine"),
        TextField(name="machine_name"),
        ConfirmField(name="confirm", label="cancel_onboarding_yes"),
    ),
    finish=finish,
)
"""Opened with machine and name as known answers."""
