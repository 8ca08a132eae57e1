"""Scenes: the whole way from a tap to the card, with nothing replaced but Telegram itself."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.api import tls
from tests.bot.pace import let_run
from tests.bot.scenes.world import World
from tests.workflows.conftest import field, temporal, unattended, worker  # noqa: F401 - fixtures
from tests.workflows.field import Field
from workflows.client import Gateway


@pytest.fixture
async def world(
    simulator_url: str,
    field: Field,  # noqa: F811 - the fixture
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[World]:
    """A fresh world; at the end nobody broke a rule and nothing was given up.

    Telegram has its real limits where a scene is marked ``telegrams_pace``.
    """
    # A machine that is busy with other tests answers late; "noted" has its own tests.
    field.gateway = Gateway(field.temporal.client, rpc_timeout_s=20)
    async with httpx.AsyncClient(base_url=simulator_url, timeout=30, verify=tls()) as http:
        (await http.post("/sim/reset", json={"keep_bot": False})).raise_for_status()
        held = World(simulator_url, field, tmp_path, http)
        if request.node.get_closest_marker("telegrams_pace") is None:
            await let_run(field.database, http)
        await held.begin()
        yield held
        await held.settled()
        transcript = await held.transcript()
        violations, parked = await held.violations(), await held.parked()
        await held.end()
        if folder := os.environ.get("SIAGA_TRANSCRIPTS"):
            name = os.environ.get("PYTEST_CURRENT_TEST", "scene").split("::")[-1].split(" ")[0]
            Path(folder, f"{name}.txt").write_text(transcript)
        assert violations == []
        assert parked == []
