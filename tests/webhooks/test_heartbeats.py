"""Heartbeats: signed HTTP in, acknowledgement out."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from db.models.machines import EdgeDevice, EdgeEntry, EdgeServer
from db.session import SYSTEM
from domain.errors import Unavailable
from tests.webhooks.boxes import beat
from tests.webhooks.conftest import Api
from webhooks.batching import Batcher


async def test_a_beat_sets_the_next_deadline_and_says_the_time(api: Api) -> None:
    answer = await api.box.beat(beat())

    assert answer.status_code == 200
    assert answer.json()["ack"] == 0
    assert {"server_time", "config_version"} <= answer.json().keys()
    async with api.database.transaction(SYSTEM) as session:
        server = await session.get_one(EdgeServer, api.box.edge_server_id)
        device = (
            await session.scalars(select(EdgeDevice).where(EdgeDevice.edge_server_id == server.id))
        ).one()
        assert server.last_heartbeat is not None
        assert server.beat_due_at is not None
        assert (server.beat_due_at - server.last_heartbeat).total_seconds() == server.missed_after_s
        assert device.last_heartbeat_at == server.last_heartbeat


async def test_the_spool_is_acknowledged_up_to_the_first_gap(api: Api) -> None:
    assert (await api.box.beat(beat(1, 2, 4))).json()["ack"] == 2
    assert (await api.box.beat(beat(2, 3))).json()["ack"] == 4
    assert (await api.box.beat(beat(1, 5))).json()["ack"] == 5

    async with api.database.transaction(SYSTEM) as session:
        assert await session.scalar(select(func.count()).select_from(EdgeEntry)) == 5


async def test_a_replayed_beat_is_refused_and_stores_nothing(api: Api) -> None:
    assert (await api.box.beat(beat(1), nonce="aa" * 16)).status_code == 200
    again = await api.box.beat(beat(2), nonce="aa" * 16)

    assert (again.status_code, again.json()["code"]) == (409, "replayed")
    assert (await api.box.beat(beat())).json()["ack"] == 1


async def test_of_twins_in_one_moment_one_counts(api: Api) -> None:
    twins = await asyncio.gather(*(api.box.beat(beat(1), nonce="bb" * 16) for _ in range(5)))

    assert sorted(one.status_code for one in twins) == [200, 409, 409, 409, 409]


async def test_many_beats_at_once_are_all_acknowledged(api: Api) -> None:
    answers = await asyncio.gather(*(api.box.beat(beat(number)) for number in range(1, 61)))

    assert {one.status_code for one in answers} == {200}
    assert (await api.box.beat(beat())).json()["ack"] == 60


async def test_words_postgres_cannot_store_do_not_stop_the_spool(api: Api) -> None:
    body = beat(1)
    body["entries"][0]["data"] = {"note": "a\x00b", "k\x00": [1e308, {"deep": "\x00"}]}

    assert (await api.box.beat(body)).json()["ack"] == 1


async def test_a_rotated_secret_and_its_predecessor_both_count_during_the_overlap(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            update(EdgeServer)
            .where(EdgeServer.id == api.box.edge_server_id)
            .values(
                previous_secret=EdgeServer.edge_secret,
                previous_until=func.now() + func.make_interval(0, 0, 0, 0, 1),
                edge_secret=api.cipher.encrypt("the-new-secret"),
            )
        )
    assert (await api.box.beat(beat())).status_code == 200
    api.box.secret = "the-new-secret"
    assert (await api.box.beat(beat())).status_code == 200


async def test_a_predecessor_past_its_overlap_no_longer_counts(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(
            update(EdgeServer)
            .where(EdgeServer.id == api.box.edge_server_id)
            .values(
                previous_secret=EdgeServer.edge_secret,
                previous_until=func.now(),
                edge_secret=api.cipher.encrypt("the-new-secret"),
            )
        )
    assert (await api.box.beat(beat())).json()["code"] == "signature_invalid"


async def test_a_box_that_was_switched_off_is_told_so(api: Api) -> None:
    async with api.database.transaction(SYSTEM) as session:
        off = update(EdgeServer).where(EdgeServer.id == api.box.edge_server_id)
        await session.execute(off.values(is_active=False))

    assert (await api.box.beat(beat())).json()["code"] == "key_revoked"


async def test_config_tells_the_same_version_as_the_beat(api: Api) -> None:
    config = (await api.box.get("/api/v1/edge/config")).json()

    assert config["config_version"] == (await api.box.beat(beat())).json()["config_version"]
    assert config["machine"]["name"] == "RVM Mall Grand Indonesia"
    assert config["queue"] == f"edge-{config['edge_id']}"
    assert config["temporal"] is None


async def test_a_full_line_refuses_before_anything_is_stored() -> None:
    async def never(_: object) -> list[int]:
        await asyncio.Event().wait()
        return []

    line: Batcher[int, int] = Batcher(never, bound=2)
    waiting = [asyncio.create_task(line.put(number)) for number in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await line.put(3)
    for task in waiting:
        task.cancel()


async def test_a_batch_that_fails_is_heard_by_all_and_the_next_one_works() -> None:
    seen: list[list[int]] = []

    async def work(items: object) -> list[int]:
        assert isinstance(items, list)
        seen.append(items)
        if len(seen) == 1:
            raise OSError
        return items

    line: Batcher[int, int] = Batcher(work, bound=10)
    running = asyncio.create_task(line.run())
    failed = await asyncio.gather(*(line.put(number) for number in range(3)), return_exceptions=True)
    assert [type(one) for one in failed] == [Unavailable] * 3
    assert await line.put(7) == 7
    assert seen == [[0, 1, 2], [7]]
    running.cancel()
