"""The outbox: once per source, coalesced, and claimed within the rates by one replica at a time."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat import outcomes, queue, rates
from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce, queue_reply
from db.chat.health import health
from db.session import SYSTEM, Database
from domain.chat import DeliveryClass, Loudness, Thing


async def rows(database: Database, statement: str) -> list[Any]:
    async with database.transaction(SYSTEM) as session:
        return list(await session.execute(text(statement)))


async def ensure(database: Database, source: str, loudness: Loudness) -> None:
    async with database.transaction(SYSTEM) as session:
        await ensure_card(session, Thing.MACHINE, 1, 1, loudness=loudness, source=source)


async def reply(database: Database, chat: int, word: str) -> None:
    async with database.transaction(SYSTEM) as session:
        await queue_reply(
            session,
            source=word,
            template="t",
            chat_id=chat,
            thread_id=None,
            user_id=None,
            content={"text": word, "markup": None},
        )


async def claim(database: Database) -> queue.Claim:
    async with database.transaction(SYSTEM) as session:
        return await queue.claim(session, uuid4())


async def test_a_card_that_is_due_already_takes_on_the_louder_loudness(readers: Database) -> None:
    await ensure(readers, "a", Loudness.EDIT)
    await ensure(readers, "b", Loudness.SOUND)
    await ensure(readers, "c", Loudness.EDIT)

    found = await rows(readers, "select loudness from deliveries where state = 'due'")
    assert [row.loudness for row in found] == ["sound"]


async def test_the_same_source_queues_a_card_once_even_after_it_was_merged_and_sent(
    readers: Database,
) -> None:
    await ensure(readers, "a", Loudness.EDIT)
    await ensure(readers, "b", Loudness.SOUND)
    await rows(readers, "update deliveries set state = 'sent' where state = 'due' returning id")

    await ensure(readers, "a", Loudness.EDIT)
    await ensure(readers, "b", Loudness.SOUND)

    assert await rows(readers, "select 1 from deliveries where state = 'due'") == []


async def test_what_waits_for_the_morning_is_overtaken_only_by_what_may_ring_now(readers: Database) -> None:
    async def call(source: str, loudness: Loudness, *, rests: bool) -> tuple[str, bool]:
        """Ensure the card and return what is due: how loud, and whether it waits."""
        async with readers.transaction(SYSTEM) as session:
            morning = datetime.now(UTC) + timedelta(hours=8) if rests else None
            await ensure_card(
                session,
                Thing.MACHINE,
                1,
                1,
                loudness=loudness,
                source=source,
                delivery_class=DeliveryClass.ALARM,
                not_before=morning,
            )
        waits = "select loudness, delivery_class, due_at > now() as waits from deliveries where state = 'due'"
        (due,) = await rows(readers, waits)
        assert due.delivery_class == "alarm"
        return due.loudness, due.waits

    assert await call("edit", Loudness.EDIT, rests=False) == ("edit", False)
    assert await call("call", Loudness.SOUND, rests=True) == ("sound", True)
    assert await call("call again", Loudness.SOUND, rests=True) == ("sound", True)
    assert await call("urgent", Loudness.PAGE, rests=False) == ("page", False)
    assert await call("calm", Loudness.SOUND, rests=True) == ("page", False)


async def test_the_same_reader_gets_the_same_notice_once(readers: Database) -> None:
    for loudness in (Loudness.SOUND, Loudness.PAGE):
        async with readers.transaction(SYSTEM) as session:
            await announce(
                session,
                template="t",
                user_id=1,
                organization_id=None,
                source="s",
                context={},
                loudness=loudness,
                delivery_class=DeliveryClass.ALARM,
            )

    found = await rows(readers, "select loudness, delivery_class from deliveries")
    assert [(row.loudness, row.delivery_class) for row in found] == [("sound", "alarm")]


async def test_an_organizations_own_loudness_counts(readers: Database) -> None:
    await rows(
        readers, "insert into organizations (id, name) overriding system value values (9, 'O') returning id"
    )
    await rows(
        readers,
        "insert into notification_priorities (organization_id, template, loudness) "
        "values (9, 't', 'silent') returning id",
    )
    async with readers.transaction(SYSTEM) as session:
        await announce(
            session,
            template="t",
            user_id=1,
            organization_id=9,
            source="s",
            context={},
            loudness=Loudness.SOUND,
        )

    assert (await rows(readers, "select loudness from deliveries"))[0].loudness == "silent"


async def test_one_delivery_at_a_time_leaves_for_a_chat(readers: Database) -> None:
    await reply(readers, 1, "first")
    await reply(readers, 1, "second")
    await reply(readers, 2, "other")

    first, second = await claim(readers), await claim(readers)

    assert {(due.content or {})["text"] for due in first.due} == {"first", "other"}
    assert second.due == []


async def test_a_chat_that_becomes_ready_while_it_is_looked_at_keeps_its_order(readers: Database) -> None:
    for word in ("first", "second", "third"):
        await reply(readers, 1, word)
    left = []
    for ready_at_look in range(20):
        async with readers.transaction(SYSTEM) as session:
            await rates.hold(session, 1, float(ready_at_look))
            await _let_time_fly(session)

            left += (await queue.claim(session, uuid4())).due

            await session.rollback()

    assert {(due.content or {})["text"] for due in left} == {"first"}


async def _let_time_fly(session: AsyncSession) -> None:
    """In this transaction a second passes with every look at the clock."""
    for statement in (
        "set local role none",
        "create schema flying",
        "create sequence flying.looks",
        """
        create function flying.clock_timestamp() returns timestamptz volatile language sql
        return pg_catalog.statement_timestamp() + nextval('flying.looks') * interval '1 s'
        """,
        "set local search_path = flying, pg_catalog, public",
    ):
        await session.execute(text(statement))


async def test_a_private_chat_takes_three_at_once_and_then_one_a_second(readers: Database) -> None:
    for number in range(5):
        await reply(readers, 1, f"w{number}")
    begun = time.monotonic()

    left = []
    for _ in range(5):
        found = await claim(readers)
        left += found.due
        await rows(readers, "update send_lanes set lease_until = null where chat_id = 1 returning chat_id")

    assert 3 <= len(left) <= 3 + (time.monotonic() - begun) / rates.EVERY_S
    assert 0 < (found.next_in_s or 0) <= rates.EVERY_S


async def test_the_token_leaves_a_gap_between_sends_of_all_chats(readers: Database) -> None:
    for chat in range(1, 21):
        await reply(readers, 1000 + chat, f"w{chat}")
    begun = time.monotonic()

    found = (await claim(readers)).due
    more = (await claim(readers)).due

    allowed = (rates.AHEAD_S + time.monotonic() - begun) / rates.TOKEN_EVERY_S
    assert len(found) == int(rates.AHEAD_S / rates.TOKEN_EVERY_S)
    gaps = [later.after_s - sooner.after_s for sooner, later in pairwise(found)]
    assert all(gap == pytest.approx(rates.TOKEN_EVERY_S, abs=0.001) for gap in gaps)
    assert len(found) + len(more) <= allowed


async def test_a_claim_without_an_answer_is_put_back_and_nothing_overtakes_it(readers: Database) -> None:
    for word in ("first", "second"):
        await reply(readers, 1, word)
    await reply(readers, 2, "under way")
    owner = uuid4()
    async with readers.transaction(SYSTEM) as session:
        found = (await queue.claim(session, owner)).due
    under_way = [due.id for due in found if due.chat_id == 2]

    async with readers.transaction(SYSTEM) as session:
        for due in await queue.unknown(session, owner, under_way):
            await outcomes.again(session, due, "unknown", wait_s=0.0)
            await rates.release(session, owner, due.chat_id)

    again = (await claim(readers)).due
    assert [due.content for due in again] == [{"text": "first", "markup": None}]


async def test_a_card_put_back_joins_the_touch_that_came_meanwhile(readers: Database) -> None:
    await ensure(readers, "made", Loudness.SOUND)
    owner = uuid4()
    async with readers.transaction(SYSTEM) as session:
        await queue.claim(session, owner)
    async with readers.transaction(SYSTEM) as session:
        await touch_cards(session, (Thing.MACHINE, 1))

    async with readers.transaction(SYSTEM) as session:
        for due in await queue.unknown(session, owner, ()):
            await outcomes.again(session, due, "unknown", wait_s=0.0)

    states = await rows(readers, "select state, loudness from deliveries order by id")
    assert [(row.state, row.loudness) for row in states] == [("dropped", "sound"), ("due", "sound")]


async def test_what_could_not_leave_keeps_its_place_until_it_failed_often(readers: Database) -> None:
    for word in ("first", "second"):
        await reply(readers, 1, word)
    said = []
    for _ in range(outcomes.KEEPS_PLACE_FOR + 2):
        due = (await claim(readers)).due[0]
        said.append((due.content or {})["text"])
        async with readers.transaction(SYSTEM) as session:
            await outcomes.again(session, due, "unreachable", wait_s=0.0 if due.attempts < 6 else 60.0)
            await session.execute(text("update send_lanes set lease_until = null, next_at = now()"))

    assert said == ["first"] * (outcomes.KEEPS_PLACE_FOR + 1) + ["second"]


async def test_a_retry_after_stops_the_chat_and_a_second_one_the_token(readers: Database) -> None:
    await reply(readers, 1, "a")
    await reply(readers, 2, "b")
    await reply(readers, 3, "c")
    async with readers.transaction(SYSTEM) as session:
        await rates.lock_token(session)
        await rates.block(session, 1, 30)
    assert {due.chat_id for due in (await claim(readers)).due} == {2, 3}

    await reply(readers, 4, "d")
    async with readers.transaction(SYSTEM) as session:
        await rates.block(session, 2, 30)

    assert (await claim(readers)).due == []


async def test_a_failed_edit_joins_the_touch_that_came_meanwhile(readers: Database) -> None:
    await ensure(readers, "a", Loudness.SOUND)
    due = (await claim(readers)).due[0]
    async with readers.transaction(SYSTEM) as session:
        await touch_cards(session, (Thing.MACHINE, 1))

    async with readers.transaction(SYSTEM) as session:
        await outcomes.again(session, due, "away")

    found = await rows(readers, "select state, loudness from deliveries order by id")
    assert [(row.state, row.loudness) for row in found] == [("dropped", "sound"), ("due", "sound")]


async def test_health_tells_what_waits(readers: Database) -> None:
    await reply(readers, 1, "a")
    await rows(readers, "update deliveries set due_at = now() - interval '1 minute' returning id")

    async with readers.transaction(SYSTEM) as session:
        found = await health(session)

    assert found.oldest_delivery_s >= 60
    assert (found.oldest_update_s, found.uncertain, found.parked) == (0, 0, 0)
