"""``/linkgroup``: a group becomes the place where a helpdesk works."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import LINKGROUP
from bot.context import SiagaContext
from bot.registration import is_private, on_command
from bot.standing import look
from db.staff_groups import link_group
from domain.errors import NotAllowed
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command."""
    application.add_handler(on_command(LINKGROUP.names, link))


async def link(update: Update, context: SiagaContext) -> None:
    """Bind the group to the sender's organization, and say at once what stands in the way."""
    organizations = context.me.organizations_with(Permission.MANAGE_HELPDESK)
    if not organizations:
        raise NotAllowed
    if is_private(update):
        await context.reply("replies/group_needed")
        return
    facts = await look(context, context.chat_id)
    async with context.transaction() as session:
        linking = await link_group(
            session,
            facts,
            organization_id=organizations[0],
            actor_id=context.me.user_id,
            source=context.source,
        )
    await context.reply("replies/group_linked", linking=linking, group=facts)
