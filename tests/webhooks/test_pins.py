"""Maintenance PINs over HTTP: who gets one, what the box is told, what it tells, and what the log keeps."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from db.models.access import MachineGrant
from db.models.core import AuditEvent, MembershipRow, User
from db.models.machines import RvmMachine
from db.models.pins import MaintenancePin, MaintenanceSlot
from db.queries.pins import last_opening
from db.session import SYSTEM
from domain.access import GrantSource
from domain.assignments import AssignmentStatus
from domain.onboarding import OnboardingStep
from domain.pins import PinId, PinOutcome, opened_by, pin_key, window_of
from tests.webhooks.boxes import beat
from tests.webhooks.conftest import Api
from webhooks import signatures

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
async def granted(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The technician may enter the first machine, and the door remembers no box for longer than a request."""
    monkeypatch.setattr(signatures, "CACHED_S", 0.0)
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            insert(MachineGrant).values(
                organization_id=api.organizations["technician"],
                user_id=api.users["technician"],
                rvm_machine_id=api.machines[0],
                source=GrantSource.MANUAL,
            )
        )


async def ask(api: Api, who: str = "technician", place: str = "", key: str | None = None) -> Any:  # noqa: ANN401
    """Ask for a PIN; ``place`` is the route below ``/technician``."""
    path = place or f"rvm-machines/{api.machines[0]}"
    return await api.http.post(f"/api/v1/technician/{path}/pin", headers=api.as_(who, key))


async def keypad(api: Api) -> Any:  # noqa: ANN401
    """Return what the box is told."""
    return (await api.box.get("/api/v1/edge/config")).json()


async def used(api: Api, sequence: int, pin: PinId, **more: object) -> None:
    entry = {"sequence": sequence, "kind": "pin_used", "at": datetime.now(UTC).isoformat()}
    data = {"slot": pin.slot, "window": pin.window, "tries": 0, "bolt": True} | more
    assert (await api.box.beat(beat(entries=[entry | {"data": data}]))).json()["ack"] == sequence


async def story(api: Api) -> list[tuple[str, int | None, dict[str, Any]]]:
    async with api.database.transaction(SYSTEM) as session:
        rows = await session.scalars(
            select(AuditEvent).where(AuditEvent.action.startswith("pin_")).order_by(AuditEvent.id)
        )
        return [(row.action, row.actor_id, row.details) for row in rows]


async def test_a_granted_technician_gets_a_pin_that_the_box_knows(api: Api) -> None:
    before = datetime.now(UTC)
    answer = await ask(api)
    after = datetime.now(UTC)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    opened = opened_by(pin_key(api.box.secret), told["pin"], after)
    assert opened in (PinId(0, window_of(before)), PinId(0, window_of(after)))
    assert datetime.fromisoformat(told["valid_from"]) <= after - timedelta(minutes=15)
    assert datetime.fromisoformat(told["valid_to"]) >= before + timedelta(hours=2)
    assert (await keypad(api))["keypad"] == {"people": [{"slot": 0, "name": "Technician"}], "revoked": []}
    ((action, actor, details),) = await story(api)
    assert (action, actor) == ("pin_issued", api.users["technician"])
    assert told["pin"] not in str(details)


async def test_a_machine_that_is_not_theirs_and_roles_without_the_right_are_refused(api: Api) -> None:
    other = await ask(api, place=f"rvm-machines/{api.machines[1]}")
    operator = await ask(api, "operator")
    admin = await ask(api, "admin")
    foreign = await ask(api, place="rvm-machines/999999")
    task = await api.assignment("operator", AssignmentStatus.ACCEPTED)
    unasked = await ask(api, "operator", f"assignments/{task}")

    assert (other.status_code, other.json()["code"]) == (403, "no_access")
    assert other.json()["machine"]
    assert operator.json()["code"] == unasked.json()["code"] == "no_access"
    assert admin.json()["code"] == "not_allowed"
    assert foreign.status_code == 404
    assert await story(api) == []


@pytest.mark.parametrize("ends", [{"revoked_at": func.now()}, {"expires_at": func.now()}])
async def test_a_grant_that_ended_gives_no_pin(api: Api, ends: dict[str, Any]) -> None:
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(update(MachineGrant).values(**ends))

    assert (await ask(api)).json()["code"] == "no_access"


async def test_a_machine_without_a_box_says_so(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(update(RvmMachine).values(onboarding_step=OnboardingStep.WAITING_HANDSHAKE))

    assert (await ask(api)).json()["code"] == "keypad_not_ready"


async def test_the_visit_begins_as_planned_until_work_has_begun(api: Api) -> None:
    task = await api.assignment(status=AssignmentStatus.ACCEPTED)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    change = "update technician_assignments set scheduled_date = :at, status = :status where id = :id"
    starts = []
    for status in ("accepted", "in_progress"):
        async with api.database.transaction(SYSTEM) as session:
            await session.execute(text(change), {"at": tomorrow, "status": status, "id": task})
        by_card = await ask(api, place=f"assignments/{task}")
        starts.append(datetime.fromisoformat(by_card.json()["valid_from"]))

    assert abs(starts[0] - tomorrow) < timedelta(minutes=31)
    assert abs(starts[1] - datetime.now(UTC)) < timedelta(minutes=31)
    async with api.database.transaction(SYSTEM) as session:
        assert set(await session.scalars(select(MaintenancePin.assignment_id))) == {task}
        assert await session.scalar(select(func.count()).select_from(MaintenanceSlot)) == 1


async def test_a_repeated_request_gets_the_same_pin_and_is_logged_once(api: Api) -> None:
    first, again = await ask(api, key="one"), await ask(api, key="one")

    assert first.json() == again.json()
    assert len(await story(api)) == 1


async def test_people_who_ask_at_the_same_moment_get_slots_of_their_own(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        copied = select(
            MachineGrant.organization_id,
            literal(api.users["operator"]),
            MachineGrant.rvm_machine_id,
            MachineGrant.source,
        )
        columns = ["organization_id", "user_id", "rvm_machine_id", "source"]
        await session.execute(insert(MachineGrant).from_select(columns, copied))

    answers = await asyncio.gather(*(ask(api, who) for who in ("technician", "operator") * 3))

    assert sorted(answer.json()["pin"][:2] for answer in answers) == ["00"] * 3 + ["01"] * 3


async def test_an_opening_reaches_the_log_the_story_and_the_card_once(api: Api) -> None:
    digits = (await ask(api)).json()["pin"]
    pin = opened_by(pin_key(api.box.secret), digits, NOW)
    assert pin is not None

    await used(api, 1, pin, tries=2)
    await used(api, 1, pin)

    issued, opened = await story(api)
    assert issued[0] == "pin_issued"
    assert opened[:2] == ("pin_used", api.users["technician"])
    assert opened[2]["note"] == "2"
    async with api.database.transaction(SYSTEM) as session:
        last = await last_opening(session, api.machines[0])
    assert last is not None
    assert (last.name, last.slot, last.outcome) == ("Technician", 0, PinOutcome.OPENED)
    assert abs(last.at - datetime.now(UTC)) < timedelta(minutes=1)


async def test_an_opening_nobody_was_issued_stands_out(api: Api) -> None:
    await used(api, 1, PinId(42, window_of(NOW)))

    ((action, actor, details),) = await story(api)
    assert (action, actor, details["note"]) == ("pin_unexpected", None, "42")


async def test_wrong_tries_are_told_now_and_then_and_nonsense_never_holds_the_spool_up(api: Api) -> None:
    now = datetime.now(UTC).isoformat()
    told: list[tuple[str, dict[str, Any]]] = [("pin_wrong", {"tries": tries}) for tries in range(1, 11)]
    nonsense: list[dict[str, Any]] = [{}, {"slot": "7", "window": 1}, {"slot": 7, "window": 10**15}]
    told += [("pin_used", data) for data in nonsense] + [("pin_wrong", {"tries": True})]
    entries = [
        {"sequence": place, "kind": kind, "at": now, "data": data}
        for place, (kind, data) in enumerate(told, start=1)
    ]

    answer = await api.box.beat(beat(entries=entries))

    assert answer.json()["ack"] == len(entries)
    assert [(action, details["note"]) for action, _, details in await story(api)] == [
        ("pin_wrong", "3"),
        ("pin_wrong", "10"),
    ]


@pytest.mark.parametrize("how", ["grant", "membership"])
async def test_whoever_loses_access_is_refused_by_the_box_at_its_next_look(api: Api, how: str) -> None:
    await ask(api)
    before = await keypad(api)
    technician = api.users["technician"]
    async with api.database.transaction(SYSTEM) as session:
        if how == "grant":
            await session.execute(update(MachineGrant).values(revoked_at=func.now()))
        else:
            await session.execute(
                update(MembershipRow)
                .where(MembershipRow.user_id == technician)
                .values(is_active=False, suspended_at=func.now())
            )

    after = await keypad(api)

    assert before["keypad"]["revoked"] == []
    assert after["keypad"]["revoked"] == [{"slot": 0, "window": window_of(datetime.now(UTC))}]
    assert after["config_version"] != before["config_version"]


async def test_slots_stay_with_people_and_the_longest_at_rest_gives_way_when_all_are_given(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        people = list(
            await session.scalars(
                insert(User).values([{"name": f"Former {n}"} for n in range(100)]).returning(User.id)
            )
        )
        rows = [
            {"rvm_machine_id": api.machines[0], "organization_id": 1, "slot": slot, "user_id": person}
            for slot, person in enumerate(people)
        ]
        await session.execute(insert(MaintenanceSlot).values(rows))
        valid = {"issued_at": NOW, "valid_from": NOW, "outcome": PinOutcome.ISSUED, "visit_window": 1}
        common = {"rvm_machine_id": api.machines[0], "organization_id": 1} | valid
        pins = [
            common | {"slot": slot, "user_id": person, "valid_to": NOW - timedelta(days=1 + (slot == 37))}
            for slot, person in enumerate(people)
        ]
        await session.execute(insert(MaintenancePin).values(pins))

    first, again = await ask(api), await ask(api)

    assert first.json()["pin"][:2] == again.json()["pin"][:2] == "37"
