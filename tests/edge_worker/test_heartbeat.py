"""Beats go on whatever happens, and what waits in the spool arrives once and in order."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.responses import Response

from domain.pins import PinId, Roster
from edge_worker.client import EdgeClient
from edge_worker.credentials import Credentials
from edge_worker.heartbeat import Ended, Heartbeat
from edge_worker.keypad.roster import load_roster
from edge_worker.settings import EdgeSettings
from edge_worker.spool import Spool
from tests.edge_worker.server import DeviceServer, problem
from tests.edge_worker.waiting import until

Answer = Callable[[dict[str, Any]], Response | None]


@pytest.fixture
async def heartbeat(
    settings: EdgeSettings, credentials: Credentials, server: DeviceServer, spool: Spool
) -> AsyncIterator[Heartbeat]:
    """The beats of a box whose spool already belongs to it."""
    spool.start_after(0, credentials.spool_owner)
    async with EdgeClient(server.url, credentials) as client:
        yield Heartbeat(settings, credentials, client, spool)


def lost_answer(server: DeviceServer) -> Answer:
    """The server stores the beat, and its answer does not arrive."""

    def answer(beat: dict[str, Any]) -> Response:
        server.entries.update({entry["sequence"]: entry for entry in beat["entries"]})
        return problem(502, "bad_gateway")

    return answer


async def test_a_beat_carries_figures_and_empties_the_spool(
    heartbeat: Heartbeat, server: DeviceServer, spool: Spool
) -> None:
    spool.add("started", {"version": "1"})

    await heartbeat.beat()

    assert server.beats[0]["status"]["disk_free_gib"] > 0
    assert server.beats[0]["status"]["cameras_ok"] == 1
    assert server.entries[1]["kind"] == "started"
    assert len(spool) == 0


async def test_a_full_spool_is_handed_over_in_rounds(
    heartbeat: Heartbeat, server: DeviceServer, spool: Spool
) -> None:
    for _ in range(450):
        spool.add("event", {})

    await heartbeat.beat()

    assert [len(beat["entries"]) for beat in server.beats] == [200, 200, 50]
    assert len(spool) == 0


async def test_what_arrived_without_an_answer_is_sent_again_and_stays_one(
    heartbeat: Heartbeat, server: DeviceServer, spool: Spool
) -> None:
    spool.add("event", {})
    server.beat_answers = [lost_answer(server)]

    await heartbeat.beat()
    await heartbeat.beat()

    assert [entry["sequence"] for beat in server.beats for entry in beat["entries"]] == [1]
    assert server.ack == 1
    # What is left is the word that the connection was away.
    assert [entry.kind for entry in spool.batch()] == ["connection_restored"]


async def test_nothing_is_lost_while_the_cable_is_cut(
    heartbeat: Heartbeat, server: DeviceServer, spool: Spool
) -> None:
    await server.stop()
    for number in range(3):
        spool.add("event", {"number": number})
        await heartbeat.beat()
    await server.start()

    await heartbeat.beat()
    await heartbeat.beat()

    kinds = [server.entries[number]["kind"] for number in sorted(server.entries)]
    assert kinds == ["event", "event", "event", "connection_restored"]
    assert server.entries[4]["data"]["away_s"] >= 0


async def test_a_busy_server_is_left_alone_for_as_long_as_it_asked(
    heartbeat: Heartbeat, server: DeviceServer
) -> None:
    server.beat_answers = [lambda _: problem(503, "unavailable", {"Retry-After": "60"})]

    await heartbeat.beat()
    await heartbeat.beat()

    assert server.beats == []


async def test_an_entry_the_server_cannot_take_does_not_make_the_box_look_dead(
    heartbeat: Heartbeat, server: DeviceServer, spool: Spool
) -> None:
    spool.add("event", {})
    server.beat_answers = [lambda _: problem(400, "malformed", problem="kind")]

    await heartbeat.beat()

    assert [beat["entries"] for beat in server.beats] == [[]]
    assert len(spool) == 1
    assert heartbeat.ended is None


async def test_a_box_that_took_an_identity_over_goes_on_where_the_other_ended(
    heartbeat: Heartbeat, server: DeviceServer, spool: Spool
) -> None:
    spool.start_after(0, "of the identity it had before")
    for number in range(1, 301):
        server.entries[number] = {"sequence": number, "kind": "event", "of": "the box before"}
    spool.add("started", {})

    await heartbeat.beat()

    assert server.entries[301]["kind"] == "started"
    assert len(spool) == 0


async def test_a_box_that_is_not_recognised_any_more_stops(
    heartbeat: Heartbeat, server: DeviceServer
) -> None:
    server.edge_secret = "rotated"

    await heartbeat.beat()
    await heartbeat.beat()

    assert heartbeat.over.is_set()
    assert heartbeat.ended is Ended.NOT_RECOGNISED
    assert server.refusals == ["signature_invalid"]


async def test_news_of_the_server_end_the_beats_for_a_handshake(
    heartbeat: Heartbeat, server: DeviceServer
) -> None:
    await heartbeat.beat()
    assert heartbeat.ended is None
    server.config_version, server.beat_s = "2", 60.0

    await heartbeat.beat()

    assert heartbeat.ended is Ended.CONFIG_CHANGED


async def test_a_new_roster_is_kept_without_a_handshake(
    heartbeat: Heartbeat, settings: EdgeSettings, server: DeviceServer
) -> None:
    await heartbeat.beat()
    server.config_version = "2"
    server.keypad = {"people": [{"slot": 7, "name": "Budi"}], "revoked": [{"slot": 3, "window": 1_964_000}]}

    await heartbeat.beat()

    assert heartbeat.ended is None
    assert load_roster(settings.roster_file) == Roster({7: "Budi"}, frozenset({PinId(3, 1_964_000)}))
    assert settings.roster_file.stat().st_mode & 0o777 == 0o600


async def test_beats_come_by_themselves_until_stopped(heartbeat: Heartbeat, server: DeviceServer) -> None:
    heartbeat.start()
    await until(lambda: len(server.beats) >= 3)

    heartbeat.stop()

    assert heartbeat.over.is_set()
    assert heartbeat.ended is None


async def test_a_clock_that_was_set_back_does_not_silence_the_box(
    heartbeat: Heartbeat, server: DeviceServer
) -> None:
    heartbeat.start()
    await until(lambda: server.beats)
    # The next beat lies an hour ahead, as it does after the clock was set back by an hour.
    heartbeat._scheduler.get_job("heartbeat").modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
    before = len(server.beats)

    heartbeat.follow_clock()

    await until(lambda: len(server.beats) > before + 1)
    heartbeat.stop()
