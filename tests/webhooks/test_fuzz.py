"""Any JSON at all: never a 5xx."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webhooks.boxes import beat
from tests.webhooks.conftest import WEBHOOK_SECRET, Api

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FUZZ = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)


def shaped(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:  # noqa: ANN401 - strategies
    """Return objects that have the right names and mostly wrong values."""
    return st.fixed_dictionaries({}, optional={name: JSON | good for name, good in fields.items()})


MACHINE = shaped(
    name=st.text(), latitude=st.floats(), longitude=st.floats(), address=st.text(), serial_number=st.text(),
    capacity=st.integers(), organization_id=st.integers(), installer_id=st.integers(),
    installation_at=st.text(),
)  # fmt: skip
ASSIGNMENT = shaped(
    rvm_machine_id=st.integers(), task_type=st.sampled_from(["repair", "x"]), priority=st.just("low"),
    scheduled_date=st.datetimes().map(str), assigned_to=st.integers(), description=st.text(),
)  # fmt: skip
PLAN = shaped(
    rvm_machine_id=st.just(1), task_type=st.just("repair"),
    rule=st.sampled_from(["every_days", "month_weekday"]), starts_on=st.dates().map(str),
    every_days=st.integers(), weekdays=st.lists(st.integers()),
    month_day=st.integers(), nth=st.integers(-1, 5), time_of_day=st.just("09:00"), ahead_days=st.integers(),
    asks=st.just("list"), people=st.lists(st.integers()),
)  # fmt: skip
TICKET = shaped(
    description=st.text(), title=st.text(), pharmacy_id=st.just(1), module_id=st.just(1),
    category_id=st.just(1), priority=st.just("low"), effect=st.just("down"), contact=st.text(),
    internal=st.booleans(), customer_id=st.integers(),
)  # fmt: skip
CALENDAR = shaped(
    time_zone=st.sampled_from(["Asia/Jakarta", "../etc", ""]), holidays=JSON,
    hours=st.lists(shaped(weekday=st.integers(-1, 7), from_minute=st.integers(), to_minute=st.integers())),
)  # fmt: skip
HANDSHAKE = shaped(
    hardware_id=st.text(min_size=1), hardware_config=st.dictionaries(st.text(), JSON, max_size=4)
)
TARGETS: dict[str, tuple[str, str, st.SearchStrategy[Any]]] = {
    "machine": ("POST", "/api/v1/rvm-machines", MACHINE | JSON),
    "machine change": ("PUT", "/api/v1/rvm-machines/1", MACHINE | JSON),
    "assignment": ("POST", "/api/v1/admin/assignments/create", ASSIGNMENT | JSON),
    "plan": ("POST", "/api/v1/admin/maintenance-plans", PLAN | JSON),
    "ticket": ("POST", "/api/v1/tickets", TICKET | JSON),
    "pharmacy": ("POST", "/api/pharmacies", shaped(name=st.text(), phone=st.text()) | JSON),
    "module": ("POST", "/api/v1/ticket-modules", shaped(name=st.text(), keywords=JSON) | JSON),
    "promise": (
        "PUT",
        "/api/v1/sla-policies/low",
        shaped(first_answer_s=st.floats(), solution_s=st.floats()) | JSON,
    ),
    "calendar": ("PUT", "/api/v1/business-calendars", CALENDAR | JSON),
    "invite": ("POST", "/api/v1/admin/invites", shaped(name=st.text(), role=st.just("user")) | JSON),
    "settings": ("PUT", "/api/v1/admin/settings", shaped(settings=st.dictionaries(st.text(), JSON)) | JSON),
    "token": ("POST", "/api/v1/admin/tokens", shaped(name=st.text(), scopes=JSON) | JSON),
    "setup": ("POST", "/api/v1/edge/setup", shaped(code=st.text()) | JSON),
    "handshake": ("POST", "/api/v1/edge/handshake", HANDSHAKE | JSON),
    "update": ("POST", "/api/v1/telegram/webhook", shaped(update_id=st.integers(), message=JSON) | JSON),
}

DESK = {"ticket", "pharmacy", "module", "promise", "calendar"}


@pytest.mark.parametrize("name", TARGETS)
async def test_no_body_makes_an_endpoint_fall(api: Api, name: str) -> None:
    method, path, bodies = TARGETS[name]
    person = "helpdesk_admin" if name in DESK else "admin"
    headers = api.as_(person) | {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    if name == "handshake":
        headers["Authorization"] = "Bearer rvm_the-key-of-the-first-machine"
    loop = asyncio.get_running_loop()
    seen: list[Any] = []

    @FUZZ
    @given(bodies)
    def collect(body: Any) -> None:  # noqa: ANN401 - JSON
        seen.append(body)

    await loop.run_in_executor(None, collect)
    for body in seen:
        content = json.dumps(body).encode()
        typed = headers | {"Content-Type": "application/json"}
        answer = await api.http.request(method, path, content=content, headers=typed)
        assert answer.status_code < 500, (body, answer.text)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "offset=-1", "search=%00", "status=%F0%9F", "organization_id=9e99"]
)
async def test_no_query_makes_a_list_fall(api: Api, query: str) -> None:
    for path in ("rvm-machines", "edge-devices", "admin/assignments", "admin/users", "public/rvm-machines"):
        answer = await api.http.get(f"/api/v1/{path}?{query}", headers=api.as_("admin"))
        assert answer.status_code < 500, answer.text
    for path in ("tickets", "tickets/summary", "pharmacies", "users", "ticket-modules"):
        answer = await api.http.get(f"/api/{path}?{query}", headers=api.as_("helpdesk_admin"))
        assert answer.status_code < 500, answer.text


async def test_no_search_makes_the_list_of_tickets_fall(api: Api) -> None:
    for search in ("'", "a & | !b", ":*", "\\", "²", "_", "PD-", "ä" * 100, "a:b <-> c", "٣ 中文", "(("):
        answer = await api.http.get(
            "/api/v1/tickets", params={"search": search}, headers=api.as_("helpdesk_admin")
        )
        assert answer.status_code == 200, (search, answer.text)


async def test_no_spool_data_makes_a_beat_fall(api: Api) -> None:
    seen: list[Any] = []

    @FUZZ
    @given(st.dictionaries(st.text(), JSON, max_size=4))
    def collect(data: Any) -> None:  # noqa: ANN401 - JSON
        seen.append(data)

    await asyncio.get_running_loop().run_in_executor(None, collect)
    for number, data in enumerate(seen, 1):
        body = beat(number)
        body["entries"][0]["data"] = data
        answer = await api.box.beat(body)
        assert answer.status_code < 500, (data, answer.text)
