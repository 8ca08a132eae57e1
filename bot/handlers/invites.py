"""``/invite``, and the inviter's answer to who opened the link."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.cards.invite import may_answer
from bot.commands import INVITE
from bot.context import SiagaContext
from bot.dialogs import invite
from bot.dialogs.pickers import known_organization
from bot.menus import show_menu_of
from bot.registration import on_command, on_tap
from db import people
from db.chat.cards import touch_cards
from db.chat.deliveries import announce
from db.queries.invites import invite_detail
from domain.chat import Thing
from domain.errors import NotAllowed, NotFound
from domain.notices import NOTICES
from domain.roles import Permission, Role


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the card's buttons."""
    application.add_handlers(
        [
            on_command(INVITE.names, begin),
            on_tap(Thing.INVITE, "yes", answer),
            on_tap(Thing.INVITE, "no", answer),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for name and role."""
    known: dict[str, object] = dict(await known_organization(context, Permission.MANAGE_PEOPLE))
    if context.me.is_super_admin:
        known["inviter"] = Role.SUPER_ADMIN.value
    await context.open_dialog(invite.NAME, **known)


async def answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Let the person in whom the inviter recognises; tell them, and make their menu."""
    accept = context.tap.action == "yes"
    async with context.transaction() as session:
        found = await invite_detail(session, context.tap.id)
        if found is None:
            raise NotFound(noun="invite")
        if not may_answer(found, context.me):
            raise NotAllowed
        linked = await people.confirm_invite(session, found.invite_id, context.me.user_id, accept=accept)
        await touch_cards(session, (Thing.INVITE, found.invite_id))
        if linked is not None:
            await announce(
                session,
                template="invite_confirmed",
                user_id=linked,
                organization_id=found.organization_id,
                source=f"invite-{found.invite_id}-confirmed",
                context={"role": found.role, "organization": found.organization_name},
                loudness=NOTICES["invite_confirmed"].loudness,
            )
    await context.answer("toasts/invite_confirmed" if accept else "toasts/invite_refused", name=found.name)
    if linked is not None:
        await show_menu_of(context, linked)
