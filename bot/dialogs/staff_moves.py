"""The short dialogs behind the staff's buttons: a question, a note, a reason, whom, into which ticket.

Each is opened with the ticket as known answers, in its topic, and ends with one move.
"""

from typing import Any

from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    Dialog,
    Field,
    Finish,
    MessageField,
    NumberField,
    Option,
    PickerField,
    TextField,
)
from bot.dialogs.pickers import staff_of
from bot.staff_moves import move, ticket_here
from bot.staff_room import words_of
from bot.ticket_files import file_in
from db.queries.helpdesk import Choice, categories, modules, ticket_policy
from db.queries.tickets import TicketDetail, ticket_by_number
from domain.errors import InvalidInput
from domain.priorities import Priority
from domain.roles import Role
from domain.ticket_records import Sorting
from domain.tickets import CloseReason, TicketMove, TicketStatus, is_with_tech

NOTE_LENGTH = 2000
REASON_LENGTH = 300
NUMBER_LENGTH = 20
ANY = 0
"""In the list of techs: whoever of them is free."""
WHATS = ("priority", "category", "module")
DIALOGS = {
    TicketMove.ASK: "staff_ask",
    TicketMove.FORWARD: "staff_forward",
    TicketMove.BACK: "staff_back",
    TicketMove.SOLVE: "staff_solve",
    TicketMove.SORT: "staff_sort",
    TicketMove.HAND_OVER: "staff_hand_over",
    TicketMove.MERGE: "staff_merge",
    TicketMove.CLOSE: "staff_close",
    TicketMove.LINK: "staff_link",
    TicketMove.DETACH: "staff_detach",
}
"""Moves that ask something first, and the dialog that asks it."""
_TICKET = NumberField(name="ticket")


def about(ticket: TicketDetail) -> dict[str, Any]:
    """Return the known answers of a dialog about a ticket."""
    return {"ticket": ticket.ticket_id, "number": ticket.number, "status": ticket.status.value}


def _moves(verb: TicketMove, **given: str) -> Finish:
    """Return what ends a dialog: the move, with fields of the command and the answers that fill them."""

    async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
        ticket = await ticket_here(context, answers["ticket"])
        details: dict[str, Any] = {name: answers.get(answer) or "" for name, answer in given.items()}
        await move(context, source, ticket, verb, **details)

    return finish


async def _techs(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    """Return whoever is free, then the techs."""
    words, audience = context.parts.renderer.words, context.handling.audience
    anybody = Option(ANY, words("buttons", "any_tech", audience))
    ticket = await ticket_here(context, answers["ticket"])
    found = await staff_of(context, ticket.organization_id, (Role.TECH,), search)
    return found if search else [anybody, *found]


async def _holders(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    """Return who may have it in its present state: techs while it is with one, else those who review."""
    ticket = await ticket_here(context, answers["ticket"])
    working = is_with_tech(ticket.status, ticket.tech_id)
    roles = (Role.TECH,) if working else (Role.TEAM_EXPERT, Role.ADMIN)
    holder = ticket.tech_id if working else ticket.expert_id
    found = await staff_of(context, ticket.organization_id, roles, search)
    return [one for one in found if one.id != holder]


async def _has_words(context: SiagaContext, value: str, answers: Answers) -> None:  # noqa: ARG001 - a check's shape
    """Refuse a picture that asks nothing."""
    if not value.strip():
        raise InvalidInput(field="note", problem="expected_text")


async def _ask(context: SiagaContext, answers: Answers, source: str) -> None:
    """Ask what the message says; a picture or a document that it brings goes along."""
    ticket = await ticket_here(context, answers["ticket"])
    brings = any(file_in(one) is not None for one in context.album)
    messages = [one.message_id for one in context.album] if brings else []
    origin = context.chat_id if brings else None
    asked = {
        "note": words_of(context)[:NOTE_LENGTH],
        "origin_chat_id": origin,
        "origin_message_ids": messages,
    }
    await move(context, source, ticket, TicketMove.ASK, **asked)


async def _to(context: SiagaContext, answers: Answers, source: str, verb: TicketMove) -> None:
    ticket, to = await ticket_here(context, answers["ticket"]), answers["to"]
    given = {} if to.id == ANY else {"to_id": to.id, "to_name": to.label}
    await move(context, source, ticket, verb, note=answers.get("note") or "", **given)


async def _forward(context: SiagaContext, answers: Answers, source: str) -> None:
    await _to(context, answers, source, TicketMove.FORWARD)


async def _hand_over(context: SiagaContext, answers: Answers, source: str) -> None:
    await _to(context, answers, source, TicketMove.HAND_OVER)


def _is(what: str) -> Any:  # noqa: ANN401 - a condition
    return lambda answers: answers.get("what") == what


async def _choices(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    """Return the categories or the modules of the ticket's helpdesk."""
    ticket = await ticket_here(context, answers["ticket"])
    load = categories if answers["what"] == "category" else modules
    async with context.transaction() as session:
        found: list[Choice] = await load(session, ticket.organization_id)
    named = [(one.id, one.named(context.language)) for one in found]
    return [Option(number, name) for number, name in named if search.casefold() in name.casefold()]


async def _sort(context: SiagaContext, answers: Answers, source: str) -> None:
    ticket, what = await ticket_here(context, answers["ticket"]), answers["what"]
    if what == "priority":
        priority = Priority(answers["priority"])
        async with context.transaction() as session:
            policy = await ticket_policy(session, ticket.organization_id, priority)
        sorting = Sorting(priority=priority, policy=policy)
    elif what == "category":
        sorting = Sorting(category_id=answers["choice"].id)
    else:
        sorting = Sorting(module_id=answers["choice"].id)
    await move(context, source, ticket, TicketMove.SORT, sorting=sorting, reason=answers["reason"])


async def _other_ticket(context: SiagaContext, value: str, answers: Answers) -> None:
    """Refuse a number that is no other ticket of the same helpdesk."""
    ticket = await ticket_here(context, answers["ticket"])
    async with context.transaction() as session:
        into = await ticket_by_number(session, value.strip())
    if into is None or into.organization_id != ticket.organization_id or into.ticket_id == ticket.ticket_id:
        raise InvalidInput(field="into", problem="no_such_ticket")


async def _merge(context: SiagaContext, answers: Answers, source: str) -> None:
    ticket = await ticket_here(context, answers["ticket"])
    await move(context, source, ticket, TicketMove.MERGE, into=answers["into"].strip().upper())


async def _close(context: SiagaContext, answers: Answers, source: str) -> None:
    ticket = await ticket_here(context, answers["ticket"])
    reason, note = answers.get("reason") or CloseReason.OTHER.value, answers.get("note") or ""
    await move(context, source, ticket, TicketMove.CLOSE, reason=reason, note=note)


def _note(*, optional: bool = False) -> Field:
    return TextField(name="note", max_length=NOTE_LENGTH, optional=optional)


def _is_solved(answers: Answers) -> bool:
    return bool(answers.get("status") == TicketStatus.SOLVED)


_UNSOLVED = tuple(reason.value for reason in CloseReason if reason != CloseReason.OTHER)
STAFF_DIALOGS = (
    Dialog(
        DIALOGS[TicketMove.ASK], fields=(_TICKET, MessageField(name="note", check=_has_words)), finish=_ask
    ),
    Dialog(
        DIALOGS[TicketMove.FORWARD],
        fields=(_TICKET, PickerField(name="to", options=_techs), _note()),
        finish=_forward,
    ),
    Dialog(
        DIALOGS[TicketMove.BACK],
        fields=(_TICKET, _note(optional=True)),
        finish=_moves(TicketMove.BACK, note="note"),
    ),
    Dialog(
        DIALOGS[TicketMove.SOLVE],
        fields=(_TICKET, _note(optional=True)),
        finish=_moves(TicketMove.SOLVE, note="note"),
    ),
    Dialog(
        DIALOGS[TicketMove.SORT],
        fields=(
            _TICKET,
            ChoiceField(name="what", choices=WHATS, labels="sort", width=1),
            ChoiceField(
                name="priority", choices=tuple(reversed(Priority)), labels="priority", when=_is("priority")
            ),
            PickerField(
                name="choice", options=_choices, when=lambda answers: answers.get("what") != "priority"
            ),
            TextField(name="reason", max_length=REASON_LENGTH),
        ),
        finish=_sort,
    ),
    Dialog(
        DIALOGS[TicketMove.HAND_OVER],
        fields=(_TICKET, PickerField(name="to", options=_holders), _note(optional=True)),
        finish=_hand_over,
    ),
    Dialog(
        DIALOGS[TicketMove.MERGE],
        fields=(_TICKET, TextField(name="into", max_length=NUMBER_LENGTH, check=_other_ticket)),
        finish=_merge,
    ),
    Dialog(
        DIALOGS[TicketMove.CLOSE],
        fields=(
            _TICKET,
            ChoiceField(
                name="reason",
                choices=_UNSOLVED,
                labels="close_reason",
                width=1,
                when=lambda answers: not _is_solved(answers),
            ),
            TextField(name="note", max_length=REASON_LENGTH, when=_is_solved),
        ),
        finish=_close,
    ),
)
