"""A changed promise reaches every open ticket of its priority, and says in the timeline what moved."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from bot.retiming import retime_due
from db import retimings
from db.helpdesk_audit import By
from db.models.promises import Retiming
from db.promises import Promise, write_policy
from db.session import SYSTEM
from domain.errors import Unavailable
from domain.priorities import Priority
from domain.tickets import TicketMove as Move
from tests.waiting import eventually
from tests.workflows.desk import Desk, local
from tests.workflows.field import Field


async def unavailable(*_: object) -> None:
    raise Unavailable


async def test_a_changed_promise_is_told_to_all_open_tickets_in_batches(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await Desk.of(field)
    await desk.until(0, 7, 30)
    monkeypatch.setattr(retimings, "AT_ONCE", 2)
    high = [await desk.a_ticket() for _ in range(3)]
    low = await desk.a_ticket(Priority.LOW)
    closed = await desk.a_ticket()
    await desk.move(closed, Move.CLOSE, reason="spam")

    async def change(solution_h: float) -> None:
        async with field.database.transaction(SYSTEM) as session:
            by = By(field.people["Maya"], f"tg-{solution_h}")
            promise = Promise(3600.0, solution_h * 3600)
            await write_policy(session, desk.organization, Priority.HIGH, promise, by)

    async def told(gateway: Any, after: timedelta = timedelta()) -> int:  # noqa: ANN401 - or a broken one
        parts = SimpleNamespace(settings=SimpleNamespace(database=field.database, gateway=gateway))
        return await retime_due(cast("Any", parts), datetime.now(UTC) + after)

    await change(4)
    assert await told(SimpleNamespace(tickets=SimpleNamespace(retime=unavailable))) == 0
    assert await told(field.gateway) == 3

    async def due() -> list[str]:
        rows = [await desk.row(ticket) for ticket in (*high, low)]
        return [local(row.solution_due_at) for row in rows]

    await eventually(due, lambda found: found[:3] == ["Mon 12:00"] * 3)
    assert (await due())[3] == "Sat 08:30"
    lines = [line for line in await desk.story(high[0]) if line.move == Move.RETIME]
    assert [sorted(line.details) for line in lines] == [
        ["file_messages", "files", "solution_due", "solution_was"]
    ]

    # A second round, for what was being opened meanwhile, changes nothing; then nothing is due any more.
    assert await told(field.gateway) == 0
    await told(field.gateway, timedelta(seconds=61))
    async with field.database.transaction(SYSTEM) as session:
        assert await session.scalar(select(func.count()).select_from(Retiming)) == 0
    assert (await desk.moves(high[0])).count("retime") == 1
