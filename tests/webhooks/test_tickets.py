"""Tickets by HTTP: who sees which, what leaks, and what a change comes to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.priorities import Priority
from domain.tickets import TicketStatus
from tests.webhooks.conftest import Api
from tests.webhooks.desk import SARI, TICKETS, WAYAN, Desk
from tests.webhooks.pictures import jpeg


@pytest.fixture
async def desk(api: Api) -> Desk:
    return await Desk.of(api)


async def test_a_customer_who_guesses_gets_nothing_of_another_pharmacy(desk: Desk) -> None:
    own, other = await desk.ticket(), await desk.ticket(WAYAN)
    assert await desk.seen("customer") == await desk.seen("colleague") == [own]
    assert await desk.seen("customer", pharmacy_id=desk.pharmacies[WAYAN]) == []
    assert await desk.seen("customer", search=f"PD-{other:06}") == []

    for path in ("", "/activities", "/attachments"):
        assert (await desk.get("customer", f"{TICKETS}/{other}{path}")).status_code == 404
        assert (await desk.get("customer", f"/api/tickets/{own}{path}")).status_code == 200
    posts = {"/activities": {"note": "x"}, "/attachments": {}}
    for path, body in posts.items():
        answer = await desk.api.http.post(
            f"{TICKETS}/{other}{path}", json=body, headers=desk.api.as_("customer")
        )
        assert answer.status_code == 404
    assert (await desk.change("customer", other, status="closed")).status_code == 404
    assert (await desk.change("customer", own, merged_into=f"PD-{other:06}")).status_code == 404
    gone = await desk.api.http.delete(f"{TICKETS}/{other}", headers=desk.api.as_("customer"))
    assert gone.status_code == 404
    opened = await desk.api.http.post(
        TICKETS,
        json={
            "description": "x",
            "pharmacy_id": desk.pharmacies[WAYAN],
            "module_id": desk.module,
            "category_id": desk.category,
        },
        headers=desk.api.as_("customer"),
    )
    assert opened.status_code == 404
    assert (await desk.get("customer", f"/api/v1/pharmacies/{desk.pharmacies[WAYAN]}")).status_code == 404
    assert (await desk.get("customer", "/api/v1/pharmacies")).json()["total"] == 1
    assert (await desk.get("customer", f"{TICKETS}/summary")).json()["total"] == 1
    assert (await desk.get("customer", "/api/v1/users")).status_code == 403
    assert desk.api.gateway.calls == []


async def test_a_customer_reads_no_internal_line_and_no_internal_file(desk: Desk) -> None:
    own, other = await desk.ticket(), await desk.ticket(WAYAN)
    lines = (await desk.get("customer", f"{TICKETS}/{own}/activities")).json()
    files = (await desk.get("customer", f"{TICKETS}/{own}/attachments")).json()
    assert [(line["note"], line["details"]) for line in lines] == [("halo", {"solution_due": ""})]
    assert len(files) == 1

    all_files = (await desk.get("expert", f"{TICKETS}/{own}/attachments")).json()
    theirs = (await desk.get("expert", f"{TICKETS}/{other}/attachments")).json()
    assert len(all_files) == 2
    readable = {
        person: {
            one["url"]
            for one in (*all_files, *theirs)
            if (await desk.get(person, one["url"])).status_code == 200
        }
        for person in ("customer", "customer_2", "tech", "expert", "technician", "admin")
    }
    assert readable["customer"] == {files[0]["url"]}
    assert readable["customer_2"] == {theirs[0]["url"]}
    assert len(readable["expert"]) == 4
    assert readable["tech"] == readable["technician"] == readable["admin"] == set()

    answer = await desk.api.http.post(
        f"{TICKETS}/{own}/activities", json={"note": "x", "internal": True}, headers=desk.api.as_("customer")
    )
    assert answer.status_code == 403


async def test_a_tech_sees_what_was_forwarded_and_experts_see_all_of_their_own_helpdesk(desk: Desk) -> None:
    tech = desk.api.users["tech"]
    await desk.ticket()
    forwarded = await desk.ticket(status=TicketStatus.IN_PROGRESS, tech_id=tech)
    to_any = await desk.ticket(WAYAN, status=TicketStatus.IN_PROGRESS)
    await desk.ticket(status=TicketStatus.IN_PROGRESS, tech_id=desk.api.users["expert_2"])

    assert await desk.seen("tech") == [forwarded, to_any]
    assert len(await desk.seen("expert")) == len(await desk.seen("helpdesk_admin")) == 4
    assert len(await desk.seen("super_admin")) == 4
    for stranger in ("technician", "tenant"):
        assert (await desk.get(stranger, TICKETS)).status_code == 403
    assert await desk.seen("admin") == []


async def test_lists_are_narrowed_searched_and_counted(desk: Desk) -> None:
    expert = desk.api.users["expert"]
    urgent = await desk.ticket(priority=Priority.URGENT, title="Stok minus", description="selisih opname")
    await desk.ticket(WAYAN, status=TicketStatus.SOLVED, expert_id=expert, solution_kept=True)

    assert await desk.seen("expert", status=["open", "in_review"]) == [urgent]
    assert await desk.seen("expert", priority="urgent", search="opn stok") == [urgent]
    assert await desk.seen("expert", search="opname kasir") == []
    assert await desk.seen("expert", holder_id=expert) == [2]
    page = (await desk.get("expert", "/api/tickets", limit=1, offset=1)).json()
    assert (page["total"], [one["id"] for one in page["items"]]) == (2, [urgent])
    numbers = (await desk.get("expert", f"{TICKETS}/summary")).json()
    assert (numbers["total"], numbers["urgent_unsolved"], numbers["kept_share"]) == (2, 1, 1.0)
    assert numbers["by_status"] == {"open": 1, "solved": 1}


async def test_a_ticket_is_opened_once_with_the_effect_for_a_priority(desk: Desk) -> None:
    body = {
        "description": "Kasir mati\nsejak pagi",
        "effect": "down",
        "module_id": desk.module,
        "category_id": desk.category,
    }
    headers = desk.api.as_("customer", "k1")
    answers = [await desk.api.http.post("/api/tickets", json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert answers[0].json() == answers[1].json()

    state = desk.api.gateway.calls[0].given[0]
    assert (state.priority, state.title, state.source) == ("urgent", "Kasir mati", "customer")
    assert state.customer_id == state.opened_by == desk.api.users["customer"]
    assert (state.policy.solution_s, state.policy.calendar.always) == (4 * 3600.0, True)

    refused: dict[str, tuple[dict[str, Any], int]] = {
        "customer": ({"internal": True}, 403),
        "tech": ({"pharmacy_id": desk.pharmacies[SARI]}, 403),
        "expert": ({"pharmacy_id": desk.pharmacies[SARI], "customer_id": desk.api.users["customer_2"]}, 422),
        "colleague": ({"module_id": 999_999}, 422),
    }
    for person, (changes, status) in refused.items():
        answer = await desk.api.http.post(TICKETS, json=body | changes, headers=desk.api.as_(person))
        assert answer.status_code == status, (person, answer.text)


async def test_a_status_is_a_verb_of_the_table_or_409(desk: Desk) -> None:
    ticket = await desk.ticket()
    review = await desk.ticket(status=TicketStatus.IN_REVIEW, expert_id=desk.api.users["expert"])
    solved = await desk.ticket(status=TicketStatus.SOLVED)
    tech = desk.api.users["tech"]
    asked: list[tuple[str, int, dict[str, Any], str | int]] = [
        ("expert", ticket, {"status": "in_review"}, "take"),
        ("expert", ticket, {"status": "solved"}, 409),
        ("expert", review, {"tech_id": tech, "note": "driver"}, "forward"),
        ("expert", review, {"status": "waiting_customer", "note": "versi?"}, "ask"),
        ("expert", review, {"priority": "urgent", "reason": "kasir mati"}, "sort"),
        ("expert", review, {"expert_id": desk.api.users["expert_2"]}, "hand_over"),
        ("expert", review, {"expert_id": desk.api.users["customer"]}, 422),
        ("expert", review, {"status": "solved", "rating": 5}, 422),
        ("expert", review, {"merged_into": f"PD-{ticket:06}"}, "merge"),
        ("expert", solved, {"status": "closed", "reason": "test"}, "close"),
        ("customer", solved, {"status": "closed"}, "confirm"),
        ("customer", solved, {"status": "in_review", "note": "belum"}, "reopen"),
        ("customer", solved, {"rating": 4}, "rate"),
        ("customer", ticket, {}, 422),
    ]
    for person, number, body, expected in asked:
        before = len(desk.api.gateway.calls)
        answer = await desk.change(person, number, **body)
        if isinstance(expected, int):
            assert (answer.status_code, len(desk.api.gateway.calls)) == (expected, before), (
                body,
                answer.text,
            )
            continue
        assert answer.status_code == 200, (body, answer.text)
        command = desk.api.gateway.calls[-1].given[1]
        assert command.move == expected
        assert command.actor_is_staff == (person == "expert")
    assert command.rating == 4


async def test_a_file_comes_in_once_and_goes_for_good(desk: Desk) -> None:
    ticket = await desk.ticket()
    for content, kind in (
        (jpeg(), "image/jpeg"),
        (b"%PDF-1.7 x", "application/pdf"),
        (b"<html>", "text/plain"),
    ):
        answer = await desk.api.http.post(
            f"{TICKETS}/{ticket}/attachments",
            files={"file": ("a.html", content)},
            headers=desk.api.as_("customer"),
        )
        assert answer.status_code == 201, answer.text
        [file_id] = desk.api.gateway.calls[-1].given[1].file_ids
        got = await desk.get("helpdesk_admin", f"/api/v1/files/{file_id}")
        assert got.headers["content-type"].split(";")[0] == kind
        assert got.headers["content-disposition"] == ("attachment" if kind == "text/plain" else "inline")
    for content, status in ((b"", 422), (b"x" * (21 * 1024 * 1024), 413)):
        answer = await desk.api.http.post(
            f"{TICKETS}/{ticket}/attachments", content=content, headers=desk.api.as_("customer")
        )
        assert answer.status_code == status
    line = (await desk.get("expert", f"{TICKETS}/{ticket}/attachments")).json()[0]["id"]
    gone = await desk.api.http.delete(
        f"{TICKETS}/{ticket}/attachments/{line}", headers=desk.api.as_("expert")
    )
    assert gone.status_code == 200
    assert desk.api.gateway.calls[-1].given[1].attachment_id == line


async def test_an_admin_takes_a_closed_ticket_off_the_lists_and_an_open_one_is_closed(desk: Desk) -> None:
    open_one = await desk.ticket()
    closed = await desk.ticket(status=TicketStatus.CLOSED, closed_at=datetime.now(UTC))

    asked = await desk.api.http.delete(
        f"{TICKETS}/{open_one}", params={"reason": "spam"}, headers=desk.api.as_("expert")
    )
    assert asked.status_code == 200
    assert (desk.api.gateway.calls[-1].given[1].move, desk.api.gateway.calls[-1].given[1].reason) == (
        "close",
        "spam",
    )
    refused = await desk.api.http.delete(f"{TICKETS}/{closed}", headers=desk.api.as_("expert"))
    assert refused.status_code == 403
    gone = await desk.api.http.delete(f"{TICKETS}/{closed}", headers=desk.api.as_("helpdesk_admin"))
    assert gone.status_code == 200
    assert await desk.seen("helpdesk_admin") == [open_one]
