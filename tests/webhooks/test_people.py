"""People by HTTP: lists, statistics, invites, memberships."""

from sqlalchemy import func, select

from db.models.core import Invite
from db.session import SYSTEM
from domain.assignments import AssignmentMove, AssignmentStatus
from tests.webhooks.conftest import Api


async def test_an_admin_lists_the_own_organization_with_seed_columns(api: Api) -> None:
    answer = (await api.http.get("/api/v1/admin/users", headers=api.as_("admin"))).json()

    assert answer["total"] == 4
    names = [one["name"] for one in answer["items"]]
    assert names == ["Admin", "Operator", "Super Admin", "Technician"]
    columns = {"id", "name", "email", "role", "points_balance", "created_at", "photo_url"}
    assert columns <= answer["items"][0].keys()
    everywhere = (await api.http.get("/api/v1/admin/users", headers=api.as_("super_admin"))).json()
    assert everywhere["total"] == 15


async def test_people_are_found_by_role_and_name(api: Api) -> None:
    params = {"role": "teknisi", "search": "tech"}
    answer = (await api.http.get("/api/v1/admin/users", params=params, headers=api.as_("admin"))).json()

    assert (answer["total"], answer["items"][0]["email"]) == (1, "teknisi@myrvm.com")


async def test_statistics_count_work_and_say_zero_honestly(api: Api) -> None:
    await api.assignment()
    path = f"/api/v1/admin/users/{api.users['technician']}/stats"
    answer = (await api.http.get(path, headers=api.as_("admin"))).json()

    assert (answer["active_assignments"], answer["completed_assignments"]) == (1, 0)
    assert (answer["total_transactions"], answer["points_history"]) == (0, [])
    assert (answer["field_work"]["open"], answer["field_work"]["on_time_share"]) == (1, None)
    hidden = await api.http.get(f"/api/v1/admin/users/{api.users['john']}/stats", headers=api.as_("admin"))
    assert hidden.status_code == 404


async def test_an_invite_is_a_link_and_a_repeat_gets_the_same_one(api: Api) -> None:
    body = {"name": "Sari", "role": "teknisi", "organization_id": api.organizations["admin"]}
    path = "/api/v1/admin/invites"
    first = await api.http.post(path, json=body, headers=api.as_("admin", "k1"))
    again = await api.http.post(path, json=body, headers=api.as_("admin", "k1"))

    assert first.status_code == 201, first.text
    assert first.json()["link"] == f"https://t.me/siaga_bot?start={first.json()['code']}"
    assert first.json()["code"] == again.json()["code"]
    async with api.database.transaction(SYSTEM) as session:
        assert await session.scalar(select(func.count()).select_from(Invite)) == 1
    listed = (await api.http.get(path, headers=api.as_("admin"))).json()["items"]
    assert [(one["name"], one["state"]) for one in listed] == [("Sari", "open")]
    assert "code" not in listed[0]


async def test_suspending_cuts_off_at_once_and_gives_work_back(api: Api) -> None:
    offered = await api.assignment()
    held = await api.assignment(status=AssignmentStatus.ACCEPTED)
    path = f"/api/v1/admin/memberships/{api.organizations['admin']}/{api.users['technician']}"
    answer = await api.http.put(f"{path}/suspend", headers=api.as_("admin"))

    assert answer.status_code == 200, answer.text
    assert sorted(answer.json()["handed_back"]) == [offered, held]
    moves = {call.given[0]: call.given[1].move for call in api.gateway.calls}
    assert moves == {offered: AssignmentMove.WITHDRAW, held: AssignmentMove.WITHDRAW}
    cut_off = await api.http.get("/api/v1/technician/assignments", headers=api.as_("technician"))
    assert (cut_off.status_code, cut_off.json()["code"]) == (403, "suspended")

    assert (await api.http.put(f"{path}/restore", headers=api.as_("admin"))).json()["is_active"]
    former = await api.http.get("/api/v1/technician/assignments", headers=api.as_("technician"))
    assert former.json()["code"] == "not_signed_in"  # a revoked token stays revoked


async def test_nobody_suspends_themself_or_who_stands_above(api: Api) -> None:
    path = f"/api/v1/admin/memberships/{api.organizations['admin']}"
    own = await api.http.put(f"{path}/{api.users['admin']}/suspend", headers=api.as_("admin"))
    above = await api.http.put(f"{path}/{api.users['super_admin']}/suspend", headers=api.as_("admin"))

    assert (own.status_code, above.status_code) == (422, 403)


async def test_a_token_is_told_once(api: Api) -> None:
    body = {"name": "dashboard", "user_id": api.users["technician"]}
    path = "/api/v1/admin/tokens"
    made = await api.http.post(path, json=body, headers=api.as_("admin", "k1"))
    again = await api.http.post(path, json=body, headers=api.as_("admin", "k1"))

    assert made.status_code == 201, made.text
    assert (again.status_code, again.json()["code"]) == (410, "closed")
    listed = await api.http.get(path, params={"user_id": api.users["technician"]}, headers=api.as_("admin"))
    assert listed.json()["total"] == 2
    assert made.json()["token"] not in listed.text
