"""An admin's answer to a device conflict."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.registration import on_tap
from bot.rights import require
from db.queries.machines import machine_by_edge_server
from domain.chat import Thing
from domain.errors import NotFound
from domain.handshake import HandshakeCommand, HandshakeMove
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the card's buttons."""
    application.add_handlers([on_tap(Thing.HANDSHAKE, verb, answer) for verb in HandshakeMove])


async def answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Replace the device, or refuse the one that presents itself."""
    verb = HandshakeMove(context.tap.action)
    async with context.transaction() as session:
        found = await machine_by_edge_server(session, context.tap.id)
    if found is None:
        raise NotFound(noun="machine")
    me = require(context, Permission.REPLACE_DEVICE, found.organization_id)
    command = HandshakeCommand(verb, me.user_id, me.name)
    context.settled(await context.gateway.move_handshake(context.source, found.edge_id, command))
    await context.answer(f"toasts/{verb}_device")
