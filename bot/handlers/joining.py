"""``/join`` and ``/leave``, and the answer of a pharmacy's person in charge."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import Application

from bot.cards.join_request import may_answer
from bot.commands import JOIN, LEAVE
from bot.context import SiagaContext
from bot.dialogs import join, leave
from bot.joining import join as ask_to_join
from bot.keyboards import named
from bot.menus import show_menu_of
from bot.registration import on_command, on_tap
from bot.ticket_moves import asks_pharmacy, workplace
from db import pharmacies
from db.chat.cards import touch_cards
from db.chat.deliveries import announce, announce_to_chat
from db.queries.joining import JoinDetail, join_request
from domain.chat import Thing
from domain.errors import NotAllowed, NotFound
from domain.notices import NOTICES
from domain.people import Membership

ABOUT = "leaving"


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands and the card's buttons."""
    application.add_handlers(
        [
            on_command(JOIN.names, begin),
            on_command(LEAVE.names, begin_leaving),
            on_tap(ABOUT, "ask", leave_this),
            on_tap(Thing.JOIN_REQUEST, "yes", answer),
            on_tap(Thing.JOIN_REQUEST, "no", answer),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:
    """Take the code behind the command, or ask for it."""
    user = update.effective_user
    code = " ".join(context.args or ())
    if code and user is not None:
        await ask_to_join(context, code, user)
    else:
        await context.open_dialog(join.NAME, language=context.language)


async def begin_leaving(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whether they really leave their pharmacy; which one, where there are several."""
    place = workplace(context)
    if asks_pharmacy(context.me):
        rows = [
            [named(one.pharmacy_name, ABOUT, "ask", one.pharmacy_id or 0)] for one in context.me.pharmacies
        ]
        await context.reply("replies/leave_which", keyboard=rows)
        return
    await _ask_to_leave(context, place)


async def leave_this(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whether they really leave the chosen one."""
    await _ask_to_leave(context, workplace(context, context.tap.id))


async def _ask_to_leave(context: SiagaContext, place: Membership) -> None:
    await context.open_dialog(leave.NAME, pharmacy=place.pharmacy_id, pharmacy_name=place.pharmacy_name)


async def answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Let a colleague in whom the person in charge knows, and greet them; or tell them that it is a no."""
    accept = context.tap.action == "yes"
    async with context.transaction() as session:
        found = await join_request(session, context.tap.id)
        if found is None:
            raise NotFound(noun="join_request")
        if not may_answer(found, context.me):
            raise NotAllowed
        user_id = await pharmacies.answer_join(session, found.request_id, context.me.user_id, accept=accept)
        await touch_cards(session, (Thing.JOIN_REQUEST, found.request_id))
        await _tell(session, found, user_id)
    await context.answer("toasts/join_accepted" if accept else "toasts/join_refused", name=found.name)
    if user_id is not None:
        await show_menu_of(context, user_id)


async def _tell(session: AsyncSession, found: JoinDetail, user_id: int | None) -> None:
    """Tell whoever asked."""
    words = {"pharmacy": found.pharmacy_name}
    source = f"join-{found.request_id}"
    if user_id is None:
        await announce_to_chat(
            session,
            template="join_refused",
            chat_id=found.telegram_id,
            language=found.language,
            source=source,
            context=words,
            loudness=NOTICES["join_refused"].loudness,
        )
        return
    await announce(
        session,
        template="join_accepted",
        user_id=user_id,
        organization_id=found.organization_id,
        source=source,
        context=words,
        loudness=NOTICES["join_accepted"].loudness,
        answers=True,
    )
