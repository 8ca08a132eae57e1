"""Variables of what the pharmacy helpdesk says."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.cards.late_tickets import LateLine
from bot.handlers.queue import FILTERS
from bot.relaying import Words as RelayedWords
from db.public_holidays import holidays_of
from db.queries.helpdesk import CannedRow, Choice
from db.queries.late_tickets import LateTicket
from db.queries.pharmacies import PharmacyDetail
from db.queries.promises import PromiseRow, WorkingTime
from db.queries.relays import Speaker
from db.queries.team import DutyNow
from db.queries.ticket_trends import Kept, Trends
from db.queries.tickets import TicketDetail
from db.staff_groups import GroupFacts, Linking
from domain.business_time import Hours
from domain.duty import Duty
from domain.escalations import EscalationStatus
from domain.priorities import Priority
from domain.staff_groups import GroupProblem
from domain.tickets import OPEN_TICKETS, CloseReason, Effect, TicketSource, TicketStatus
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
    yield from _late()
    yield from _pages()
    yield from _groups()
    yield from _answers()


def _late() -> Iterator[tuple[str, Words]]:
    late = LateTicket(
        123, 3, "solution", NOW, 7, "ticket-PD-000123", EscalationStatus.CALLING, None, was_called=True
    )
    found = [dataclasses.replace(late, status=one, answered_name=NASTY) for one in EscalationStatus]
    found += [late, dataclasses.replace(late, ladder_id=None, clock="first_answer", due_at=None)]
    lines = [LateLine(one, a_ticket(title=NASTY, pharmacy_name=NASTY)) for one in found]
    lines += [LateLine(late, a_ticket(expert_name=None))]
    shown: Words = {"thing": found, "lines": lines, "page": 1, "pages": 2}
    for many, near in ((7, 1), (1, 0), (0, 2)):
        yield "cards/late_tickets", {**shown, "late": many, "near": near}
    yield "cards/late_tickets", {"thing": [], "lines": [], "late": 0, "near": 0, "page": 1, "pages": 1}


def _groups() -> Iterator[tuple[str, Words]]:
    for status in TicketStatus:
        ticket = a_ticket(status=status, title=NASTY, description=NASTY, close_reason=NASTY, rating=4)
        yield (
            "cards/staff_ticket",
            {"thing": ticket, "module": NASTY, "category": NASTY, "files": 2, "machine": NASTY},
        )
    bare = a_ticket(customer_name=None, contact=None, app_version=None, effect=None, expert_name=None)
    yield (
        "cards/staff_ticket",
        {"thing": bare, "module": "Sales", "category": "Bug", "files": 0, "machine": ""},
    )
    for name in FILTERS:
        found = [a_ticket(title=NASTY, pharmacy_name=NASTY), a_ticket(expert_name=None, solution_due_at=None)]
        yield "replies/queue", {"tickets": found, "total": 2, "filter": name, "waiting": 3}
    yield "replies/queue", {"tickets": [], "total": 0, "filter": "mine", "waiting": 0}
    yield "replies/group_needed", {}
    yield "replies/reply_how", {}
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
    yield "notices/staff_group_moved", {"thing": None, "title": NASTY}
    yield (
        "replies/group_linked",
        {"linking": Linking.LINKED, "group": GroupFacts(-100, NASTY, is_forum=True, problem=None)},
    )


def _answers() -> Iterator[tuple[str, Words]]:
    answers = [CannedRow(1, "restart", NASTY, NASTY)]
    for rows, name in (([], ""), (answers, ""), (answers, NASTY)):
        yield "replies/canned_list", {"rows": rows, "name": name}
    yield "replies/canned_left", {"ticket": a_ticket()}
    yield "replies/no_customer", {"ticket": a_ticket()}
    for on, count in ((True, 0), (False, 0), (False, 1), (False, 9)):
        duty = Duty("Asia/Jakarta")
        standing = [DutyNow(3, NASTY, duty, on, NOW if count else None), DutyNow(4, NASTY, duty, on, NOW)]
        held = [a_ticket(title=NASTY, pharmacy_name=NASTY)] * count
        yield "replies/away", {"duties": standing[: 1 + count % 2], "away": not on, "held": held}
    yield "replies/away_kept", {}
    for given, to in ((0, ""), (2, ""), (2, NASTY)):
        yield "replies/away_given", {"given": given, "to": to}
    for customer in ("", NASTY):
        opened = {"number": "PD-000123", "title": NASTY, "pharmacy": NASTY, "customer": customer}
        yield "replies/ticket_opened", opened
    yield "replies/detached", {"ticket": a_ticket(), "old": 2, "by_chat": True}
    yield "replies/detached", {"ticket": a_ticket(), "old": 0, "by_chat": False}
    for is_so in (True, False):
        shown = {"ticket": a_ticket(), "name": "restart", "text": NASTY, "is_read": is_so}
        yield "replies/canned", shown
        yield "replies/canned_sent", shown
        yield "replies/relayed", {"ticket": a_ticket(), "hold_s": 10.0 if is_so else 0.0}
        yield "replies/withdrawn", {"ticket": a_ticket(), "had_left": is_so}


def _notices() -> Iterator[tuple[str, Words]]:
    told: Words = {"reason": "", "note": NASTY, "actor_id": 2, "actor": "Rina", "cause": ""}
    bare = told | {"note": "", "actor": "", "actor_id": None}
    nasty = a_ticket(title=NASTY, pharmacy_name=NASTY, category_name=NASTY, module_name_en=NASTY, rating=4)
    plain = ("asked", "solved", "reminder", "merged", "sorted", "forwarded", "handed_over", "back")
    for name in (*plain, "answered", "reopened", "confirmed", "rated", "closed_by_customer"):
        yield f"notices/ticket_{name}", {"thing": nasty, **told}
        yield f"notices/ticket_{name}", {"thing": a_ticket(merged_into_id=7, rating=5), **bare}
    for reason in ("", *CloseReason):
        yield "notices/ticket_closed", {"thing": nasty, **told, "reason": reason}
    for cause in ("silence", "no_objection"):
        yield "notices/ticket_expired", {"thing": nasty, **bare, "cause": cause}
    yield "notices/ticket_sorted", {"thing": nasty, **told, "reason": NASTY}
    yield "notices/holidays_due", {"thing": None, "year": 2027, "days": holidays_of(2027)}


def _pages() -> Iterator[tuple[str, Words]]:
    promises = [
        PromiseRow(Priority.URGENT, 900.0, 14400.0, is_always=True, is_own=False),
        PromiseRow(Priority.LOW, 5400.0, 144000.0, is_always=False, is_own=True),
    ]
    works = WorkingTime("Asia/Jakarta", (Hours(0, 480, 720),), holidays_of(2027))
    shown: Words = {"promises": promises, "works": works, "week": "Sen 08.00-12.00"}
    yield "replies/desk", {**shown, "holidays": works.holidays[:5], "more": 3}
    yield "replies/desk", {**shown, "holidays": (), "more": 0}
    choice = Choice(1, NASTY, NASTY, (), None)
    for kind in ("module", "category", "canned"):
        for total in (0, 3):
            yield "replies/desk_list", {"kind": kind, "total": total}
        one = CannedRow(1, "halo", NASTY, NASTY) if kind == "canned" else choice
        yield "replies/desk_item", {"kind": kind, "row": one}
    pharmacy = PharmacyDetail(
        1, 3, NASTY, NASTY, "021-1", None, 11, NASTY, "K7", NOW, is_active=True, people=2, open_tickets=3,
        created_at=NOW,
    )  # fmt: skip
    gone = dataclasses.replace(
        pharmacy, address=None, phone=None, pic_name=None, code_ends=None, is_active=False, open_tickets=0
    )
    yield "replies/pharmacies", {"rows": [pharmacy, gone] * 4, "total": 20}
    yield "replies/pharmacies", {"rows": [], "total": 0}
    for row in (pharmacy, gone, dataclasses.replace(gone, is_active=True)):
        yield "replies/pharmacy", {"row": row}
    yield "replies/pharmacy_code", {"name": NASTY, "code": "SEHAT-K7QM29"}
    for found in (a_trend(), a_trend(empty=True)):
        yield "replies/stats", {"found": found}


def a_trend(*, empty: bool = False) -> Trends:
    """Return figures of a month, or of one without any ticket."""
    day = NOW.date()
    return Trends(
        since=NOW - timedelta(days=30),
        until=NOW,
        by_status={one: 0 if empty else 3 for one in TicketStatus if one in OPEN_TICKETS},
        by_age={"under_1": 0 if empty else 9, "under_3": 0, "under_7": 0, "over_7": 0 if empty else 3},
        kept_by_day=[] if empty else [(day - timedelta(days=1), Kept(4, 5)), (day, Kept())],
        ratings=dict.fromkeys(range(1, 6), 0 if empty else 2),
        opened=0 if empty else 41,
        solved=0 if empty else 30,
        closed=0 if empty else 28,
        first_answers=Kept() if empty else Kept(30, 33),
        solutions=Kept() if empty else Kept(4, 5),
    )
