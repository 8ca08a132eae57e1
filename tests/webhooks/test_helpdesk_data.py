"""The helpdesk's master data by HTTP: pharmacies, choices, answers, promises, calendars."""

from typing import Any

from sqlalchemy import select, text

from db.models.helpdesk import Pharmacy
from db.models.promises import Retiming
from db.session import SYSTEM
from domain.signing import secret_hash
from tests.webhooks.conftest import Api

V1 = "/api/v1"


async def ask(api: Api, person: str, method: str, path: str, key: str = "", **body: Any) -> Any:  # noqa: ANN401 - JSON
    answer = await api.http.request(
        method, f"{V1}{path}", json=body or None, headers=api.as_(person, key or None)
    )
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def status(api: Api, person: str, method: str, path: str, **body: Any) -> int:  # noqa: ANN401 - JSON
    answer = await api.http.request(method, f"{V1}{path}", json=body or None, headers=api.as_(person))
    return answer.status_code


async def test_a_pharmacy_is_made_once_and_its_code_is_shown_then_and_never_again(api: Api) -> None:
    admin = "helpdesk_admin"
    made = await ask(api, admin, "POST", "/pharmacies", "k1", name="Apotek Kimia Ceria", phone="021-1")
    assert (
        await ask(api, admin, "POST", "/pharmacies", "k1", name="Apotek Kimia Ceria", phone="021-1") == made
    )
    assert made["code"].startswith("KIMIA-")
    place = f"/pharmacies/{made['id']}"
    assert "code" not in await ask(api, admin, "GET", place)

    rotated = await ask(api, admin, "POST", f"{place}/code", "k2")
    assert rotated["code"] != made["code"]
    async with api.database.transaction(SYSTEM) as session:
        query = select(Pharmacy.code_hash).where(Pharmacy.id == made["id"])
        assert await session.scalar(query) == secret_hash(rotated["code"])

    changed = await ask(api, admin, "PUT", place, name="Apotek Ceria", phone=None, is_active=False)
    assert (changed["name"], changed["phone"], changed["is_active"]) == ("Apotek Ceria", None, False)
    assert await status(api, admin, "POST", f"{place}/code") == 404
    assert await status(api, admin, "PUT", place, pic_id=api.users["customer"]) == 422
    await ask(api, admin, "DELETE", place)
    assert await status(api, admin, "GET", place) == 404


async def test_only_admins_of_the_own_helpdesk_change_its_data(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        pharmacy = (await session.scalars(select(Pharmacy.id).limit(1))).one()
    for person in ("expert", "tech", "customer", "admin", "technician"):
        for method, path, body in (
            ("POST", "/pharmacies", {"name": "x"}),
            ("PUT", f"/pharmacies/{pharmacy}", {"name": "x"}),
            ("POST", f"/pharmacies/{pharmacy}/code", {}),
            ("DELETE", f"/pharmacies/{pharmacy}", {}),
        ):
            if (person, path) == ("admin", "/pharmacies"):
                continue  # makes one for the own organization
            assert await status(api, person, method, path, **body) in (403, 404), (person, method, path)
        if person != "admin":
            for path, body in (
                ("/ticket-modules", {"name": "x"}),
                ("/canned-answers", {"name": "x", "text_id": "x"}),
            ):
                assert await status(api, person, "POST", path, **body) == 403
            assert (
                await status(api, person, "PUT", "/sla-policies/low", first_answer_s=1, solution_s=2) == 403
            )
    assert await status(api, "customer", "GET", "/canned-answers") == 403


async def test_a_shared_module_is_renamed_or_switched_off_for_one_helpdesk_alone(api: Api) -> None:
    admin = "helpdesk_admin"
    shared = (await ask(api, "customer", "GET", "/ticket-modules"))[:2]
    renamed = await ask(api, admin, "PUT", f"/ticket-modules/{shared[0]['id']}", name="Kasir")
    assert renamed["organization_id"] == api.organizations[admin]
    assert renamed["keywords"] == shared[0]["keywords"]
    await ask(api, admin, "DELETE", f"/ticket-modules/{shared[1]['id']}")
    added = await ask(api, admin, "POST", "/ticket-modules", name="Member", name_en="Members")

    names = [one["name"] for one in await ask(api, "customer", "GET", "/ticket-modules")]
    assert {"Kasir", "Member"} <= set(names)
    assert not {shared[0]["name"], shared[1]["name"]} & set(names)
    elsewhere = [one["name"] for one in await ask(api, "admin", "GET", "/ticket-modules")]
    assert {shared[0]["name"], shared[1]["name"]} <= set(elsewhere)
    assert "Member" not in elsewhere
    assert await status(api, "admin", "PUT", f"/ticket-modules/{added['id']}", name="x") == 404


async def test_canned_answers_have_one_name_each(api: Api) -> None:
    admin = "helpdesk_admin"
    made = await ask(api, admin, "POST", "/canned-answers", name="halo", text_id="Halo", text_en="Hello")
    again = await ask(api, admin, "PUT", f"/canned-answers/{made['id']}", name="hai", text_id="Hai")
    assert (again["id"], again["name"], again["text_en"]) == (made["id"], "hai", "Hai")
    path = f"/canned-answers/{made['id']}"
    assert await status(api, admin, "PUT", path, name="restart", text_id="x") == 422
    await ask(api, admin, "DELETE", path)
    assert "hai" not in [one["name"] for one in await ask(api, "expert", "GET", "/canned-answers")]


async def test_a_changed_promise_makes_open_tickets_due_to_follow(api: Api) -> None:
    admin, organization = "helpdesk_admin", api.organizations["helpdesk_admin"]
    rows = await ask(api, "expert", "GET", "/sla-policies")
    assert (rows[0]["priority"], rows[0]["is_own"]) == ("urgent", False)
    own = await ask(api, admin, "PUT", "/sla-policies/high", "k", first_answer_s=600, solution_s=7200)
    assert (own["solution_s"], own["is_own"]) == (7200, True)
    for body in ({"first_answer_s": 2, "solution_s": 1}, {"first_answer_s": 0, "solution_s": 1}):
        assert await status(api, admin, "PUT", "/sla-policies/high", **body) == 422

    async with api.database.transaction(SYSTEM) as session:
        assert list(await session.scalars(select(Retiming.priority))) == ["high"]
        await session.execute(text("delete from retimings"))
    # The same request again is the same change: nobody is told twice.
    await ask(api, admin, "PUT", "/sla-policies/high", "k", first_answer_s=600, solution_s=7200)
    async with api.database.transaction(SYSTEM) as session:
        assert list(await session.scalars(select(Retiming.organization_id))) == []
    assert (await ask(api, admin, "DELETE", "/sla-policies/high"))["is_own"] is False

    default = await ask(api, "expert", "GET", "/business-calendars")
    assert (default["is_own"], default["confirmed_year"]) == (False, None)
    assert "2027-08-17" in [one["day"] for one in default["holidays"]]
    await ask(
        api, admin, "PUT", "/business-calendars", time_zone="Asia/Makassar",
        hours=[{"weekday": 0, "from_minute": 480, "to_minute": 720}],
        holidays=[{"day": "2027-01-02", "name": "Rapat"}],
    )  # fmt: skip
    taken = await ask(api, admin, "POST", "/business-calendars/holidays/2027")
    days = {one["day"]: one["name"] for one in taken["holidays"]}
    assert (taken["time_zone"], taken["confirmed_year"]) == ("Asia/Makassar", 2027)
    assert days["2027-01-02"] == "Rapat"
    assert days["2027-08-17"]
    async with api.database.transaction(SYSTEM) as session:
        due = await session.execute(select(Retiming.priority, Retiming.organization_id))
        assert sorted(due.all()) == [(one, organization) for one in ("high", "low", "medium", "urgent")]
    for hours in ([], [{"weekday": 0, "from_minute": 9, "to_minute": 9}]):
        body = {"time_zone": "Asia/Jakarta", "hours": hours}
        assert await status(api, admin, "PUT", "/business-calendars", **body) == 422
    body = {"time_zone": "Mars/Base", "hours": [{"weekday": 0, "from_minute": 1, "to_minute": 9}]}
    assert await status(api, admin, "PUT", "/business-calendars", **body) == 422


async def test_experts_find_whom_to_forward_to(api: Api) -> None:
    found = await ask(api, "expert", "GET", "/users?role=tech&role=teknisi")
    assert [one["name"] for one in found["items"]] == ["Dimas"]
    assert (await ask(api, "expert", "GET", "/users?role=teknisi"))["total"] == 0
