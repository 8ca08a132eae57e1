"""``/new`` and the buttons of a draft's card."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import NEW
from bot.context import SiagaContext
from bot.dialogs import change_draft
from bot.drafting import add_to, begin, draft_of, finish, send, show_draft
from bot.registration import on_command, on_tap
from bot.ticket_files import Brought
from bot.ticket_moves import asks_pharmacy, customers_scope, workplace
from db.queries.helpdesk import categories, modules
from db.queries.ticket_drafts import DraftDetail, open_draft_of
from db.ticket_drafts import change, put_at
from domain.chat import Thing
from domain.errors import NotFound, OldCard
from domain.ticket_drafts import DraftPart, DraftStep
from domain.tickets import Effect, TicketMove

THING = Thing.TICKET_DRAFT


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the card's buttons."""
    taps = {
        "send": send_draft,
        "effect": choose_effect,
        "module": choose_module,
        "category": choose_category,
        "step": show_step,
        "type": ask_value,
        "new": decide_for_new,
        "add": add_to_ticket,
        "reopen": reopen_ticket,
        "cancel": throw_away,
        "at": choose_pharmacy,
        "work": leave_to_work,
    }
    application.add_handlers(
        [on_command(NEW.names, begin_anew), *(on_tap(THING, name, handler) for name, handler in taps.items())]
    )


async def begin_anew(update: Update, context: SiagaContext) -> None:
    """Open a draft with the words behind the command; one that is open already is shown again."""
    async with context.transaction(customers_scope(context.me)) as session:
        there = await open_draft_of(session, context.me.user_id)
    if there is not None and there.parts:
        await context.show_card(THING, there.draft_id)
        return
    message, words = update.message, " ".join(context.args or ())
    parts = [DraftPart(message.message_id, words)] if message is not None and words else []
    step = DraftStep.PHARMACY if asks_pharmacy(context.me) else DraftStep.READY
    await begin(context, step, Brought(parts))


async def send_draft(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send it; without an effect ask for that first."""
    draft = await draft_of(context, context.tap.id)
    if draft.effect is None:
        await _change(context, draft, step=DraftStep.EFFECT_TO_SEND)
    else:
        await _send(context, draft, draft.effect)


async def choose_effect(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Keep what the trouble does to the pharmacy; when it was asked for by sending, send."""
    draft = await draft_of(context, context.tap.id)
    effect = _one_of(Effect, context.tap.args)
    await _change(context, draft, effect=effect, step=DraftStep.READY)
    if draft.step == DraftStep.EFFECT_TO_SEND:
        await _send(context, draft, effect)


async def _send(context: SiagaContext, draft: DraftDetail, effect: Effect) -> None:
    view = await send(context, draft, effect)
    await context.answer("toasts/ticket_sent", number=view.number)


async def choose_module(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Put the chosen module in place of the guess."""
    draft, wanted = await draft_of(context, context.tap.id), int(context.tap.args[0])
    async with context.transaction() as session:
        if wanted not in {one.id for one in await modules(session, draft.organization_id)}:
            raise NotFound(noun="module")
    await _change(context, draft, module_id=wanted, step=DraftStep.READY)


async def choose_category(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Put the chosen category in place of the guess."""
    draft, wanted = await draft_of(context, context.tap.id), int(context.tap.args[0])
    async with context.transaction() as session:
        if wanted not in {one.id for one in await categories(session, draft.organization_id)}:
            raise NotFound(noun="category")
    await _change(context, draft, category_id=wanted, step=DraftStep.READY)


async def show_step(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the buttons of one value on the card, or the card as it was."""
    draft = await draft_of(context, context.tap.id)
    await _change(context, draft, step=_one_of(DraftStep, context.tap.args))


async def ask_value(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for what is typed."""
    draft = await draft_of(context, context.tap.id)
    await context.open_dialog(
        change_draft.NAME, draft=draft.draft_id, what=context.tap.args[0], present=draft.words
    )


async def decide_for_new(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """It is another trouble: go on with the draft."""
    draft = await draft_of(context, context.tap.id)
    step = DraftStep.PHARMACY if asks_pharmacy(context.me) else DraftStep.READY
    await _change(context, draft, step=step)


async def choose_pharmacy(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Write it for this one of the person's pharmacies."""
    draft = await draft_of(context, context.tap.id)
    place = workplace(context, int(context.tap.args[0]))
    async with context.transaction() as session:
        await put_at(session, draft.draft_id, context.me.user_id, place.pharmacy_id or 0)
    await show_draft(context, draft.draft_id)


async def leave_to_work(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """It was about field work: no ticket comes of it, and what works there is said."""
    draft = await draft_of(context, context.tap.id)
    await finish(context, draft, None)
    await context.reply("replies/not_understood")


async def add_to_ticket(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """It belongs to a ticket that is open."""
    draft = await draft_of(context, context.tap.id)
    view = await add_to(context, draft, int(context.tap.args[0]), TicketMove.COMMENT)
    await context.answer("toasts/draft_added", number=view.number)


async def reopen_ticket(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """It is the closed ticket's trouble again."""
    draft = await draft_of(context, context.tap.id)
    if draft.follows_id is None:
        raise OldCard
    view = await add_to(context, draft, draft.follows_id, TicketMove.REOPEN)
    await context.answer("toasts/ticket_reopened", number=view.number)


async def throw_away(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Throw the draft away."""
    draft = await draft_of(context, context.tap.id)
    await finish(context, draft, None)


async def _change(context: SiagaContext, draft: DraftDetail, **values: Any) -> None:  # noqa: ANN401 - of ``change``
    async with context.transaction() as session:
        await change(session, draft.draft_id, context.me.user_id, **values)
    await show_draft(context, draft.draft_id)


def _one_of(kind: Any, args: tuple[str, ...]) -> Any:  # noqa: ANN401 - an enum and its member
    """Return the code a button carries; raises ``OldCard`` for one that is none any more."""
    try:
        return kind(args[0])
    except (ValueError, IndexError):
        raise OldCard from None
