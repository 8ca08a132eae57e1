"""Whole lives of assignments per second, without chat (DESIGN 11, row 4)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from temporalio.client import WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from db import numbers
from db.session import SYSTEM
from domain import search_attributes
from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import AssignmentCommand, AssignmentMove, AssignmentStatus, AssignmentView, TaskType
from domain.priorities import Priority
from tests.bench.by_hand import QUEUE, Bare, ByHand, Step, Task
from tests.bench.cpu import CpuMeter
from tests.bench.figures import Bar, Row
from tests.bench.furnish import add_picture
from tests.bench.world import World
from workflows.client import Noted

AT_ONCE = 20
MOVES = (AssignmentMove.ACCEPT, AssignmentMove.START, AssignmentMove.PHOTO, AssignmentMove.COMPLETE)


async def measure(world: World) -> list[Row]:
    """Live through the same number of bare, hand-written and real lives in each round."""
    picture = await add_picture(world)
    many = world.plan.lifecycles
    bare, hand, ours, working = [], [], [], []

    async def inspection(at: World, place: int) -> None:
        await _life(at, place, picture, TaskType.INSPECTION)

    async def maintenance(at: World, place: int) -> None:
        await _life(at, place, picture, TaskType.MAINTENANCE)

    for life in (_bare_life, _life_by_hand, inspection):
        await _rate(world, AT_ONCE, life)
    costs = by_hand = ""
    for _ in range(world.plan.rounds):
        bare.append(await _rate(world, many, _bare_life))
        meter = CpuMeter(world.stack)
        hand.append(await _rate(world, many, _life_by_hand))
        by_hand = meter.per(many, "life")
        meter = CpuMeter(world.stack)
        ours.append(await _rate(world, many, inspection))
        costs = meter.per(many, "life")
        working.append(await _rate(world, many, maintenance))
    return [
        Row("assignment lifecycles", "/s", ours, "the same by hand", hand, Bar("ratio", "≥", 0.8), costs),
        Row("the same with work that moves its machine twice", "/s", working, "by hand, no machine", hand),
        Row("the same by hand", "/s", hand, "bare workflow, three updates", bare, note=by_hand),
    ]


async def _rate(world: World, many: int, life: Callable[[World, int], Awaitable[None]]) -> float:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(place: int) -> None:
        async with slots:
            await life(world, place)

    begun = time.perf_counter()
    await asyncio.gather(*(one(place) for place in range(many)))
    return many / (time.perf_counter() - begun)


async def _life(world: World, place: int, picture: int, task_type: TaskType) -> None:
    created = await world.new_assignment(place, task_type=task_type)
    technician = world.technicians[place % len(world.technicians)]
    view = created
    for move in MOVES:
        command = AssignmentCommand(
            move,
            technician.user_id,
            technician.name,
            note="Door mended." if move == AssignmentMove.COMPLETE else "",
            file_ids=[picture] if move == AssignmentMove.PHOTO else [],
            proof=Proof(ArrivalMethod.QR, datetime.now(UTC)) if move == AssignmentMove.START else None,
        )
        view = await _answered(world, created.assignment_id, command)
    if view.status != AssignmentStatus.COMPLETED:
        message = f"the life ended as {view.status}"
        raise RuntimeError(message)


async def _answered(world: World, number: int, command: AssignmentCommand) -> AssignmentView:
    """Move the assignment; what is only noted is asked again under the same source, as chat and API do."""
    source = world.source()
    while True:
        answer = await world.gateway.move_assignment(source, number, command)
        if not isinstance(answer, Noted):
            return answer


async def _life_by_hand(world: World, place: int) -> None:
    technician = world.technicians[place % len(world.technicians)]
    source = world.source()
    async with world.database.transaction(SYSTEM) as session:
        number = await numbers.reserve(session, "assignment", source)
    start = WithStartWorkflowOperation(
        ByHand.run,
        Task(number, world.machines[0].name, technician.name),
        id=f"hand-{number}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        search_attributes=search_attributes.of(world.organization, 1, Priority.MEDIUM),
    )
    await world.client.execute_update_with_start_workflow(
        ByHand.create, start_workflow_operation=start, id=source
    )
    handle: WorkflowHandle[Any, Any] = world.client.get_workflow_handle(f"hand-{number}")
    for move in MOVES:
        note = "Door mended." if move == AssignmentMove.COMPLETE else ""
        await handle.execute_update(ByHand.move, Step(move, technician.name, note), id=world.source())


async def _bare_life(world: World, place: int) -> None:
    workflow_id = world.source()
    start = WithStartWorkflowOperation(
        Bare.run,
        id=workflow_id,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    await world.client.execute_update_with_start_workflow(
        Bare.nothing, arg=False, start_workflow_operation=start
    )
    handle: WorkflowHandle[Any, Any] = world.client.get_workflow_handle(workflow_id)
    for end in (False, True):
        await handle.execute_update(Bare.nothing, arg=end)
