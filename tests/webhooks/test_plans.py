"""Plans and the calendar by HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from db.session import SYSTEM
from tests.webhooks.conftest import Api

PLANS = "/api/v1/admin/maintenance-plans"
CALENDAR = "/api/v1/admin/calendar"


def wish(api: Api, **changes: object) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "rvm_machine_id": api.machines[0],
        "task_type": "maintenance",
        "rule": "every_days",
        "starts_on": today.isoformat(),
        "every_days": 10,
        "time_of_day": "09:00",
        "asks": "person",
        "people": [api.users["technician"]],
    } | changes


async def test_a_plan_is_made_once_changed_and_deleted_and_its_schedule_follows(api: Api) -> None:
    made = await api.http.post(PLANS, json=wish(api), headers=api.as_("admin", "k1"))
    again = await api.http.post(PLANS, json=wish(api), headers=api.as_("admin", "k1"))
    assert made.status_code == 201, made.text
    assert made.json() == again.json()
    number, place = made.json()["id"], made.headers["location"]
    assert (made.json()["ahead_days"], made.json()["active"]) == (1, True)
    assert datetime.fromisoformat(made.json()["next_due"]) > datetime.now(UTC)
    assert api.gateway.calls[0].given[1].plan_id == number

    paused = await api.http.put(place, json=wish(api, active=False), headers=api.as_("admin"))
    assert (paused.json()["active"], paused.json()["next_due"]) == (False, None)
    assert api.gateway.calls[-1].given == (number, None)
    listed = await api.http.get(PLANS, params={"active": True}, headers=api.as_("admin"))
    assert listed.json()["total"] == 0

    for _ in range(2):
        gone = await api.http.delete(place, headers=api.as_("admin", "k2"))
        assert gone.status_code in (204, 404)
    assert (await api.http.get(place, headers=api.as_("admin"))).status_code == 404


async def test_a_plan_that_makes_no_sense_is_refused_with_the_reason(api: Api) -> None:
    await api.http.post(PLANS, json=wish(api), headers=api.as_("admin"))
    for changes, problem in (
        ({"every_days": 1}, "same_day"),
        ({"rule": "weekdays"}, "range"),
        ({"starts_on": "2099-01-01"}, "range"),
        ({"ahead_days": 10, "rvm_machine_id": api.machines[1]}, "range"),
        ({"people": [api.users["john"]], "rvm_machine_id": api.machines[1]}, "no_such_technician"),
        ({"people": [], "rvm_machine_id": api.machines[1]}, "missing"),
    ):
        answer = await api.http.post(PLANS, json=wish(api, **changes), headers=api.as_("admin"))
        assert (answer.status_code, answer.json().get("problem")) == (422, problem), answer.text


async def test_another_organizations_plans_are_not_there(api: Api) -> None:
    place = (await api.http.post(PLANS, json=wish(api), headers=api.as_("admin"))).headers["location"]
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update memberships set organization_id = :partner where user_id = :admin"),
            {"partner": api.organizations["tenant"], "admin": api.users["admin"]},
        )

    headers = api.as_("admin")
    assert (await api.http.get(place, headers=headers)).status_code == 404
    assert (await api.http.delete(place, headers=headers)).status_code == 404
    assert (await api.http.post(PLANS, json=wish(api), headers=headers)).status_code == 404
    assert (await api.http.get(PLANS, headers=headers)).json()["total"] == 0
    assert (await api.http.get(CALENDAR, headers=headers)).json() == []


async def test_the_calendar_shows_tasks_and_what_is_planned(api: Api) -> None:
    task = await api.assignment()
    await api.http.post(PLANS, json=wish(api), headers=api.as_("admin"))
    now = datetime.now(UTC)

    coming = (await api.http.get(CALENDAR, headers=api.as_("admin"))).json()
    around = await api.http.get(
        CALENDAR,
        params={"from": (now - timedelta(days=20)).isoformat(), "to": (now + timedelta(days=40)).isoformat()},
        headers=api.as_("admin"),
    )
    assert {entry["plan_id"] is not None for entry in coming} == {True}
    assert 2 <= len(coming) <= 3
    assert task in [entry["assignment_id"] for entry in around.json()]
    assert around.json() == sorted(around.json(), key=lambda entry: entry["at"])
    for span in (0, 63):
        until = (now + timedelta(days=span)).isoformat()
        refused = await api.http.get(
            CALENDAR, params={"from": now.isoformat(), "to": until}, headers=api.as_("admin")
        )
        assert refused.status_code == 422
