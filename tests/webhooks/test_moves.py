"""Moves by HTTP: what reaches the gateway, and what a repeat does."""

from datetime import datetime

import pytest

from domain.assignments import AssignmentMove, AssignmentStatus
from domain.checklists import ChecklistAnswer, CheckOutcome
from domain.errors import AlreadyTaken
from domain.ids import http_source, uuid_from_source
from domain.machines import MachineMove
from tests.webhooks.conftest import Api

LATER = "2126-01-13T09:00:00+07:00"
OK = ChecklistAnswer("power", CheckOutcome.OK)
CREATE = "/api/v1/admin/assignments/create"


def order(api: Api, **changes: object) -> dict[str, object]:
    return {
        "rvm_machine_id": api.machines[0],
        "task_type": "repair",
        "priority": "urgent",
        "scheduled_date": "2126-01-12T09:00:00+07:00",
        "assigned_to": api.users["technician"],
        "description": "Belt <b>stuck</b> 🙏",
    } | changes


async def test_creating_an_assignment_offers_it(api: Api) -> None:
    answer = await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))

    assert answer.status_code == 201, answer.text
    call = api.gateway.calls[0]
    state = call.given[0]
    assert call.source == http_source(f"user-{api.users['admin']}", f"POST {CREATE}", "k1")
    assert [one.name for one in state.asked] == ["Technician"]
    assert (state.policy.offer_stands_s, state.expected_minutes) == (300, 120)
    assert answer.headers["location"] == f"/api/v1/admin/assignments/{state.assignment_id}"


async def test_a_repeat_with_the_same_key_is_the_same_assignment(api: Api) -> None:
    first = await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))
    again = await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))
    other = await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k2"))

    assert first.json() == again.json()
    assert other.json()["assignment_id"] != first.json()["assignment_id"]
    assert api.gateway.calls[0].source == api.gateway.calls[1].source


async def test_the_same_key_with_another_body_is_refused(api: Api) -> None:
    await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))
    answer = await api.http.post(CREATE, json=order(api, priority="low"), headers=api.as_("admin", "k1"))

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert len(api.gateway.calls) == 1


async def test_a_refused_body_does_not_use_up_its_key(api: Api) -> None:
    await api.http.post(CREATE, json=order(api, task_type="dance"), headers=api.as_("admin", "k1"))
    answer = await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))

    assert answer.status_code == 201


async def test_the_key_of_one_person_is_not_the_key_of_another(api: Api) -> None:
    await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))
    answer = await api.http.post(
        CREATE, json=order(api, priority="low"), headers=api.as_("super_admin", "k1")
    )

    assert answer.status_code == 201


async def test_an_outcome_not_known_yet_is_202_with_a_place_to_look(api: Api) -> None:
    api.gateway.silent = True
    answer = await api.http.post(CREATE, json=order(api), headers=api.as_("admin", "k1"))

    assert answer.status_code == 202
    assert answer.json()["status"] == "noted"
    assert answer.headers["location"] == answer.json()["status_url"]
    assert "retry-after" in answer.headers


async def test_a_refusal_of_the_workflow_is_a_problem_with_its_details(api: Api) -> None:
    api.gateway.refusal = AlreadyTaken(holder="Ana")
    path = f"/api/v1/technician/assignments/{await api.assignment()}/accept"
    answer = await api.http.put(path, headers=api.as_("technician"))

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["holder"]) == ("already_taken", "Ana")


@pytest.mark.parametrize(
    ("verb", "body", "move", "expected"),
    [
        ("accept", None, AssignmentMove.ACCEPT, {}),
        ("start", {"reason": "no signal"}, AssignmentMove.START, {"proof": None, "reason": "no signal"}),
        ("start", None, AssignmentMove.START, {"proof": None}),
        ("check", {"answers": [{"code": "power"}]}, AssignmentMove.CHECK, {"answers": [OK]}),
        ("undo", None, AssignmentMove.UNDO, {}),
        (
            "postpone",
            {"scheduled_date": LATER, "reason": "traffic"},
            AssignmentMove.POSTPONE,
            {"scheduled_date": datetime.fromisoformat(LATER), "reason": "traffic"},
        ),
        ("decline", {"reason": "busy"}, AssignmentMove.DECLINE, {"reason": "busy"}),
        ("hand-back", {"reason": "other", "note": "sick"}, AssignmentMove.HAND_BACK, {"note": "sick"}),
        ("complete", {"completion_notes": "done"}, AssignmentMove.COMPLETE, {"note": "done"}),
    ],
)
async def test_a_technicians_verb_reaches_the_workflow(
    api: Api, verb: str, body: dict[str, object] | None, move: AssignmentMove, expected: dict[str, object]
) -> None:
    number = await api.assignment()
    path = f"/api/v1/technician/assignments/{number}/{verb}"
    answer = await api.http.put(path, json=body, headers=api.as_("technician"))

    assert answer.status_code == 200, answer.text
    asked_for, command = api.gateway.calls[0].given
    assert (asked_for, command.move, command.actor_id) == (number, move, api.users["technician"])
    assert not command.actor_may_manage
    assert {name: getattr(command, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("body", "move"),
    [
        ({"status": "cancelled", "reason": "closed today"}, AssignmentMove.CANCEL),
        ({"scheduled_date": LATER}, AssignmentMove.RESCHEDULE),
        ({"priority": "urgent"}, AssignmentMove.PRIORITIZE),
        ({"assigned_to": "operator"}, AssignmentMove.OFFER),
        ({"assigned_to": "operator", "status": "pending"}, AssignmentMove.OFFER),
    ],
)
async def test_put_on_an_assignment_is_a_verb(
    api: Api, body: dict[str, object], move: AssignmentMove
) -> None:
    if "assigned_to" in body:
        body = body | {"assigned_to": api.users["operator"]}
    path = f"/api/v1/admin/assignments/{await api.assignment()}"
    answer = await api.http.put(path, json=body, headers=api.as_("admin"))

    assert answer.status_code == 200, answer.text
    command = api.gateway.calls[0].given[1]
    assert (command.move, command.actor_may_manage) == (move, True)


async def test_deleting_an_assignment_cancels_it(api: Api) -> None:
    path = f"/api/v1/admin/assignments/{await api.assignment()}"
    answer = await api.http.delete(path, params={"reason": "double"}, headers=api.as_("admin"))

    assert answer.status_code == 200
    assert api.gateway.calls[0].given[1].move == AssignmentMove.CANCEL


async def test_lists_are_filtered_and_paged(api: Api) -> None:
    numbers = [await api.assignment() for _ in range(3)]
    await api.assignment("operator", AssignmentStatus.ACCEPTED)
    path = "/api/v1/admin/assignments"

    async def listed(**params: object) -> tuple[int, list[int]]:
        answer = (await api.http.get(path, params=params, headers=api.as_("admin"))).json()  # type: ignore[arg-type]
        return answer["total"], [one["id"] for one in answer["items"]]

    assert await listed(status="pending", limit=2) == (3, numbers[:2])
    assert await listed(status="pending", limit=2, offset=2) == (3, numbers[2:])
    assert (await listed(status=["pending", "accepted"]))[0] == 4
    assert (await listed(assigned_to=api.users["operator"]))[0] == 1
    assert (await listed(rvm_machine_id=api.machines[1]))[0] == 0
    assert (await listed(scheduled_to="2100-01-01T00:00:00Z", overdue=False))[0] == 4
    assert (await listed(scheduled_from="2100-01-01T00:00:00Z"))[0] == 0
    assert (await listed(overdue=True))[0] == 0


async def test_registering_a_machine_gives_the_setup_code(api: Api) -> None:
    body = {
        "name": "RVM Blok M",
        "latitude": -6.2,
        "longitude": 106.8,
        "installer_id": api.users["technician"],
    }
    answer = await api.http.post("/api/v1/rvm-machines", json=body, headers=api.as_("admin", "k1"))

    assert answer.status_code == 201, answer.text
    call = api.gateway.calls[0]
    assert call.given[0].machine_uuid == uuid_from_source(call.source)
    assert call.given[0].installer_name == "Technician"
    assert answer.json()["setup_code"] == api.cipher.setup_code(call.given[0].machine_uuid)


async def test_a_machines_columns_are_written_at_once_and_its_status_is_a_verb(api: Api) -> None:
    path = f"/api/v1/rvm-machines/{api.machines[0]}"
    body = {"name": "RVM Thamrin", "capacity": 700, "status": "full"}
    answer = await api.http.put(path, json=body, headers=api.as_("admin"))

    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["capacity"]) == ("RVM Thamrin", 700)
    assert api.gateway.calls[0].given[1].move == MachineMove.FILL


async def test_retiring_a_machine_is_a_move(api: Api) -> None:
    path = f"/api/v1/rvm-machines/{api.machines[0]}"
    answer = await api.http.delete(path, headers=api.as_("admin"))

    assert answer.status_code == 200
    assert api.gateway.calls[0].given[1].move == MachineMove.RETIRE


async def test_the_super_admin_acts_in_every_organization(api: Api) -> None:
    body = {"name": "RVM", "latitude": 0, "longitude": 0, "organization_id": api.organizations["tenant"]}
    answer = await api.http.post("/api/v1/rvm-machines", json=body, headers=api.as_("super_admin"))

    assert answer.status_code == 201, answer.text
    assert api.gateway.calls[0].given[0].organization_id == api.organizations["tenant"]
