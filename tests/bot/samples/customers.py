"""Variables of what a pharmacy's people read."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.cards.ticket import Promise
from db.queries.customer_tickets import Said, TicketLine
from db.queries.joining import JoinDetail
from db.queries.ticket_drafts import DraftDetail
from db.queries.tickets import ActivityLine
from domain.people import Membership, Person
from domain.priorities import Priority
from domain.roles import Role
from domain.ticket_drafts import DraftPart, DraftStep, DraftValue
from domain.tickets import Effect, TicketMove, TicketStatus
from tests.bot.samples.helpdesk import a_ticket
from tests.bot.samples.rows import NASTY, NOW, Words

SARI = Person(
    11,
    "Sari",
    "id",
    "Asia/Jakarta",
    memberships=(Membership(3, "Pharmadesk", Role.CUSTOMER, 1, "Apotek Sehat"),),
)


def a_draft(**changes: Any) -> DraftDetail:  # noqa: ANN401 - columns of a draft
    """Return a draft of one message."""
    draft = DraftDetail(
        draft_id=5,
        organization_id=3,
        pharmacy_id=1,
        pharmacy_name="Apotek Sehat Sentosa",
        pic_name="Sari",
        user_id=11,
        chat_id=9111,
        step=DraftStep.READY,
        parts=[DraftPart(1, "Kasir macet")],
        words="Kasir macet",
        effect=None,
        module_id=None,
        category_id=None,
        app_version="4.2.1",
        contact="022-250-0135",
        follows_id=None,
        follows_number=None,
        ticket_number=None,
        closed_at=None,
        expires_at=NOW + timedelta(days=1),
    )
    return dataclasses.replace(draft, **changes)


def customers() -> Iterator[tuple[str, Words]]:
    """Return every template of the customers' side with variables."""
    yield from _drafts()
    yield from _tickets()
    yield from _joining()
    yield from _replies()


def _drafts() -> Iterator[tuple[str, Words]]:
    words: Words = {
        "title": "Kasir macet",
        "module": "Penjualan",
        "module_guessed": True,
        "category": "Bug Sistem",
        "category_guessed": True,
        "has_picture": False,
    }
    nasty = a_draft(
        words=NASTY,
        parts=[DraftPart(1, NASTY), DraftPart(2, "", "photo", 7), DraftPart(3, "", "voice")],
        pharmacy_name=NASTY,
        contact=NASTY,
        app_version=NASTY,
        effect=Effect.DOWN,
        follows_number="PD-000012",
    )
    chosen = words | {"title": NASTY, "module": NASTY, "module_guessed": False, "category_guessed": False}
    for step in DraftStep:
        yield "cards/ticket_draft", {"thing": a_draft(step=step), **words}
        yield (
            "cards/ticket_draft",
            {"thing": dataclasses.replace(nasty, step=step), **chosen, "has_picture": True},
        )
    empty = a_draft(parts=[], words="")
    for draft in (
        empty,
        dataclasses.replace(empty, follows_number="PD-000012"),
        a_draft(parts=[DraftPart(1, "", "photo", 7)], words="", contact="", app_version="", pic_name=""),
        a_draft(closed_at=NOW),
        a_draft(expires_at=NOW - timedelta(hours=1)),
        a_draft(closed_at=NOW, ticket_number="PD-000123"),
    ):
        yield (
            "cards/ticket_draft",
            {"thing": draft, **words, "title": "" if not draft.words else "Kasir macet"},
        )
    for value in (*DraftValue, "what"):
        yield "dialogs/change_draft", {"field": str(value), "answers": {"draft": 5}}


def _tickets() -> Iterator[tuple[str, Words]]:
    words: Words = {
        "own": True,
        "helpdesk": "Pharmadesk",
        "module": "Penjualan",
        "category": "Bug Sistem",
        "promise": None,
        "said": None,
        "files": 0,
        "reopens_until": None,
    }
    said = Said(NOW, NASTY, by_staff=True, note=NASTY, is_edit=False)
    full = words | {
        "own": False,
        "helpdesk": NASTY,
        "promise": Promise("first_answer", NOW, NOW, late=False),
        "said": said,
        "files": 3,
        "reopens_until": NOW,
    }
    for status in TicketStatus:
        bare = a_ticket(status=status, expert_name=None, expert_id=None)
        yield "cards/ticket", {"thing": bare, **words}
        yield (
            "cards/ticket",
            {"thing": a_ticket(status=status, title=NASTY, rating_words=NASTY, rating=5), **full},
        )
    for clock in ("first_answer", "solution"):
        late = Promise(clock, NOW, None, late=True)
        edit = dataclasses.replace(said, is_edit=True, by_staff=False)
        yield "cards/ticket", {"thing": a_ticket(), **words, "promise": late, "said": edit}
    closed = a_ticket(status=TicketStatus.CLOSED)
    yield "cards/ticket", {"thing": closed, **words, "reopens_until": NOW}
    yield "cards/ticket", {"thing": dataclasses.replace(closed, merged_into_id=7), **words}
    yield from _stories()


def _stories() -> Iterator[tuple[str, Words]]:
    line = ActivityLine(
        1,
        NOW,
        TicketMove.OPEN,
        None,
        TicketStatus.OPEN,
        11,
        "Sari",
        is_internal=False,
        cause=None,
        reason=None,
        note=None,
        details={},
    )
    story = [dataclasses.replace(line, move=move) for move in TicketMove]
    story += [dataclasses.replace(line, move=TicketMove.SORT, user_name=None, reason=NASTY, note=NASTY)]
    story += [dataclasses.replace(line, move=TicketMove.DETACH, user_name=None, cause="retention")]
    yield "replies/why_ticket", {"ticket": a_ticket(rating=4), "story": story}
    yield "replies/why_ticket", {"ticket": a_ticket(title=NASTY), "story": []}


def _joining() -> Iterator[tuple[str, Words]]:
    asked = JoinDetail(
        3,
        3,
        1,
        "Apotek Sehat",
        11,
        "Putri",
        "putri",
        77,
        "id",
        NOW,
        answered_at=None,
        answered_by_name=None,
        is_accepted=None,
    )
    for request in (
        asked,
        dataclasses.replace(asked, name=NASTY, username=None, pharmacy_name=NASTY),
        dataclasses.replace(asked, answered_at=NOW, answered_by_name="Sari", is_accepted=True),
        dataclasses.replace(asked, answered_at=NOW, is_accepted=False),
    ):
        yield "cards/join_request", {"thing": request}
    for name in (NASTY, "Apotek Sehat"):
        for again in (True, False):
            yield "replies/join_asked", {"pharmacy": name, "again": again}
        for page in ("replies/joined_already", "replies/left_pharmacy", "notices/join_accepted"):
            yield page, {"pharmacy": name}
        yield "notices/join_refused", {"pharmacy": name}
        yield "notices/customer_left", {"pharmacy": name, "name": NASTY}
        left = {"pharmacy": name, "name": NASTY, "numbers": ["PD-000001", "PD-000002"]}
        for readers in ([NASTY, "Tono"], []):
            yield "notices/customer_left_tickets", {**left, "readers": readers}
        yield "dialogs/leave_pharmacy", {"field": "confirm", "answers": {"pharmacy_name": name}}
    yield "dialogs/join", {"field": "code", "answers": {}}


def _replies() -> Iterator[tuple[str, Words]]:
    yield "replies/pharmacy_hello", {"person": SARI, "pharmacy": NASTY}
    yield "replies/me", {"me": SARI, "tasks": [], "duties": [], "quiet": ""}
    yield "replies/help", {"person": SARI, "commands": []}
    for status in TicketStatus:
        line = TicketLine(
            123, "PD-000123", NASTY, status, Priority.HIGH, 12, NASTY, is_followed=True, created_at=NOW
        )
        yield (
            "replies/tickets",
            {"lines": [line] * 8, "total": 9, "page": 2, "pages": 2, "me": 11, "pharmacy": NASTY},
        )
    yield "replies/tickets", {"lines": [], "total": 0, "page": 1, "pages": 1, "me": 11, "pharmacy": "Apotek"}
    for name in ("cover_names", "leave_which", "group_which"):
        yield f"replies/{name}", {}
    yield "replies/ticket_paper", {"pharmacy": NASTY}
    yield "replies/ticket_file_too_big", {"count": 2, "limit": 20}
    ticket = a_ticket(title=NASTY)
    for page in ("replies/said_in_solved", "replies/ticket_reopened"):
        yield page, {"ticket": ticket, "stars": 0}
    for stars in (0, 5):
        yield "replies/ticket_stars", {"ticket": ticket, "stars": stars}
    yield "replies/ticket_rated", {}
    for name in ("answer_ticket", "rate_ticket"):
        yield f"dialogs/{name}", {"field": "said", "answers": {"number": "PD-000123"}}
