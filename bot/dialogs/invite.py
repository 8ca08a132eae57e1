"""The dialog that invites a person: name and role lead to a one-time link (WORDS 1)."""

from urllib.parse import quote

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog, TextField
from bot.dialogs.pickers import organization_field
from bot.keyboards import copy, link
from bot.rights import require
from bot.secrets_shown import cipher
from db import people
from domain.errors import NotAllowed
from domain.ids import uuid_from_source
from domain.roles import Permission, Role, may_invite

NAME = "invite"
_NEEDS_PHARMACY = Role.CUSTOMER
"""A customer belongs to a pharmacy and joins by its code, not by a link of an admin."""


def roles_for(inviter: Role) -> tuple[Role, ...]:
    """Return the roles an inviter may give by a link."""
    return tuple(role for role in Role if role != _NEEDS_PHARMACY and may_invite(inviter, role))


def _by_super_admin(answers: Answers) -> bool:
    return answers.get("inviter") == Role.SUPER_ADMIN


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Make the link and show it once; its code is derived from the source, so a repeat shows the same one."""
    organization = answers["organization"]
    me = require(context, Permission.MANAGE_PEOPLE, organization.id)
    role = Role(answers["role"] if answers.get("role") else answers["any_role"])
    mine = me.role_in(organization.id)
    if mine is None or not may_invite(mine, role):
        raise NotAllowed
    code = cipher(context).setup_code(uuid_from_source(f"invite-{source}"))
    async with context.transaction() as session:
        await people.create_invite(
            session,
            name=answers["name"],
            role=role,
            organization_id=organization.id,
            invited_by=me.user_id,
            code=code,
        )
    url = f"https://t.me/{context.bot.username}?start={code}"
    words = {"name": answers["name"], "role": role, "organization": organization.label, "url": url}
    keyboard = [
        [copy("copy_link", url), link("share_link", f"https://t.me/share/url?url={quote(url, safe='')}")]
    ]
    await context.reply("replies/invite_link", keyboard=keyboard, secret=True, **words)


INVITE = Dialog(
    NAME,
    fields=(
        organization_field(Permission.MANAGE_PEOPLE),
        TextField(name="name", max_length=100),
        ChoiceField(
            name="any_role", choices=roles_for(Role.SUPER_ADMIN), labels="role", when=_by_super_admin
        ),
        ChoiceField(
            name="role",
            choices=roles_for(Role.ADMIN),
            labels="role",
            when=lambda answers: not _by_super_admin(answers),
        ),
    ),
    finish=finish,
)
