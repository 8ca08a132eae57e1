"""A pytest plugin that keeps the history of each test marked ``outcome``; only ``record`` loads it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.client import Client, WorkflowHistory

from db.demo import MACHINES
from db.session import SYSTEM
from domain import ids
from tests.workflows.field import Field
from tests.workflows.servers import IDENTITY

HISTORIES = Path(__file__).parent / "histories"


@pytest.fixture(autouse=True)
async def recorded(request: pytest.FixtureRequest, field: Field) -> AsyncIterator[None]:
    """Write the history of the workflow that the outcome is about, after the test."""
    yield
    for marker in request.node.iter_markers("outcome"):
        history = await _first_run(field.temporal.client, await _workflow_id(field, marker.args[0]))
        path = HISTORIES / f"{marker.args[0]}.json"
        told = anonymous(json.loads(history.to_json()))
        path.write_text(json.dumps(told, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


async def _workflow_id(field: Field, outcome: str) -> str:
    """Return whose history it is: the newest of a kind, or the first machine."""
    kind = outcome.split("-", 1)[0]
    if kind == "fleet":
        return ids.fleet_watch_id(0)
    if kind == "machine":
        return ids.machine_id(MACHINES[0].uuid)
    async with field.database.transaction(SYSTEM) as session:
        if kind == "maintenance":
            return f"{ids.plan_id(1)}-run-tg-1"
        if kind == "escalation":
            owner = await session.scalar(text("select max(owner_id) from escalations"))
            return ids.escalation_id(ids.assignment_id(owner or 0))
        if kind == "ticket":
            number = await session.scalar(text("select number from tickets order by id desc limit 1"))
            return ids.ticket_id(number or "")
        if kind == "assignment":
            return ids.assignment_id(
                await session.scalar(
                    text("select max(id) from technician_assignments where parent_assignment_id is null")
                )
                or 0
            )
        uuid = await session.scalar(
            text("select uuid from rvm_machines where registered_by is not null order by id desc limit 1")
        )
    return ids.onboarding_id(uuid) if kind == "onboarding" else ids.handshake_id(str(uuid))


async def _first_run(client: Client, workflow_id: str) -> WorkflowHistory:
    """Return the history of a workflow's first run."""
    run_id: str | None = None
    while True:
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        started = history.events[0].workflow_execution_started_event_attributes
        if not started.continued_execution_run_id:
            return history
        run_id = started.continued_execution_run_id


def anonymous(told: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a history without names of machines and paths: who polled, and where code stood."""
    if isinstance(told, list):
        return [anonymous(entry) for entry in told]
    if not isinstance(told, dict):
        return told
    kept = {
        name: anonymous(value) for name, value in told.items() if name not in ("stackTrace", "binaryChecksum")
    }
    if "identity" in kept:
        kept["identity"] = IDENTITY
    return kept
