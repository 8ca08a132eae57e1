"""What bot and web hear when Temporal, a worker or the workflow is gone."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from db.queries.runs import assignment_state
from db.secrets import Cipher
from db.session import SYSTEM, Database
from domain import ids
from domain.assignments import AssignmentCommand, AssignmentView
from domain.assignments import AssignmentMove as Move
from domain.errors import Closed, Unavailable
from tests.waiting import ended, eventually
from tests.workflows.field import Field
from tests.workflows.servers import a_worker, free_port, start_dev_server
from workflows.asking import NotAnswered, asked
from workflows.client import Gateway, Noted


def accept(field: Field) -> AssignmentCommand:
    return AssignmentCommand(Move.ACCEPT, field.people["Technician"], "Technician")


async def test_without_a_worker_a_wish_is_noted_and_its_repeat_applies_it_once(
    unattended: Field, hasty: Gateway
) -> None:
    field = unattended
    state = await field.a_new_task("Technician", "http-1")

    first = await hasty.create_assignment("http-1", state)
    async with a_worker(field.temporal.client, field.database, field.cipher):
        again = await field.gateway.create_assignment("http-1", state)
        third = await field.gateway.create_assignment("http-1", state)

    assert first == Noted("http-1")
    assert isinstance(again, AssignmentView)
    assert again == third
    assert [line.action for line in await field.story(again)] == ["offer"]


@pytest.mark.devserver
async def test_without_temporal_a_wish_is_noted_and_its_repeat_applies_it_once(
    tmp_path: Path, demo_database: Database, cipher: Cipher
) -> None:
    port = free_port()
    server = await start_dev_server(port=port, database=tmp_path / "temporal.db")
    client = server.client
    hasty = Gateway(client, rpc_timeout_s=0.5)
    async with a_worker(client, demo_database, cipher):
        field = await Field.of(server, demo_database, cipher)
        task = await field.a_task()

        await server.shutdown()
        assert not await hasty.healthy()
        assert await hasty.move_assignment("tg-7", task.assignment_id, accept(field)) == Noted("tg-7")
        async with demo_database.transaction(SYSTEM) as session:
            state = await assignment_state(session, task.assignment_id)
        assert state is not None
        with pytest.raises(Unavailable):
            await hasty.repair_assignment(state)

        async with await start_dev_server(port=port, database=tmp_path / "temporal.db"):
            await eventually(field.gateway.healthy, bool)
            view = await _settled(field, task)
            assert view.holder == field.people["Technician"]

    assert [line.action for line in await field.story(task)] == ["offer", "accept"]


async def _settled(field: Field, task: AssignmentView) -> AssignmentView:
    """Repeat the wish, as its caller does, until it is answered."""

    async def ask() -> AssignmentView | Noted:
        return await field.gateway.move_assignment("tg-7", task.assignment_id, accept(field))

    answer = await eventually(ask, lambda said: not isinstance(said, Noted), timeout_s=30)
    assert isinstance(answer, AssignmentView)
    return answer


async def test_a_thing_that_never_was_is_closed(unattended: Field) -> None:
    with pytest.raises(Closed):
        await unattended.gateway.move_assignment("tg-1", 4711, accept(unattended))


async def test_a_server_that_was_never_there_is_noted() -> None:
    client = await Client.connect(f"127.0.0.1:{free_port()}", lazy=True)
    gateway = Gateway(client, rpc_timeout_s=0.5)
    command = AssignmentCommand(Move.ACCEPT, 1, "Technician")
    assert await gateway.move_assignment("tg-1", 1, command) == Noted("tg-1")
    assert not await gateway.healthy()


async def test_a_caller_that_is_cancelled_stays_cancelled(unattended: Field) -> None:
    field = unattended
    async with a_worker(field.temporal.client, field.database, field.cipher):
        task = await field.a_task()
    asking = asyncio.create_task(field.gateway.move_assignment("tg-1", task.assignment_id, accept(field)))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_terminated_run_is_closed(field: Field) -> None:
    task = await field.a_task()
    await field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id)).terminate()
    with pytest.raises(Closed):
        await field.gateway.move_assignment("tg-1", task.assignment_id, accept(field))


async def test_a_run_that_ends_before_it_answers_was_not_asked_in_vain() -> None:
    async def ask() -> None:
        ended = ApplicationError("ended", type="AcceptedUpdateCompletedWorkflow", non_retryable=True)
        raise WorkflowUpdateFailedError(ended)

    with pytest.raises(NotAnswered):
        await asked(ask, timedelta(seconds=1))


async def test_a_fault_in_a_handler_is_no_refusal() -> None:
    async def ask() -> None:
        raise WorkflowUpdateFailedError(ApplicationError("bug", type="ValueError", non_retryable=True))

    with pytest.raises(WorkflowUpdateFailedError):
        await asked(ask, timedelta(seconds=1))


@pytest.mark.devserver
async def test_creating_again_after_the_end_gives_the_first_answer(dev_field: Field) -> None:
    field = dev_field
    state = await field.a_new_task("Technician", "http-1")
    created = await field.gateway.create_assignment("http-1", state)
    assert isinstance(created, AssignmentView)
    await field.move(created, Move.CANCEL, by="Admin")
    await ended(field.temporal.client.get_workflow_handle(ids.assignment_id(created.assignment_id)))

    assert await field.gateway.create_assignment("http-1", state) == created
    with pytest.raises(Closed):
        await field.gateway.create_assignment("http-2", state)


async def test_temporal_answers_when_it_is_there(temporal: WorkflowEnvironment) -> None:
    assert await Gateway(temporal.client).healthy()
