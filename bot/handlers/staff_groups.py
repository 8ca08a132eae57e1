"""``/linkgroup``: a group becomes the place where a helpdesk works."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import LINKGROUP
from bot.context import SiagaContext
from bot.dialogs.pickers import organizations_with
from bot.keyboards import named
from bot.registration import is_private, on_command, on_tap
from bot.rights import require
from bot.standing import look
from db.queries.staff_groups import group_in
from db.staff_groups import GroupFacts, Linking, link_group
from domain.roles import Permission

ABOUT = "linkgroup"


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, and the choice of whoever manages several helpdesks."""
    application.add_handlers([on_command(LINKGROUP.names, link), on_tap(ABOUT, "to", link_to)])


async def link(update: Update, context: SiagaContext) -> None:
    """Bind the group to the sender's helpdesk, and say at once what stands in the way."""
    options = await organizations_with(context, Permission.MANAGE_HELPDESK)
    if is_private(update):
        await context.reply("replies/group_needed")
        return
    async with context.transaction() as session:
        there = await group_in(session, context.chat_id)
    known = [option for option in options if there is not None and option.id == there.organization_id]
    if len(options) > 1 and not known:
        rows = [[named(option.label, ABOUT, "to", option.id)] for option in options]
        await context.reply("replies/group_which", keyboard=rows)
        return
    linking, facts = await _link(context, (known or options)[0].id)
    await context.reply("replies/group_linked", linking=linking, group=facts)


async def link_to(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Bind the group to the chosen helpdesk."""
    require(context, Permission.MANAGE_HELPDESK, context.tap.id)
    linking, facts = await _link(context, context.tap.id)
    await context.edit("replies/group_linked", linking=linking, group=facts)


async def _link(context: SiagaContext, organization_id: int) -> tuple[Linking, GroupFacts]:
    facts = await look(context, context.chat_id)
    async with context.transaction() as session:
        linking = await link_group(
            session,
            facts,
            organization_id=organization_id,
            actor_id=context.me.user_id,
            source=context.source,
        )
    return linking, facts
