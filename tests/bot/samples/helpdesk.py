"""Variables of what the pharmacy helpdesk says."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from bot.handlers.queue import FILTERS
from bot.relaying import Words as RelayedWords
from db.queries.relays import Speaker
from db.queries.tickets import TicketDetail
from db.staff_groups import GroupFacts, Linking
from domain.priorities import Priority
from domain.staff_groups import GroupProblem
from domain.tickets import CloseReason, Effect, TicketSource, TicketStatus
from tests.bot.samples.rows import NASTY, NOW, Words

_TICKET = TicketDetail(
    ticket_id=123,
    number="PD-000123",
    organization_id=3,
    pharmacy_id=1,
    pharmacy_name="Apotek Sehat Sentosa",
    module_id=1,
    module_name="Penjualan",
    module_name_en="Sales",
    category_id=1,
    category_name="Bug Sistem",
    category_name_en="System bug",
    customer_id=11,
    customer_name="Sari",
    expert_id=2,
    expert_name="Rina",
    tech_id=None,
    tech_name=None,
    source=TicketSource.CUSTOMER,
    status=TicketStatus.IN_REVIEW,
    priority=Priority.URGENT,
    effect=Effect.DOWN,
    title="Kasir macet",
    description="Kasir macet sejak pagi",
    pic_name="Sari",
    contact="022-250-0135",
    app_version="4.2.1",
    machine_id=None,
    follows_id=None,
    merged_into_id=None,
    first_answer_due_at=NOW,
    solution_due_at=NOW,
    first_answered_at=None,
    solved_at=None,
    closed_at=None,
    close_reason=None,
    first_answer_kept=None,
    solution_kept=None,
    rating=None,
    rating_words=None,
    version=2,
    created_at=NOW,
    updated_at=NOW,
)


def a_ticket(**changes: Any) -> TicketDetail:  # noqa: ANN401 - columns of a ticket
    """Return a ticket that an expert has taken."""
    return dataclasses.replace(_TICKET, **changes)


def helpdesk() -> Iterator[tuple[str, Words]]:
    """Return every template of the helpdesk with variables."""
    yield from _notices()
    yield from _groups()


def _groups() -> Iterator[tuple[str, Words]]:
    for status in TicketStatus:
        ticket = a_ticket(status=status, title=NASTY, description=NASTY, close_reason=NASTY, rating=4)
        yield "cards/staff_ticket", {"thing": ticket, "module": NASTY, "category": NASTY, "files": 2}
    bare = a_ticket(customer_name=None, contact=None, app_version=None, effect=None, expert_name=None)
    yield "cards/staff_ticket", {"thing": bare, "module": "Sales", "category": "Bug", "files": 0}
    for name in FILTERS:
        found = [a_ticket(title=NASTY, pharmacy_name=NASTY), a_ticket(expert_name=None, solution_due_at=None)]
        yield "replies/queue", {"tickets": found, "total": 2, "filter": name, "waiting": 3}
    yield "replies/queue", {"tickets": [], "total": 0, "filter": "mine", "waiting": 0}
    yield "replies/group_needed", {}
    yield "replies/reply_how", {}
    yield "replies/relayed", {"ticket": a_ticket()}
    yield "replies/withdrawn", {"ticket": a_ticket()}
    for name in ("to_staff", "to_customer"):
        said = [RelayedWords(NASTY, None), RelayedWords("Ya", NOW)]
        for speaker in (Speaker(NASTY, NASTY), Speaker("", "Pharmadesk")):
            yield f"relays/{name}", {"speaker": speaker, "said": said, "continued": speaker.name == ""}
    for problem in (None, *GroupProblem):
        facts = GroupFacts(-100, NASTY, problem == GroupProblem.NO_TOPICS_RIGHT, problem)
        for linking in Linking:
            yield "replies/group_linked", {"linking": linking, "group": facts}
        if problem is not None:
            yield "notices/staff_group_lost", {"thing": None, "title": NASTY, "problem": problem}
    yield (
        "replies/group_linked",
        {"linking": Linking.LINKED, "group": GroupFacts(-100, NASTY, is_forum=True, problem=None)},
    )


def _notices() -> Iterator[tuple[str, Words]]:
    told: Words = {"reason": "", "note": NASTY, "actor_id": 2, "actor": "Rina", "cause": ""}
    bare = told | {"note": "", "actor": "", "actor_id": None}
    nasty = a_ticket(title=NASTY, pharmacy_name=NASTY, category_name=NASTY, module_name_en=NASTY, rating=4)
    plain = ("asked", "solved", "reminder", "merged", "sorted", "forwarded", "handed_over", "back")
    for name in (*plain, "answered", "reopened", "confirmed", "rated"):
        yield f"notices/ticket_{name}", {"thing": nasty, **told}
        yield f"notices/ticket_{name}", {"thing": a_ticket(merged_into_id=7, rating=5), **bare}
    for reason in ("", *CloseReason):
        yield "notices/ticket_closed", {"thing": nasty, **told, "reason": reason}
    for cause in ("silence", "no_objection"):
        yield "notices/ticket_expired", {"thing": nasty, **bare, "cause": cause}
    yield "notices/ticket_sorted", {"thing": nasty, **told, "reason": NASTY}
    for cause in ("first_answer", "solution"):
        yield "notices/ticket_warned", {"thing": a_ticket(solution_due_at=None), **bare, "cause": cause}
