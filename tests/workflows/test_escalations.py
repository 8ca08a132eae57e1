"""Every way a ladder may go: who is called when, who may answer, and what ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.escalations import tell_unreached
from db.session import SYSTEM
from domain import ids
from domain.errors import AlreadyTaken, Closed, NotAllowed, NotPossibleNow
from domain.escalations import (
    Audience,
    EscalationState,
    Rung,
)
from domain.escalations import EscalationMove as Move
from tests.waiting import ended
from tests.workflows.field import Field
from tests.workflows.ladders import JAKARTA, LADDER, Ladder, a_ladder, a_state, until
from workflows.escalating import begin_ladder, end_ladder
from workflows.escalation import Escalation


@pytest.mark.outcome("escalation-resolved")
async def test_each_rung_is_called_in_its_time_until_the_owner_ends_it(field: Field) -> None:
    await until(field, 9)
    ladder = await a_ladder(field)

    await field.skip(minutes=14)
    assert await ladder.calls() == []
    expected = [
        ("call", "holder", "Technician"),
        ("call", "dispatcher", "Admin"),
        ("call", "admins", "Admin, Super Admin"),
        ("call", "super_admins", "Super Admin"),
    ]
    for count, minutes in ((1, 2), (2, 30), (3, 75), (4, 120)):
        await field.skip(minutes=minutes)
        assert await ladder.called(count) == expected[:count]

    with pytest.raises(NotAllowed):  # whom it is about cannot silence it
        await ladder.answer(Move.ACKNOWLEDGE, by="Technician")
    page = (await ladder.pages("Technician"))[-1]
    assert (page.loudness, page.delivery_class, page.state) == ("sound", "alarm", "due")
    await field.skip(days=3)
    await ladder.handle.signal(Escalation.resolve, "start")
    await ended(ladder.handle)
    row = await ladder.row()
    assert (row.reached, row.end_reason, row.ended_at is not None) == (4, "start", True)
    assert (await ladder.calls())[4:] == [("end", None, None)]
    with pytest.raises(Closed):
        await ladder.answer(Move.TAKE)


@pytest.mark.outcome("escalation-taken")
async def test_an_answer_stops_the_calls_and_says_who_has_it(field: Field) -> None:
    await until(field, 9)
    ladder = await a_ladder(field)
    with pytest.raises(NotAllowed):  # nobody was called yet
        await ladder.answer(Move.ACKNOWLEDGE)
    with pytest.raises(NotPossibleNow):
        await ladder.answer(Move.ACKNOWLEDGE, by="Super Admin")
    await field.skip(minutes=50)
    await ladder.called(2)

    seen = await ladder.answer(Move.ACKNOWLEDGE)
    assert await ladder.answer(Move.ACKNOWLEDGE) == seen
    with pytest.raises(NotPossibleNow):
        await ladder.answer(Move.SNOOZE, minutes=15)
    taken = await ladder.answer(Move.TAKE, by="Super Admin")  # manages, though not called
    assert taken.answered_by == field.people["Super Admin"]
    with pytest.raises(AlreadyTaken) as refused:
        await ladder.answer(Move.TAKE)
    assert refused.value.details["holder"] == "Super Admin"

    await field.skip(days=1)
    assert [line[0] for line in await ladder.calls()] == ["call", "call", "acknowledge", "take"]
    assert (await ladder.row()).answer == "take"
    await ladder.handle.cancel()  # pressed in the Temporal UI
    await ended(ladder.handle)
    assert (await ladder.row()).end_reason == "temporal_ui"


@pytest.mark.outcome("escalation-snoozed")
async def test_a_snooze_ends_with_the_next_rung_or_with_the_same_people_again(field: Field) -> None:
    await until(field, 9)
    ladder = await a_ladder(field, Rung(Audience.DISPATCHER, 0), Rung(Audience.SUPER_ADMINS, 3600))
    await ladder.called(1)

    until_then = await ladder.answer(Move.SNOOZE, minutes=15)
    assert until_then.snoozed_until is not None
    await field.skip(minutes=16)  # the next rung's time has not come
    assert (await ladder.called(3))[1:] == [("snooze", None, "15"), ("call", "dispatcher", "Admin")]
    await ladder.answer(Move.SNOOZE, minutes=60)
    await field.skip(minutes=50)  # it would have come now
    assert len(await ladder.calls()) == 4
    await field.skip(minutes=11)
    assert (await ladder.called(5))[4:] == [("call", "super_admins", "Super Admin")]

    await ladder.answer(Move.SNOOZE, by="Super Admin", minutes=15)
    await field.skip(minutes=16)  # nobody is left to call but who asked for it
    assert (await ladder.called(7))[6:] == [("call", "super_admins", "Super Admin")]
    assert (await ladder.row()).answer is None


async def test_at_night_only_the_urgent_rings(field: Field) -> None:
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(text("delete from settings where key like 'quiet_%'"))  # the demo never rests
    await until(field, 22)
    calm = await a_ladder(field, Rung(Audience.DISPATCHER, 0))
    await calm.called(1)
    urgent = await a_ladder(field, Rung(Audience.SUPER_ADMINS, 0), urgent=True)
    await urgent.called(1)

    (waits,) = await calm.pages("Admin")
    local = waits.due_at.astimezone(JAKARTA)
    assert (waits.state, local.hour, local.minute) == ("due", 6, 0)
    assert local.date() == (await field.now()).astimezone(JAKARTA).date() + timedelta(days=1)
    (rings,) = await urgent.pages("Super Admin")
    assert (rings.loudness, rings.priority) == ("page", 1)
    assert rings.due_at < waits.due_at

    await calm.answer(Move.TAKE, by="Super Admin")  # so nobody is woken for it any more
    (dropped,) = await calm.pages("Admin")
    assert (dropped.state, dropped.error) == ("dropped", "called off")


@pytest.mark.outcome("escalation-unreachable")
async def test_a_rung_that_reaches_nobody_does_not_hold_up_the_next(field: Field) -> None:
    await until(field, 9)
    nobody = await a_ladder(field, Rung(Audience.HOLDER, 0), Rung(Audience.DISPATCHER, 86_400), to=None)
    assert await nobody.called(2) == [("nobody_to_call", "holder", ""), ("call", "dispatcher", "Admin")]

    async with field.database.transaction(SYSTEM) as session:
        await session.execute(text("delete from telegram_accounts where first_name = 'Technician'"))
    ladder = await a_ladder(field, *LADDER[:2], Rung(Audience.SUPER_ADMINS, 86_400))
    await field.skip(minutes=16)
    assert await ladder.called(2) == [("call", "holder", "Technician"), ("call", "dispatcher", "Admin")]
    (unlinked,) = await ladder.pages("Technician")
    assert (unlinked.state, unlinked.error) == ("failed", "not_linked")

    assert await tell_unreached(field.temporal.client, field.database) == 0
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update deliveries set state = 'failed' where id = :id"),
            {"id": (await ladder.pages("Admin"))[-1].id},
        )
    assert await tell_unreached(field.temporal.client, field.database) == 1
    assert (await ladder.called(3))[2] == ("call", "super_admins", "Super Admin")
    assert await tell_unreached(field.temporal.client, field.database) == 0


@workflow.defn(name="test-owner", sandboxed=False)
class Owner:
    """Begins a ladder, the next while the first runs, and ends it."""

    def __init__(self) -> None:
        self._settled = False

    @workflow.run
    async def run(self, ladders: list[EscalationState]) -> None:
        for state in ladders:
            await begin_ladder(state)
        await workflow.wait_condition(lambda: self._settled)
        await end_ladder(ladders[0].owner_workflow_id, "accept")

    @workflow.signal
    def settle(self) -> None:
        self._settled = True


async def test_the_next_ladder_of_an_owner_takes_the_place_of_the_former(field: Field) -> None:
    await until(field, 9)
    task, at = await field.a_task(), await field.now()
    states = [
        a_state(field, task.assignment_id, at + timedelta(minutes=later), Rung(Audience.DISPATCHER, after))
        for later, after in ((0, 0), (1, 3600))
    ]
    client = field.temporal.client
    async with Worker(
        client, task_queue="owners", workflows=[Owner], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        owner = await client.start_workflow(Owner.run, states, id="owner", task_queue="owners")
        ladder = Ladder(
            field, task.assignment_id, client.get_workflow_handle(ids.escalation_id("assignment-1"))
        )
        await field.skip(minutes=70)
        await ladder.called(3)
        await owner.signal(Owner.settle)
        await ended(owner)
        await ended(ladder.handle)

    assert [line[0] for line in await ladder.calls()] == ["call", "end", "call", "end"]
    async with field.database.transaction(SYSTEM) as session:
        reasons = await session.scalars(text("select end_reason from escalations order by id"))
        assert list(reasons) == ["replaced", "accept"]
