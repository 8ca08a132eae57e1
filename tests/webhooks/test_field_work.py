"""Field work by HTTP: whom a task goes to, access to machines, proof of arrival, checklists."""

from datetime import datetime
from uuid import UUID

import httpx
from sqlalchemy import insert

from db.models.access import MachineGrant
from db.session import SYSTEM
from domain.access import GrantSource
from domain.arrivals import ArrivalMethod
from domain.assignments import TaskType
from tests.webhooks.conftest import Api
from tests.webhooks.test_moves import CREATE, LATER, order


async def test_a_task_goes_to_a_list_or_to_everybody_with_access(api: Api) -> None:
    field = [api.users["operator"], api.users["technician"]]
    grant = insert(MachineGrant).values(
        organization_id=api.organizations["admin"],
        user_id=api.users["operator"],
        rvm_machine_id=api.machines[0],
        source=GrantSource.MANUAL,
    )

    async def asked(**offer: object) -> tuple[list[int], list[int], str] | str:
        body = order(api, **offer)
        del body["assigned_to"]
        answer = await api.http.post(CREATE, json=body, headers=api.as_("admin"))
        if answer.status_code != 201:
            return str(answer.json()["problem"])
        state = api.gateway.calls[-1].given[0]
        return [one.user_id for one in state.asked], [one.user_id for one in state.waiting], state.mode

    assert await asked(user_ids=field) == (field, [], "pool")
    assert await asked(offer_to="list", user_ids=field, offer_mode="one") == (field[:1], field[1:], "one")
    assert await asked(offer_to="access") == "nobody_has_access"
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(grant)
    assert await asked(offer_to="access") == ([api.users["operator"]], [], "pool")
    assert await asked(offer_to="person", user_ids=field) == "needs_its_people"
    assert await asked(user_ids=[api.users["admin"]]) == "no_such_technician"
    assert await asked(scheduled_date="2026-01-12T09:00:00+07:00") == "in_past"


async def test_access_is_given_and_taken_back_by_hand(api: Api) -> None:
    path, boss = "/api/v1/admin/grants", api.as_("super_admin")
    body = {"user_id": api.users["technician"], "rvm_machine_id": api.machines[0]}

    async def give(person: str = "super_admin", **changes: object) -> httpx.Response:
        return await api.http.post(path, json=body | changes, headers=api.as_(person))

    given = await give(expires_at=LATER)
    assert given.status_code == 201, given.text
    assert (given.json()["source"], given.json()["machine_name"]) == ("manual", "RVM Mall Grand Indonesia")
    assert (await give()).json()["id"] == given.json()["id"]  # only its end is another
    assert (await give("admin")).status_code == 403
    assert (await give(user_id=api.users["john"])).json()["problem"] == "no_such_technician"
    assert (await give(expires_at="2026-01-12T09:00:00Z")).json()["problem"] == "in_past"
    seen = (await api.http.get("/api/v1/rvm-machines", headers=api.as_("technician"))).json()
    assert [one["id"] for one in seen["items"]] == [api.machines[0]]

    number = given.json()["id"]
    answers = [(await api.http.delete(f"{path}/{number}", headers=boss)).status_code for _ in range(2)]
    assert answers == [204, 204]
    assert (await api.http.get(path, params=body, headers=boss)).json()["total"] == 0


async def test_a_start_shows_its_proof_and_the_code_of_another_machine_is_none(api: Api) -> None:
    path = f"/api/v1/technician/assignments/{await api.assignment()}"
    detail = (await api.http.get(path, headers=api.as_("technician"))).json()
    assert (detail["arrival"], detail["checklist"], detail["parent_assignment_id"]) == (None, [], None)

    async def start(**proof: object) -> httpx.Response:
        return await api.http.put(f"{path}/start", json=proof, headers=api.as_("technician"))

    await start(method="qr", machine_uuid=detail["machine_uuid"])
    await start(method="live", latitude=-6.2, longitude=106.8, accuracy_m=12, at="2026-03-01T09:00:00+07:00")
    other = await start(method="qr", machine_uuid=str(UUID(int=1)))

    qr, live = (call.given[1].proof for call in api.gateway.calls)
    assert qr.method == ArrivalMethod.QR
    assert (live.method, live.latitude, live.accuracy_m) == (ArrivalMethod.LIVE, -6.2, 12)
    assert live.at == datetime.fromisoformat("2026-03-01T09:00:00+07:00")
    assert (other.status_code, other.json()["problem"]) == (422, "other_machine")


async def test_an_organization_asks_for_steps_of_its_own(api: Api) -> None:
    path = "/api/v1/admin/checklists"
    general = (await api.http.get(path, headers=api.as_("admin"))).json()
    assert [one["task_type"] for one in general] == list(TaskType)
    assert not any(one["own"] for one in general)
    steps = [
        {
            "code": "heat",
            "label_id": "Suhu",
            "label_en": "Heat",
            "kind": "number",
            "maximum": 55,
            "unit": "°C",
        },
        {"code": "power", "label_id": "Listrik", "label_en": "Power", "critical": True},
    ]

    async def put(items: list[dict[str, object]], person: str = "admin") -> httpx.Response:
        return await api.http.put(f"{path}/repair", json={"items": items}, headers=api.as_(person))

    changed = await put(steps)
    assert changed.status_code == 200, changed.text
    assert changed.json()["own"] is True
    assert [one["code"] for one in changed.json()["items"]] == ["heat", "power"]
    assert (await put([*steps, steps[0]])).status_code == 422
    assert (await put([steps[1] | {"minimum": 1}])).status_code == 422
    assert (await put(steps, "technician")).status_code == 403
