"""The gate before all handlers: who is it, may they speak, what was tapped, is a dialog open (DESIGN 6)."""

import logging

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Update
from telegram.ext import ApplicationHandlerStop

from bot.context import SiagaContext
from bot.dialogs.places import is_live
from bot.handling import Handling
from bot.render import Audience
from bot.standing import follow_group, standing_changed
from db.chat import cards, dialogs, outcomes
from db.queries.people import KnownPerson, person_by_telegram
from db.session import SYSTEM
from domain.chat import Thing
from domain.errors import NotAllowed, Refusal, Suspended

log = logging.getLogger(__name__)

_SHUT_OUT = (ChatMember.BANNED, ChatMember.LEFT)


async def gate(update: Update, context: SiagaContext) -> None:
    """Identify the person, check the tap, and let an open dialog take what is meant for it."""
    if update.my_chat_member is not None:
        await _membership(update.my_chat_member, context)
        raise ApplicationHandlerStop
    if update.message is not None and await follow_group(update.message, context):
        raise ApplicationHandlerStop
    user = update.effective_user
    if user is None or user.is_bot or update.effective_chat is None or _is_mere_edit(update):
        raise ApplicationHandlerStop
    async with context.parts.settings.database.statements() as session:
        known = await person_by_telegram(session, user.id)
        if update.edited_message is not None and (known is None or not known.is_active):
            raise ApplicationHandlerStop  # a live location is a stream, a correction no wish
        if known is not None:
            if known.blocked and update.effective_chat.type == "private":
                # Refused before the person first pressed Start, a chat has no other sign of being open.
                await outcomes.chat_opened(session, update.effective_chat.id, open_now=True)
            _identify(known, context)
    if update.callback_query is not None:
        _read_tap(update.callback_query, context)
    if await context.engine.takes(update, context):
        raise ApplicationHandlerStop


async def on_error(_update: object, context: SiagaContext) -> None:
    """Show refusals; leave the rest for the lane: "noted" is repeated, the unexpected is counted.

    Raises:
        ApplicationHandlerStop: always, or PTB would go on with the handlers behind the gate.
    """
    handling = context.handling
    error: BaseException | None = context.error
    if isinstance(error, Refusal):
        try:
            await context.refuse(error)
        except Exception as failed:  # noqa: BLE001 - the lane decides about it as about any other
            handling.error = failed
    else:
        handling.error = error
    raise ApplicationHandlerStop


def _is_mere_edit(update: Update) -> bool:
    """Return whether nothing was said by a change: words and a live location that moves are let through."""
    edited = update.edited_message
    if edited is None or edited.text or edited.caption is not None:
        return False
    return edited.location is None or not is_live(edited.location)


def _identify(known: KnownPerson, context: SiagaContext) -> None:
    person = known.person
    context.handling.audience = Audience(person.language, person.time_zone, person)
    if not known.is_active:
        raise Suspended
    context.handling.person = person


def _read_tap(query: CallbackQuery, context: SiagaContext) -> None:
    if not query.data or query.message is None:
        raise NotAllowed(problem="token")
    context.handling.tap = context.parts.signer.decode(query.data, query.message.chat.id)


async def set_right(handling: Handling) -> None:
    """Let a tapped message that is not its thing's card become the card, or shrink: after the answer."""
    query, tap = handling.update.callback_query, handling.tap
    if query is None or query.message is None or tap is None or tap.card is None:
        return
    chat_id, message_id = query.message.chat.id, query.message.message_id
    database = handling.parts.settings.database
    async with database.statements() as session:
        card = await cards.card_of(session, tap.card, tap.id, chat_id)
        ended = card is None and tap.card == Thing.DIALOG
        if ended and await dialogs.ended_with(session, tap.id, chat_id, message_id):
            return  # what the last prompt becomes was said at the end
    if card is None or card.message_id != message_id:
        async with database.transaction(SYSTEM) as session:
            await cards.tapped(session, tap.card, tap.id, chat_id, message_id)


async def _membership(change: ChatMemberUpdated, context: SiagaContext) -> None:
    """A person blocked the bot, or let it in again; in a group it came, went, or has other rights."""
    if change.chat.type != "private":
        await standing_changed(change, context)
        return
    open_now = change.new_chat_member.status not in _SHUT_OUT
    async with context.transaction() as session:
        await outcomes.chat_opened(session, change.chat.id, open_now=open_now)
    log.info("chat %s is %s", change.chat.id, "open" if open_now else "blocked")
