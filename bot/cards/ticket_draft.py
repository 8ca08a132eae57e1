"""The card of a draft: everything filled, send first, change for the rest (WORDS 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import Button, button, columns, named
from bot.ticket_moves import asks_pharmacy, pharmacies_of, works_besides
from db.queries.customer_tickets import TicketLine, live_tickets_of
from db.queries.helpdesk import Choice, categories, modules
from db.queries.new_tickets import title_of
from db.queries.ticket_drafts import DraftDetail, draft_by_id
from domain.chat import Thing
from domain.guessing import guess
from domain.people import Person
from domain.ticket_drafts import DraftStep, DraftValue
from domain.tickets import Effect

THING = Thing.TICKET_DRAFT
TICKETS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Filled:
    """What a draft would be sent with."""

    title: str
    module: Choice
    category: Choice
    modules: Sequence[Choice]
    categories: Sequence[Choice]


async def filled(session: AsyncSession, draft: DraftDetail) -> Filled:
    """Return a draft with its guesses; what nothing speaks for is "other"."""
    of_modules = await modules(session, draft.organization_id)
    of_categories = await categories(session, draft.organization_id)
    return Filled(
        title=title_of(draft.words),
        module=chosen(draft.module_id, draft.words, of_modules),
        category=chosen(draft.category_id, draft.words, of_categories),
        modules=of_modules,
        categories=of_categories,
    )


def chosen(choice: int | None, words: str, choices: Sequence[Choice]) -> Choice:
    """Return what was chosen, else what the words suggest, else "other"."""
    guessed = guess(words, [(one.id, one.keywords) for one in choices])
    wanted = choice if choice is not None else guessed
    other = next((one for one in reversed(choices) if not one.keywords), choices[-1])
    return next((one for one in choices if one.id == wanted), other)


async def ticket_draft_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the card for whoever writes the draft, while they work there; None for anybody else."""
    draft = await draft_by_id(session, thing_id)
    person = reader.person
    if draft is None or person is None or draft.user_id != person.user_id:
        return None
    if draft.pharmacy_id not in {held.pharmacy_id for held in person.pharmacies}:
        return None
    now = await filled(session, draft)
    tickets: list[TicketLine] = []
    if draft.step == DraftStep.WHERE and draft.follows_id is None:
        tickets = await live_tickets_of(session, person.user_id, pharmacies_of(person))
    return CardView(
        template="cards/ticket_draft",
        row=draft,
        context={
            "title": now.title,
            "module": now.module.named(reader.language),
            "module_guessed": draft.module_id is None,
            "category": now.category.named(reader.language),
            "category_guessed": draft.category_id is None,
            "has_picture": bool({"photo", "document"} & set(draft.files)),
        },
        keyboard=_keyboard(draft, now, tickets, reader.language, person),
        final=not draft.is_open,
    )


def _keyboard(
    draft: DraftDetail, now: Filled, tickets: Sequence[TicketLine], language: str, person: Person
) -> list[list[Button]]:
    number = draft.draft_id
    cancel = button("draft_cancel", THING, "cancel", number)
    match draft.step:
        case DraftStep.WHERE | DraftStep.PHARMACY:
            return [*_for_whom(draft, tickets, person), *_work(number, person), [cancel]]
        case DraftStep.EFFECT | DraftStep.EFFECT_TO_SEND:
            effects = [button(f"effect_{one}", THING, "effect", number, one.value) for one in Effect]
            return [*columns(effects, 1), [_back(number)]]
        case DraftStep.MODULE:
            return [*_choices(draft, "module", now.modules, language), [_back(number)]]
        case DraftStep.CATEGORY:
            return [*_choices(draft, "category", now.categories, language), [_back(number)]]
        case _ if draft.parts or draft.words:
            return [
                [button("draft_send", THING, "send", number, style="success")],
                *_changes(number, several=asks_pharmacy(person)),
                [cancel],
            ]
        case _:
            return [[cancel]]


def _for_whom(draft: DraftDetail, tickets: Sequence[TicketLine], person: Person) -> list[list[Button]]:
    """Return what it could be for: a ticket or a new trouble, or one of several pharmacies."""
    number = draft.draft_id
    if draft.step == DraftStep.WHERE:
        return [*_where(draft, tickets), [button("draft_new", THING, "new", number)]]
    return [
        [named(held.pharmacy_name, THING, "at", number, held.pharmacy_id or 0)] for held in person.pharmacies
    ]


def _where(draft: DraftDetail, tickets: Sequence[TicketLine]) -> list[list[Button]]:
    """Return the tickets it could belong to; of a closed one, to open it again."""
    if draft.follows_id is not None:
        words = {"number": draft.follows_number}
        return [[button("draft_reopen", THING, "reopen", draft.draft_id, style="primary", words=words)]]
    return [
        [button("draft_add_to", THING, "add", draft.draft_id, one.ticket_id, words={"ticket": one})]
        for one in tickets[:TICKETS_SHOWN]
    ]


def _back(number: int) -> Button:
    return button("draft_back", THING, "step", number, DraftStep.READY.value)


def _work(number: int, person: Person) -> list[list[Button]]:
    """Return the way out for whoever meant their field work."""
    return [[button("draft_is_work", THING, "work", number)]] if works_besides(person) else []


def _changes(number: int, *, several: bool) -> list[list[Button]]:
    where = (DraftStep.PHARMACY,) if several else ()
    steps = (DraftStep.EFFECT, DraftStep.MODULE, DraftStep.CATEGORY, *where)
    chosen = [button(f"draft_{step}", THING, "step", number, step.value) for step in steps]
    typed = [button(f"draft_{value}", THING, "type", number, value.value) for value in DraftValue]
    return columns([*chosen, *typed], 3)


def _choices(draft: DraftDetail, what: str, choices: Sequence[Choice], language: str) -> list[list[Button]]:
    return columns([named(one.named(language), THING, what, draft.draft_id, one.id) for one in choices], 2)
