"""Requests are signed so that the server takes them, also when the box's clock is wrong."""

import time
from pathlib import Path

import pytest

from domain.errors import ClockOff, Malformed
from edge_worker.client import EdgeClient
from edge_worker.credentials import Credentials
from edge_worker.errors import NotRecognised, ServerBusy, ServerUnreachable
from edge_worker.spool import Entry
from tests.edge_worker.server import DeviceServer, problem

ENTRY = Entry(1, "event", "2026-11-24T09:00:00+00:00", {"text": "botol 🍾"})


async def test_a_beat_arrives_with_its_entries(server: DeviceServer, credentials: Credentials) -> None:
    async with EdgeClient(server.url, credentials) as client:
        answer = await client.beat({"cpu_percent": 3.0}, [ENTRY])

    assert (answer.ack, answer.config_version) == (1, "1")
    assert server.beats[0]["status"] == {"cpu_percent": 3.0}
    assert server.entries[1]["data"] == {"text": "botol 🍾"}


async def test_the_same_picture_gives_the_same_file(
    server: DeviceServer, credentials: Credentials, stills: Path
) -> None:
    picture = (stills / "still-1.jpg").read_bytes()

    async with EdgeClient(server.url, credentials) as client:
        first, again = await client.upload(picture), await client.upload(picture)

    assert first == again
    assert server.files[first.sha256] == picture


@pytest.mark.parametrize("ahead_s", [3600.0, -86_400.0])
async def test_a_wrong_clock_is_corrected_once_and_remembered(
    server: DeviceServer, credentials: Credentials, ahead_s: float
) -> None:
    async with EdgeClient(server.url, credentials, clock=lambda: time.time() + ahead_s) as client:
        await client.beat({}, [])
        await client.beat({}, [])

    assert server.refusals == ["clock_off"]
    assert len(server.beats) == 2
    assert client.clock_offset_s == pytest.approx(ahead_s, abs=5)


async def test_a_server_that_never_likes_the_clock_is_not_asked_for_ever(
    server: DeviceServer, credentials: Credentials
) -> None:
    server.beat_answers = [lambda _: problem(401, "clock_off", server_time="2020-01-01T00:00:00+00:00")]

    async with EdgeClient(server.url, credentials) as client:
        with pytest.raises(ClockOff):
            await client.beat({}, [])

    assert server.refusals == ["clock_off"]
    assert server.beats == []


async def test_a_right_clock_is_measured(server: DeviceServer, credentials: Credentials) -> None:
    server.clock_ahead_s = 42.0

    async with EdgeClient(server.url, credentials) as client:
        await client.beat({}, [])

    assert client.clock_offset_s == pytest.approx(-42, abs=5)


async def test_a_wrong_secret_is_not_recognised(server: DeviceServer, credentials: Credentials) -> None:
    server.edge_secret = "another"

    async with EdgeClient(server.url, credentials) as client:
        with pytest.raises(NotRecognised, match="signature_invalid"):
            await client.beat({}, [])


async def test_a_busy_server_says_when(server: DeviceServer, credentials: Credentials) -> None:
    server.beat_answers = [
        lambda _: problem(503, "unavailable", {"Retry-After": "7"}),
        lambda _: problem(503, "unavailable", {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        lambda _: problem(502, "bad_gateway"),
    ]

    async with EdgeClient(server.url, credentials) as client:
        waits = []
        for _ in range(3):
            with pytest.raises(ServerBusy) as caught:
                await client.beat({}, [])
            waits.append(caught.value.retry_after_s)

    assert waits == [7.0, 0.0, None]


async def test_a_refusal_keeps_its_code_and_details(server: DeviceServer, credentials: Credentials) -> None:
    server.beat_answers = [lambda _: problem(400, "malformed", problem="no status")]

    async with EdgeClient(server.url, credentials) as client:
        with pytest.raises(Malformed) as caught:
            await client.beat({}, [])

    assert caught.value.details == {"problem": "no status"}


async def test_a_cut_cable_is_said(server: DeviceServer, credentials: Credentials) -> None:
    await server.stop()

    async with EdgeClient(server.url, credentials) as client:
        with pytest.raises(ServerUnreachable, match="does not answer"):
            await client.beat({}, [])
