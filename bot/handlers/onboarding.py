"""``/onboard`` and the taps on an onboarding's card."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.cards.assignment import setup_code
from bot.commands import ONBOARD
from bot.context import SiagaContext
from bot.dialogs import cancel_onboarding, register_machine
from bot.dialogs.pickers import known_organization
from bot.keyboards import copy
from bot.machine_moves import machine, move_onboarding
from bot.notices import ABOUT_ONBOARDING
from bot.places import send_place
from bot.registration import on_command, on_tap
from bot.secrets_shown import cipher
from db.chat.cards import touch_cards
from db.handoffs import show_key
from domain.chat import Thing
from domain.errors import CodeUsed
from domain.onboarding import OnboardingMove
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the card's buttons."""
    thing = Thing.ONBOARDING
    at_once = (OnboardingMove.REISSUE_KEY, OnboardingMove.RETEST, OnboardingMove.COMMISSION)
    application.add_handlers(
        [
            on_command(ONBOARD.names, begin),
            *(on_tap(about, verb, obey) for verb in at_once for about in (thing, ABOUT_ONBOARDING)),
            on_tap(thing, OnboardingMove.CANCEL, ask_to_cancel),
            on_tap(thing, "key", send_key),
            on_tap(thing, "code", send_code),
            on_tap(thing, "map", show_map),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for the new machine."""
    known = await known_organization(context, Permission.REGISTER_MACHINE)
    await context.open_dialog(register_machine.NAME, **known)


async def obey(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Re-issue the key, test again, or put into service."""
    verb = OnboardingMove(context.tap.action)
    await move_onboarding(context, context.source, context.tap.id, verb)
    await context.answer(f"toasts/{verb}")


async def ask_to_cancel(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask once more before everything is taken back."""
    found = await machine(context, context.tap.id, Permission.REGISTER_MACHINE)
    await context.open_dialog(cancel_onboarding.NAME, machine=found.machine_id, machine_name=found.name)


async def send_key(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the API key once more, in a message that is edited away."""
    found = await machine(context, context.tap.id, Permission.REGISTER_MACHINE)
    async with context.transaction() as session:
        key = await show_key(session, found.key_handoff_id, cipher(context))
        await touch_cards(session, (Thing.ONBOARDING, found.machine_id))
    await context.reply(
        "replies/key", keyboard=[[copy("copy_key", key)]], secret=True, machine=found, key=key
    )


async def send_code(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the setup code to whoever installs it themselves."""
    found = await machine(context, context.tap.id, Permission.REGISTER_MACHINE)
    code = setup_code(found, cipher(context))
    if code is None or not code.text:
        raise CodeUsed(noun="setup_code")
    keyboard = [[copy("copy_setup", f"siaga edge setup {code.text}")]]
    await context.reply("replies/setup_code", keyboard=keyboard, secret=True, machine=found, code=code)


async def show_map(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the machine's place as a map point."""
    found = await machine(context, context.tap.id, Permission.REGISTER_MACHINE)
    await send_place(context, found.latitude, found.longitude, found.name, found.address)
