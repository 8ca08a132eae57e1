"""An organization's settings by HTTP."""

from typing import Any

from sqlalchemy import select

from db.models.core import AuditEvent
from db.session import SYSTEM
from domain.chat import Thing
from tests.webhooks.conftest import Api

PATH = "/api/v1/admin/settings"


async def put(api: Api, person: str = "admin", key: str | None = None, **body: Any) -> Any:  # noqa: ANN401
    return await api.http.put(PATH, json=body, headers=api.as_(person, key))


def named(body: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in body["settings"] if one["key"] == key)


async def test_settings_are_for_admins_of_the_organization(api: Api) -> None:
    foreign = api.organizations["tenant"]

    assert (await put(api, "technician", settings={"outage_alert_s": 600})).status_code == 403
    assert (await put(api, organization_id=foreign, settings={})).status_code == 404
    assert (await api.http.get(PATH, headers=api.as_("operator"))).status_code == 403
    hidden = await api.http.get(PATH, params={"organization_id": foreign}, headers=api.as_("admin"))
    assert hidden.status_code == 404


async def test_a_change_is_kept_told_once_and_taken_back(api: Api) -> None:
    asked: dict[str, Any] = {
        "settings": {"outage_alert_s": 1800},
        "messages": {"assignment_completed": "sound"},
    }
    first, again = [await put(api, key="k1", **asked) for _ in range(2)]

    assert first.status_code == again.status_code == 200, first.text
    row = named(again.json(), "outage_alert_s")
    assert (row["value"], row["default"], row["own"], row["unit"]) == (1800, 900, True, "s")
    message = next(one for one in again.json()["messages"] if one["template"] == "assignment_completed")
    assert message == {
        "template": "assignment_completed", "loudness": "sound", "default": "silent", "own": True
    }  # fmt: skip
    async with api.database.transaction(SYSTEM) as session:
        told = list(await session.scalars(select(AuditEvent).where(AuditEvent.thing == Thing.SETTINGS)))
    assert [event.details["changes"] for event in told] == [
        {"outage_alert_s": [900, 1800], "assignment_completed": [None, "sound"]}
    ]

    back = await put(api, settings={"outage_alert_s": None}, messages={"assignment_completed": None})
    assert not named(back.json(), "outage_alert_s")["own"]
    assert not any(one["own"] for one in back.json()["messages"])


async def test_one_bad_value_leaves_everything_as_it_was(api: Api) -> None:
    refused = [
        await put(api, settings={"key_expires_s": 7200, "outage_alert_s": 1}),
        await put(api, settings={"missed_after_s": 2, "beat_s": 3}),
        await put(api, settings={"beats": 3}),
        await put(api, messages={"assignment_completed": "page"}),
        await put(api, messages={"nothing": "sound"}),
        await put(api, settings={"outage_alert_s": "soon"}),
        await put(api, "super_admin", organization_id=10**12, settings={}),
    ]

    assert [answer.status_code for answer in refused] == [422, 422, 422, 422, 422, 422, 404]
    assert [answer.json().get("problem") for answer in refused[:3]] == [
        "setting_bounds", "setting_order", "unknown_setting"
    ]  # fmt: skip
    after = (await api.http.get(PATH, headers=api.as_("admin"))).json()
    assert not named(after, "key_expires_s")["own"]
