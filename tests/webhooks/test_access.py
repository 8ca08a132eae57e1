"""Who may call what: anonymous first, then the matrix of WORDS 1."""

import re

from tests.webhooks.conftest import Api
from webhooks.app import openapi

PUBLIC = {
    ("post", "/api/v1/edge/setup"),  # the code is the proof
    ("get", "/api/v1/public/rvm-machines"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
}
ROUTES = [
    (method, path)
    for path, methods in openapi()["paths"].items()
    for method in methods
    if (method, path) not in PUBLIC
]


async def test_nobody_gets_in_without_proof(api: Api) -> None:
    for method, path in ROUTES:
        body = {"hardware_id": "x", "hardware_config": {}} if path.endswith("handshake") else {}
        url = re.sub(r"\{\w+\}", "1", path)

        answer = await api.http.request(method, url, json=None if method == "get" else body)

        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


ADMINS = {"super_admin", "admin", "helpdesk_admin"}
DESK = {*ADMINS, "expert"}
MATRIX = {
    # path: who is let in
    "/api/v1/rvm-machines": {*ADMINS, "operator", "technician", "tenant"},
    "/api/v1/edge-devices": ADMINS,
    "/api/v1/admin/assignments": ADMINS,
    "/api/v1/admin/maintenance-plans": ADMINS,
    "/api/v1/admin/calendar": ADMINS,
    "/api/v1/technician/assignments": {"operator", "technician"},
    "/api/v1/admin/grants": {"super_admin"},
    "/api/v1/admin/checklists": ADMINS,
    "/api/v1/tickets": {*DESK, "tech", "customer"},
    "/api/tickets/summary": {*DESK, "tech", "customer"},
    "/api/v1/pharmacies": {*DESK, "tech", "customer"},
    "/api/v1/ticket-categories": {*DESK, "tech", "customer"},
    "/api/users": DESK,
    "/api/v1/sla-policies": DESK,
    "/api/v1/canned-answers": DESK,
    "/api/v1/admin/users": ADMINS,
    "/api/v1/admin/invites": ADMINS,
    "/api/v1/admin/settings": ADMINS,
    "/api/v1/admin/measures": ADMINS,
    "/api/v1/admin/status": ADMINS,
    "/api/v1/admin/export/tasks.csv": ADMINS,
}
PERSONS = (
    *("super_admin", "admin", "operator", "technician", "tenant", "john"),
    *("helpdesk_admin", "expert", "tech", "customer"),
)


async def test_each_role_sees_what_the_table_gives_it(api: Api) -> None:
    for path, let_in in MATRIX.items():
        answers = {person: await api.http.get(path, headers=api.as_(person)) for person in PERSONS}

        assert {person for person, answer in answers.items() if answer.status_code == 200} == let_in, path
        assert {answer.status_code for answer in answers.values()} <= {200, 403}, path


async def test_everyone_may_see_the_public_list_and_nothing_more_of_it(api: Api) -> None:
    answer = (await api.http.get("/api/v1/public/rvm-machines", params={"limit": 2})).json()

    assert (answer["total"], len(answer["items"])) == (4, 2)
    assert set(answer["items"][0]) == {"uuid", "name", "address", "latitude", "longitude", "status"}


async def test_a_read_token_does_not_write(api: Api) -> None:
    made = await api.http.post(
        "/api/v1/admin/tokens", json={"name": "dashboard", "scopes": ["read"]}, headers=api.as_("admin")
    )
    headers = {"Authorization": f"Bearer {made.json()['token']}"}

    assert (await api.http.get("/api/v1/rvm-machines", headers=headers)).status_code == 200
    body = {"name": "RVM", "latitude": 0, "longitude": 0}
    assert (await api.http.post("/api/v1/rvm-machines", json=body, headers=headers)).status_code == 403

    gone = await api.http.delete(f"/api/v1/admin/tokens/{made.json()['id']}", headers=api.as_("admin"))
    assert gone.status_code == 204
    assert (await api.http.get("/api/v1/rvm-machines", headers=headers)).status_code == 401


async def test_a_technician_sees_the_machine_of_an_open_task_only(api: Api) -> None:
    await api.assignment()

    listed = (await api.http.get("/api/v1/rvm-machines", headers=api.as_("technician"))).json()
    other = await api.http.get(f"/api/v1/rvm-machines/{api.machines[1]}", headers=api.as_("technician"))

    assert [one["id"] for one in listed["items"]] == [api.machines[0]]
    assert other.status_code == 404
    assert (await api.http.get("/api/v1/rvm-machines", headers=api.as_("operator"))).json()["total"] == 0
