"""The dialogs that cut a person off and let them back in."""

from bot.context import SiagaContext
from bot.dialogs import handover
from bot.dialogs.fields import Answers, ConfirmField, Dialog, PickerField
from bot.dialogs.pickers import members, organization_field
from bot.keyboards import button
from bot.menus import show_menu_of
from bot.rights import require
from bot.suspending import give_back, switchable
from db import people
from db.queries.handing_over import holdings
from domain.roles import Permission

SUSPEND, RESTORE = "suspend", "restore"


async def _suspend(context: SiagaContext, answers: Answers, source: str) -> None:
    organization = answers["organization"]
    me = require(context, Permission.MANAGE_PEOPLE, organization.id)
    row = await switchable(context, answers["person"].id, organization.id)
    async with context.transaction() as session:
        await people.suspend(session, row.user_id, organization.id, me.user_id)
    given = await give_back(context, source, row, _note(context))
    await show_menu_of(context, row.user_id)
    async with context.transaction() as session:
        left = await holdings(session, row.user_id, organization.id)
    offer = [[button("handover", handover.NAME, "open", row.user_id, organization.id)]]
    await context.reply(
        "replies/suspended",
        keyboard=None if left.is_empty else offer,
        name=row.name,
        organization=organization.label,
        tasks=given,
        left=left,
    )


def _note(context: SiagaContext) -> str:
    """Return what the dispatcher reads as the reason, in the language of whoever suspends."""
    return context.parts.renderer.plain(
        "toasts/suspended_note", context.handling.audience, {"name": context.me.name}
    )


async def _restore(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow here
    organization = answers["organization"]
    me = require(context, Permission.MANAGE_PEOPLE, organization.id)
    row = await switchable(context, answers["person"].id, organization.id)
    async with context.transaction() as session:
        await people.restore(session, row.user_id, organization.id, me.user_id)
    await show_menu_of(context, row.user_id)
    await context.reply("replies/restored", name=row.name, organization=organization.label)


ACCESS_DIALOGS = (
    Dialog(
        SUSPEND,
        fields=(
            organization_field(Permission.MANAGE_PEOPLE),
            PickerField(name="person", options=members(active=True)),
            ConfirmField(name="confirm", label="suspend_yes"),
        ),
        finish=_suspend,
    ),
    Dialog(
        RESTORE,
        fields=(
            organization_field(Permission.MANAGE_PEOPLE),
            PickerField(name="person", options=members(active=False)),
            ConfirmField(name="confirm", label="restore_yes"),
        ),
        finish=_restore,
    ),
)
