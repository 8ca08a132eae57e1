"""A box presents itself until it is bound, and tells the person in front of it why it is not."""

import asyncio
import json
import logging
import stat
from dataclasses import replace

import pytest
from fastapi.responses import JSONResponse

from edge_worker.credentials import load_credentials
from edge_worker.handshake import shake_hands
from edge_worker.pacing import Pace
from edge_worker.settings import EdgeSettings, read_settings
from tests.edge_worker.server import API_KEY, DeviceServer, problem
from tests.edge_worker.waiting import until

QUICK = Pace(first_s=0.01, most_s=0.05, refused_s=0.01)


async def test_a_box_is_bound_and_keeps_its_credentials_for_itself(
    settings: EdgeSettings, server: DeviceServer
) -> None:
    server.temporal = {"address": "127.0.0.1:7233", "namespace": "siaga", "tls": False}

    credentials = await shake_hands(settings, asyncio.Event(), QUICK)

    assert credentials is not None
    assert (credentials.edge_id, credentials.edge_key, credentials.queue) == ("one", "ek-1", "edge-one")
    assert credentials.machine_name == "RVM Grand Indonesia"
    assert stat.S_IMODE(settings.credentials_file.stat().st_mode) == 0o600
    assert load_credentials(settings.credentials_file, API_KEY) == credentials
    assert "secret-1" not in repr(credentials)
    assert API_KEY not in settings.credentials_file.read_text()
    presented = server.handshakes[0]
    assert presented["hardware_id"] == "SIM-0001"
    assert presented["hardware_config"]["cameras"][0]["id"] == "front"
    assert presented["hardware_config"]["host"]["cores"] >= 1


async def test_credentials_of_another_key_are_void(settings: EdgeSettings, server: DeviceServer) -> None:
    await shake_hands(settings, asyncio.Event(), QUICK)

    assert load_credentials(settings.credentials_file, "another key") is None


@pytest.mark.parametrize("kept", ["", "{}", "[]", '{"temporal": 3}', "\x00\x01"])
async def test_credentials_that_cannot_be_read_are_replaced(settings: EdgeSettings, kept: str) -> None:
    settings.credentials_file.write_text(kept)

    assert load_credentials(settings.credentials_file, API_KEY) is None


async def test_a_conflict_is_waited_for_without_asking_faster_than_told(
    settings: EdgeSettings, server: DeviceServer, caplog: pytest.LogCaptureFixture
) -> None:
    pending = JSONResponse(
        {"status": "pending", "conflict": "other_hardware"}, 202, headers={"Retry-After": "0"}
    )
    server.handshake_answers = [lambda: pending] * 3

    credentials = await shake_hands(settings, asyncio.Event(), QUICK)

    assert credentials is not None
    assert len(server.handshakes) == 4
    assert all(each == server.handshakes[0] for each in server.handshakes)
    told = [record.message for record in caplog.records if "replace device" in record.message]
    assert len(told) == 1
    assert "other_hardware" in told[0]


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ((401, "key_unknown"), "API key is not accepted (key_unknown)"),
        ((401, "key_revoked"), "API key is not accepted (key_revoked)"),
        ((409, "hardware_conflict"), "An admin refused this box"),
        ((503, "unavailable"), "asks to come back later"),
        ((422, "invalid_input"), "refused this box"),
    ],
)
async def test_a_refusal_is_explained_once_and_tried_again(
    settings: EdgeSettings,
    server: DeviceServer,
    caplog: pytest.LogCaptureFixture,
    refusal: tuple[int, str],
    sentence: str,
) -> None:
    server.handshake_answers = [lambda: problem(*refusal, {"Retry-After": "0"})] * 2

    credentials = await shake_hands(settings, asyncio.Event(), QUICK)

    assert credentials is not None
    told = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 1
    assert sentence in told[0]
    assert API_KEY not in caplog.text


async def test_a_refused_box_does_not_storm_the_server(settings: EdgeSettings, server: DeviceServer) -> None:
    stop = asyncio.Event()
    server.handshake_answers = [lambda: problem(401, "key_revoked")] * 9

    waiting = asyncio.create_task(shake_hands(settings, stop, replace(QUICK, refused_s=3600)))
    await until(lambda: server.handshakes)
    stop.set()

    assert await waiting is None
    assert len(server.handshakes) == 1


async def test_an_answer_that_is_none_is_tried_again(settings: EdgeSettings, server: DeviceServer) -> None:
    server.handshake_answers = [lambda: JSONResponse({"status": "bound"}), lambda: JSONResponse([1])]

    assert await shake_hands(settings, asyncio.Event(), QUICK)
    assert len(server.handshakes) == 3


async def test_a_cut_cable_is_waited_for(settings: EdgeSettings, server: DeviceServer) -> None:
    await server.stop()
    waiting = asyncio.create_task(shake_hands(settings, asyncio.Event(), QUICK))
    await asyncio.wait({waiting}, timeout=0.1)
    assert not waiting.done()

    await server.start()

    assert await waiting


def test_waits_grow_and_are_spread() -> None:
    delays = Pace().delays()
    waits = [next(delays) for _ in range(12)]

    assert 0.75 <= waits[0] <= 1.25
    assert all(45 <= wait <= 75 for wait in waits[7:])
    assert len(set(waits)) == len(waits)


async def test_a_config_with_dates_can_be_presented(settings: EdgeSettings, server: DeviceServer) -> None:
    (settings.folder / "config.toml").write_text("[firmware]\ncalibrated = 2026-11-20\n")
    dated = replace(settings, firmware=read_settings(settings.folder, {}).firmware)

    assert await shake_hands(dated, asyncio.Event(), QUICK)
    assert server.handshakes[0]["hardware_config"]["firmware"]["calibrated"] == "2026-11-20"
    assert json.dumps(server.handshakes[0])
