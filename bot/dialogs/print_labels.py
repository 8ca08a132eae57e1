"""The dialog behind ``/qr``: the label of one machine, or sheets of all of them."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog, PickerField
from bot.dialogs.pickers import machines_of_organization, organization_field
from bot.labels import send_label, send_sheets
from bot.machine_moves import machine
from bot.rights import require
from domain.roles import Permission

NAME = "print_labels"
ONE, ALL = "one", "all"


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - replies repeat safely
    """Send what is to be printed."""
    if answers["which"] == ONE:
        await send_label(context, await machine(context, answers["machine"].id, Permission.REGISTER_MACHINE))
        return
    organization = answers["organization"].id
    require(context, Permission.REGISTER_MACHINE, organization)
    await send_sheets(context, organization)


PRINT_LABELS = Dialog(
    NAME,
    fields=(
        organization_field(Permission.REGISTER_MACHINE),
        ChoiceField(name="which", choices=(ONE, ALL), labels="labels"),
        PickerField(
            name="machine",
            options=machines_of_organization,
            when=lambda answers: answers.get("which") == ONE,
        ),
    ),
    finish=finish,
)
