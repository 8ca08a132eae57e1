"""The dialogs that give access to a machine by hand and take it back (WORDS 1, 4)."""

from collections.abc import Sequence

from bot import moments_text
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ConfirmField, DateTimeField, Dialog, Option, PickerField
from bot.dialogs.pickers import field_people, machines_of_organization, organization_field
from bot.rights import require
from db import grants
from db.grants import AccessChange
from db.queries.grants import grants_by_hand
from db.queries.machines import machine_by_id
from db.queries.people import person_row
from domain.errors import NotFound
from domain.roles import Permission

GRANT, REVOKE = "grant", "revoke"


async def _grant(context: SiagaContext, answers: Answers, source: str) -> None:
    organization, person, picked = answers["organization"], answers["person"], answers["machine"]
    me = require(context, Permission.GRANT_ACCESS, organization.id)
    async with context.transaction() as session:
        machine = await machine_by_id(session, picked.id)
        row = await person_row(session, person.id, organization.id)
        if machine is None or machine.organization_id != organization.id:
            raise NotFound(noun="machine")
        if row is None:
            raise NotFound(noun="person")
        change = AccessChange(organization.id, machine.machine_id, row.user_id, me.user_id, source)
        await grants.grant(session, change, answers["until"])
    await context.reply("replies/access_given", name=row.name, machine=machine, until=answers["until"])


async def given(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    """Return access that was given by hand and holds: person and machine, and until when."""
    async with context.transaction() as session:
        rows = await grants_by_hand(session, answers["organization"].id, search)
    audience = context.handling.audience
    return [
        Option(
            row.grant_id,
            f"{row.user_name} · {row.machine_name}",
            moments_text.day(row.expires_at, audience.language, audience.zone) if row.expires_at else "",
        )
        for row in rows
    ]


async def _revoke(context: SiagaContext, answers: Answers, source: str) -> None:
    organization, held = answers["organization"], answers["grant"]
    me = require(context, Permission.GRANT_ACCESS, organization.id)
    async with context.transaction() as session:
        await grants.revoke(
            session, held.id, organization_id=organization.id, revoked_by=me.user_id, source=source
        )
    await context.reply("replies/access_taken", held=held.label)


GRANT_DIALOGS = (
    Dialog(
        GRANT,
        fields=(
            organization_field(Permission.GRANT_ACCESS),
            PickerField(name="person", options=field_people),
            PickerField(name="machine", options=machines_of_organization),
            DateTimeField(name="until", optional=True),
            ConfirmField(name="confirm", label="grant_yes"),
        ),
        finish=_grant,
    ),
    Dialog(
        REVOKE,
        fields=(
            organization_field(Permission.GRANT_ACCESS),
            PickerField(name="grant", options=given),
            ConfirmField(name="confirm", label="revoke_yes"),
        ),
        finish=_revoke,
    ),
)
