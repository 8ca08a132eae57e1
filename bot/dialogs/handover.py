"""The dialog that asks whose work goes to whom; what that is, is shown before anything moves."""

from collections.abc import Sequence

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, Option, PickerField
from bot.dialogs.pickers import LISTED, mark, organization_field
from bot.handing_over import plan
from bot.keyboards import Button, button
from db.queries.people import list_people
from domain.roles import ADMIN_ROLES, FIELD_ROLES, Permission

NAME = "handover"


async def _givers(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    """Return everybody there, suspended ones too: their work may still be open."""
    roles = (*FIELD_ROLES, *ADMIN_ROLES)
    async with context.transaction() as session:
        rows = await list_people(
            session, [answers["organization"].id], roles=roles, search=search, limit=LISTED
        )
    return [Option(row.user_id, row.name, f"{mark(row)} 📋 {row.open_assignments}".strip()) for row in rows]


async def _takers(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    """Return the active others."""
    roles = (*FIELD_ROLES, *ADMIN_ROLES)
    async with context.transaction() as session:
        rows = await list_people(
            session, [answers["organization"].id], roles=roles, search=search, limit=LISTED
        )
    giver = answers["person"].id
    return [
        Option(row.user_id, row.name, f"{mark(row)} 📋 {row.open_assignments}".strip())
        for row in rows
        if row.is_active and row.user_id != giver
    ]


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - nothing moves yet
    """Show what would move, with the button that moves it."""
    organization_id = answers["organization"].id
    wanted = await plan(context, organization_id, answers["person"].id, answers["to"].id)
    giver, args = wanted.giver.user_id, (organization_id, wanted.taker.user_id)
    rows: list[list[Button]] = []
    if not wanted.found.is_empty:
        rows.append([button("handover_yes", NAME, "go", giver, *args, 0, style="primary")])
    if wanted.found.grants and wanted.may_grant:
        rows.append([button("handover_grants", NAME, "go", giver, *args, 1, style="primary")])
    if rows:
        rows.append([button("handover_no", NAME, "no", giver)])
    await context.reply("replies/handover_plan", keyboard=rows, plan=wanted)


HANDOVER = Dialog(
    NAME,
    fields=(
        organization_field(Permission.MANAGE_PEOPLE),
        PickerField(name="person", options=_givers),
        PickerField(name="to", options=_takers),
    ),
    finish=finish,
)
