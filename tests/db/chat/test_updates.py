"""Storing updates: numbered per chat without gaps, once, whatever they hold."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.chat.lanes import claim, done, give_back, park, waiting
from db.chat.updates import lane_of, storable, store
from db.session import SYSTEM, Database


def a_message(update_id: int, chat: int, **more: object) -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": chat}, **more}}


@pytest.mark.parametrize(
    ("raw", "lane"),
    [
        (a_message(1, 42), "42"),
        (a_message(1, -100, message_thread_id=7, is_topic_message=True), "-100:7"),
        (a_message(1, -100, message_thread_id=7), "-100"),
        ({"callback_query": {"message": {"chat": {"id": 42}}}}, "42"),
        ({"my_chat_member": {"chat": {"id": 42}}}, "42"),
        ({"edited_message": {"chat": {"id": 42}}}, "42"),
        ({"callback_query": {"inline_message_id": "x"}}, "none"),
        ({"message": []}, "none"),
        ({"message": {"chat": 5}}, "none"),
        ({"message": {"chat": {"id": 2**80}}}, "none"),
        ({}, "none"),
    ],
)
def test_the_lane_is_chat_and_topic(raw: dict[str, Any], lane: str) -> None:
    assert lane_of(raw) == lane


async def test_replicas_that_store_at_once_number_each_chat_without_gaps(database: Database) -> None:
    async def batch(start: int) -> None:
        await store(database, [a_message(number, number % 3) for number in range(start, start + 10)])

    await asyncio.gather(*(batch(start) for start in (0, 5, 10, 15, 20, 25, 0, 10)))

    async with database.transaction(SYSTEM) as session:
        rows = list(
            await session.execute(text("select lane, n, update_id from telegram_updates order by lane, n"))
        )
        lanes = await session.execute(text("select lane, last_n from chat_lanes"))
        last = {row.lane: row.last_n for row in lanes}
    assert sorted(row.update_id for row in rows) == list(range(35))
    for lane in ("0", "1", "2"):
        numbers = [row.n for row in rows if row.lane == lane]
        assert numbers == list(range(1, last[lane] + 1))


async def test_who_stores_gets_the_lanes_where_nothing_waits_up_to_what_is_free(database: Database) -> None:
    one, other = uuid4(), uuid4()

    first = await store(database, [a_message(1, 7), a_message(2, 8), a_message(3, 7)], owner=one, free=1)
    more = await store(database, [a_message(4, 7), a_message(5, 8)], owner=one, free=9)
    async with database.statements() as session:
        others = await claim(session, other, 9)
        assert not await done(session, one, "7", 1, 3)
    again = await store(database, [a_message(6, 7)], owner=other, free=1)

    claimed = {
        lane: [(queued.n, queued.update_id) for queued in heads] for lane, heads in first.claimed.items()
    }
    assert claimed == {"7": [(1, 1), (2, 3)]}
    assert more.claimed == {}, "a lane where something waits is nobody's gift"
    assert list(others.heads) == ["8"]
    assert [queued.update_id for queued in again.claimed["7"]] == [6]


async def test_a_lane_that_is_leased_stays_with_who_leases_it(database: Database) -> None:
    one, other = uuid4(), uuid4()
    await store(database, [a_message(1, 7)], owner=one, free=1)
    async with database.statements() as session:
        await park(session, one, "7", 1, 1, error="x")  # nothing waits now, but the lane is not let go yet

    stored = await store(database, [a_message(2, 7)], owner=other, free=1)

    assert stored.claimed == {}
    async with database.statements() as session:
        assert [queued.update_id for queued in await waiting(session, one, "7")] == [2]
        await give_back(session, one)
        assert list((await claim(session, other, 1)).heads) == ["7"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(value=st.dictionaries(st.sampled_from(["message", "callback_query", "x"]), JSON))
def test_every_update_has_a_lane(value: dict[str, Any]) -> None:
    assert lane_of(value)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(values=st.lists(JSON, max_size=5))
def test_whatever_json_comes_can_be_stored(values: list[Any], database_url: str) -> None:
    async def run() -> None:
        database = Database(database_url, pool_size=1)
        async with database.transaction(SYSTEM) as session:
            await session.execute(text("delete from telegram_updates"))
        await store(database, [{"update_id": number, "message": one} for number, one in enumerate(values)])
        await database.dispose()

    asyncio.run(run())


def test_what_postgresql_refuses_is_taken_out() -> None:
    assert storable({"a\x00": ["b\ud800c", float("nan"), float("inf"), 1.5]}) == {
        "a": ["b?c", None, None, 1.5]
    }
