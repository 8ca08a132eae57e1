"""Ladders of tasks, started without their owner, and what can be seen of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from temporalio.client import WorkflowHandle

from db.queries.stories import escalation_story
from db.session import SYSTEM
from domain import ids, search_attributes
from domain.assignments import AssignmentMove
from domain.chat import Thing
from domain.escalations import (
    Audience,
    EscalationCommand,
    EscalationKind,
    EscalationState,
    EscalationView,
    Rung,
)
from domain.escalations import EscalationMove as Move
from domain.queues import SIAGA_QUEUE
from tests.waiting import eventually
from tests.workflows.field import Field
from workflows.client import Noted
from workflows.escalation import Escalation

JAKARTA = ZoneInfo("Asia/Jakarta")
LADDER = (
    Rung(Audience.HOLDER, 15 * 60),
    Rung(Audience.DISPATCHER, 45 * 60),
    Rung(Audience.ADMINS, 2 * 3600),
    Rung(Audience.SUPER_ADMINS, 4 * 3600),
)
Call = tuple[str, str | None, str | None]


@dataclass
class Ladder:
    """A ladder about a task that nobody starts, and what can be seen of it."""

    field: Field
    owner_id: int
    handle: WorkflowHandle[Any, EscalationView]

    @property
    def owner(self) -> str:
        return ids.assignment_id(self.owner_id)

    async def calls(self) -> list[Call]:
        """Return the story: action, audience, names."""
        async with self.field.database.transaction(SYSTEM) as session:
            lines = await escalation_story(session, Thing.ASSIGNMENT, self.owner_id)
        return [(line.action.removeprefix("escalation_"), line.to_status, line.note) for line in lines]

    async def called(self, count: int) -> list[Call]:
        """Wait for a number of lines."""
        return await eventually(self.calls, lambda calls: len(calls) >= count)

    async def answer(self, move: Move, by: str = "Admin", *, minutes: int = 0) -> EscalationView:
        """Answer as a person; raises the refusal it meets."""
        command = EscalationCommand(move, self.field.people[by], by, by == "Super Admin", minutes)
        view = await self.field.gateway.move_escalation(self.field.source(), self.owner, command)
        assert not isinstance(view, Noted)
        return view

    async def pages(self, to: str) -> list[Any]:
        """Return what waits for or went to a person's card, oldest first."""
        async with self.field.database.transaction(SYSTEM) as session:
            rows = await session.execute(
                text(
                    "select d.* from deliveries d left join cards c on c.id = d.card_id"
                    " where d.user_id = :who and (c.thing = 'escalation' or d.source like 'escalation-%')"
                    " order by d.id"
                ),
                {"who": self.field.people[to]},
            )
            return list(rows)

    async def row(self) -> Any:  # noqa: ANN401 - a row
        async with self.field.database.transaction(SYSTEM) as session:
            return (await session.execute(text("select * from escalations order by id desc limit 1"))).one()


async def a_ladder(field: Field, *rungs: Rung, urgent: bool = False, to: str | None = "Technician") -> Ladder:
    """Start the ladder of an accepted task, which has none of its own yet; ``to`` None: nobody holds it."""
    task = await field.a_task(to, scheduled_date=await field.now() + timedelta(days=365))
    if to:
        await field.move(task, AssignmentMove.ACCEPT, by=to)
    state = a_state(field, task.assignment_id, await field.now(), *rungs, urgent=urgent)
    handle = await field.temporal.client.start_workflow(
        Escalation.run,
        state,
        id=ids.escalation_id(state.owner_workflow_id),
        task_queue=SIAGA_QUEUE,
        search_attributes=search_attributes.of(field.organization),
    )
    return Ladder(field, task.assignment_id, handle)


def a_state(field: Field, task: int, at: datetime, *rungs: Rung, urgent: bool = False) -> EscalationState:
    return EscalationState(
        owner=Thing.ASSIGNMENT,
        owner_id=task,
        owner_workflow_id=ids.assignment_id(task),
        organization_id=field.organization,
        kind=EscalationKind.NOT_STARTED,
        title="Maintenance at RVM",
        rungs=list(rungs or LADDER),
        started_at=at,
        urgent=urgent,
    )


async def until(field: Field, hour: int) -> None:
    """Let time pass until the clocks of Jakarta show an hour."""
    now = (await field.now()).astimezone(JAKARTA)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    await field.temporal.sleep((then - now) % timedelta(days=1))
