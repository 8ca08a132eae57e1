"""Measures and status by HTTP and in /metrics: counted from rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text, update

from db.models.assignments import AssignmentPhoto, TechnicianAssignment
from db.models.chat import Delivery
from db.models.core import Number
from db.models.team import SatisfactionAnswer
from db.session import SYSTEM
from domain.assignments import AssignmentStatus
from domain.chat import DeliveryClass, DeliveryState, Loudness, SendPriority
from tests.webhooks.attempts import photo
from tests.webhooks.conftest import Api
from tests.webhooks.pictures import jpeg

PATH = "/api/v1/admin/measures"


async def measures(api: Api, person: str = "admin", **params: str) -> dict[str, Any]:
    answer = await api.http.get(PATH, params=params, headers=api.as_(person))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def deliver(api: Api, person: str, state: DeliveryState, **more: object) -> None:
    row = {
        "user_id": api.users[person],
        "template": "assignment_reminder",
        "source": f"test-{state}",
        "priority": SendPriority.CARD,
        "loudness": Loudness.SOUND,
        "delivery_class": DeliveryClass.CHATTER,
        "state": state,
    }
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(insert(Delivery).values(**row | more))


async def write(api: Api, *statements: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
    async with api.database.transaction(SYSTEM) as session:
        for statement in statements:
            await session.execute(statement)


async def photos_of(api: Api, task: int) -> None:
    """Send a good photo, two that are none, and the good one again."""
    taken = await photo(api, jpeg())
    kept = {"assignment_id": task, "file_id": taken.json()["file_id"], "taken_at": datetime.now(UTC)}
    # The activity's row, which the recording gateway does not write.
    await write(api, insert(AssignmentPhoto).values(organization_id=api.organizations["admin"], **kept))
    refused = [await photo(api, content) for content in (b"no picture", b"nothing", jpeg())]
    codes = ["not_a_photo", "not_a_photo", "photo_already_used"]
    assert [answer.json()["code"] for answer in refused] == codes


async def tasks_asked_for(api: Api, task: int) -> None:
    """Reserve a number that became a task, one that never did, and one that is on its way."""
    now = datetime.now(UTC)
    for number, age in ((task, 60), (999_999, 60), (999_998, 0)):
        row = {"kind": "assignment", "source": f"test-{number}", "number": number}
        made = {"organization_id": api.organizations["admin"], "created_at": now - timedelta(minutes=age)}
        await write(api, insert(Number).values(**row, **made))


async def completed(api: Api, task: int) -> None:
    """Let a task have been made 300 minutes before its completion and begun 90 minutes before."""
    done = datetime.now(UTC) - timedelta(minutes=5)
    times = {
        "created_at": done - timedelta(minutes=300),
        "started_at": done - timedelta(minutes=90),
        "completed_at": done,
    }
    change = update(TechnicianAssignment).where(TechnicianAssignment.id == task)
    await write(api, change.values(status=AssignmentStatus.COMPLETED, **times))


async def asked_how_content(api: Api) -> None:
    now = datetime.now(UTC)
    for month, stars in ((9, 5), (10, 4), (11, None)):
        who = {"organization_id": api.organizations["admin"], "user_id": api.users["technician"]}
        said = {"stars": stars, "asked_at": now, "answered_at": now if stars else None}
        await write(api, insert(SatisfactionAnswer).values(**who, **said, month=date(2026, month, 1)))


async def test_measures_count_what_the_seed_wants_in_the_own_organization(api: Api) -> None:
    assert (await measures(api))["uploads"] == {"good": 0, "all": 0, "share": None}
    task = await api.assignment()
    await photos_of(api, task)
    await tasks_asked_for(api, task)
    await completed(api, task)
    await asked_how_content(api)
    await deliver(api, "technician", DeliveryState.SENT)
    await deliver(api, "technician", DeliveryState.FAILED)
    await deliver(api, "technician", DeliveryState.DROPPED)
    await deliver(api, "technician", DeliveryState.UNCERTAIN, priority=SendPriority.REPLY)
    await deliver(api, "tenant", DeliveryState.FAILED)

    today = datetime.now(UTC).date()
    days = {"from": f"{today - timedelta(days=2)}", "to": f"{today + timedelta(days=1)}"}
    found = await measures(api, **days)
    assert (found["uploads"]["good"], found["uploads"]["all"]) == (1, 3)
    assert found["creations"] == {"good": 1, "all": 2, "share": 0.5}
    assert found["deliveries"] == {"good": 1, "all": 2, "share": 0.5}
    assert (found["completed"], round(found["work_minutes"]), round(found["lead_minutes"])) == (1, 90, 300)
    assert (found["satisfaction"]["good"], found["satisfaction"]["all"], found["stars"]) == (2, 3, 4.5)
    assert (await measures(api, **{"from": "2020-01-01", "to": "2020-12-31"}))["completed"] == 0
    assert (await measures(api, "super_admin", **days))["deliveries"]["all"] == 3

    figures = (await api.http.get("/metrics")).text
    assert 'siaga_success_ratio{what="creation"} 0.5' in figures
    assert "siaga_completed_tasks 1.0" in figures
    assert "siaga_task_minutes 90.0" in figures
    assert "siaga_satisfaction_stars 4.5" in figures


async def test_bad_days_and_foreign_tenants_are_refused(api: Api) -> None:
    foreign = {"organization_id": api.organizations["tenant"]}

    assert (await api.http.get(PATH, params=foreign, headers=api.as_("admin"))).status_code == 403
    for params in ({"from": "soon"}, {"from": "2026-12-01", "to": "2026-11-01"}, {"from": "1999-01-01"}):
        answer = await api.http.get(PATH, params=params, headers=api.as_("admin"))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_status_names_who_is_not_reached(api: Api) -> None:
    await deliver(api, "operator", DeliveryState.FAILED)
    await api.assignment(status=AssignmentStatus.PENDING)
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            text("delete from telegram_accounts where user_id = :user"), {"user": api.users["operator"]}
        )
    answer = (await api.http.get("/api/v1/admin/status", headers=api.as_("admin"))).json()

    assert [(one["name"], one["blocked"], one["missed"]) for one in answer["unreachable"]] == [
        ("Operator", False, 1)
    ]
    assert (answer["temporal"], answer["failed"], answer["overdue"], answer["offline"]) == (True, 1, 1, 0)
    api.gateway.well = False
    assert not (await api.http.get("/api/v1/admin/status", headers=api.as_("admin"))).json()["temporal"]
