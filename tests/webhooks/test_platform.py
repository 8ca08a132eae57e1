"""Webhook, health, metrics, documentation, and an outage of the database."""

import dataclasses
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from db.models.chat import TelegramUpdate
from db.session import SYSTEM, Database
from tests.webhooks.boxes import Box, beat
from tests.webhooks.conftest import WEBHOOK_SECRET, Api, served
from webhooks.settings import WebSettings

UPDATE = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": 9004, "type": "private"}}}


async def deliver(api: Api, update: dict[str, object]) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    return (await api.http.post("/api/v1/telegram/webhook", json=update, headers=headers)).status_code


@pytest.fixture
async def cut_off(api: Api) -> AsyncIterator[Api]:
    """The same app with a database that cannot be reached."""
    settings = WebSettings(
        database=Database("postgresql+asyncpg://postgres@/siaga?host=/nowhere"),
        gateway=api.gateway,
        cipher=api.cipher,
        store=api.store,
        telegram_webhook_secret=WEBHOOK_SECRET,
    )
    async with served(settings) as http:
        box = Box(http, api.box.edge_server_id, api.box.edge_key, api.box.secret)
        yield dataclasses.replace(api, http=http, box=box)


async def test_an_update_is_stored_before_it_is_acknowledged_and_once(api: Api) -> None:
    assert [await deliver(api, UPDATE) for _ in range(2)] == [200, 200]

    async with api.database.transaction(SYSTEM) as session:
        assert list(await session.scalars(select(TelegramUpdate.update_id))) == [7]


async def test_what_is_no_update_does_not_come_again(api: Api) -> None:
    assert await deliver(api, {"update_id": "seven", "message": "\x00"}) == 200


async def test_with_the_database_gone_nothing_is_acknowledged(cut_off: Api) -> None:
    api = cut_off
    assert await deliver(api, UPDATE) == 503
    answer = await api.box.beat(beat(1))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "retry-after" in answer.headers
    people = await api.http.get("/api/v1/rvm-machines", headers=api.as_("admin"))
    assert (people.status_code, people.json()["code"]) == (503, "unavailable")
    ready = await api.http.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, "gone")
    assert (await api.http.get("/healthz")).status_code == 200
    assert (await api.http.get("/metrics")).status_code == 200


async def test_ready_says_what_is_missing(api: Api) -> None:
    assert (await api.http.get("/readyz")).json()["ready"]

    api.gateway.well = False
    answer = await api.http.get("/readyz")
    assert (answer.status_code, answer.json()["temporal"]) == (503, "gone")


async def test_an_update_that_does_not_move_turns_ready_red(api: Api) -> None:
    await deliver(api, UPDATE)
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(text("update telegram_updates set received_at = now() - interval '10 min'"))

    answer = await api.http.get("/readyz")
    assert (answer.status_code, answer.json()["updates"]) == (503, "stuck")


async def test_metrics_count_requests_beats_and_machines(api: Api) -> None:
    await api.box.beat(beat(1, 2))
    await api.http.get("/api/v1/rvm-machines/1")
    figures = (await api.http.get("/metrics")).text

    assert "siaga_heartbeats_total 1.0" in figures
    assert "siaga_spool_entries_total 2.0" in figures
    assert 'siaga_machines{connection="waiting"} 5.0' in figures
    assert 'method="POST",route="/api/v1/edge/heartbeat",status="200"' in figures
    assert 'route="/api/v1/rvm-machines/{machine_id}",status="401"' in figures


async def test_the_documentation_knows_every_endpoint_with_examples(api: Api) -> None:
    document = (await api.http.get("/api/v1/openapi.json")).json()

    beat_body = document["paths"]["/api/v1/edge/heartbeat"]["post"]["requestBody"]["content"][
        "application/json"
    ]
    assert beat_body["schema"]["$ref"] == "#/components/schemas/HeartbeatIn"
    assert "example" in document["components"]["schemas"]["HeartbeatIn"]
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
