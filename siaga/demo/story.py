"""The story: a machine put into service, its daily work, a pharmacy that is helped; by chat, all for real.

It is played through the person side of the simulator, in the words a person would tap and type, so it shows
too that the words on the buttons are right. A wait that fails shows what the chat held instead.
"""

from uuid import UUID

from temporalio.client import WorkflowExecutionStatus

from domain import ids
from siaga.demo import installing, maintaining, ticketing
from siaga.demo.stage import Stage


async def tell(stage: Stage) -> None:
    """Play the acts in their order.

    Raises:
        StepFailedError: a step did not hold.
    """
    await _greet(stage)
    await installing.play(stage)
    repair = await maintaining.play(stage)
    await ticketing.play(stage)
    await _read_in_temporal(stage, repair)


async def _greet(stage: Stage) -> None:
    async with stage.teller.step("Everybody says /start; the bot knows who they are"):
        for person in stage.people.values():
            await person.send("/start")
        await stage.admin.wait_for("Admin")
        for person in (stage.technician, stage.operator):
            await person.wait_for("/tugas")


async def _read_in_temporal(stage: Stage, repair: int) -> None:
    async with stage.teller.step("The admin finds every run in the Temporal UI, with owner and last moves"):
        runs = await _runs(stage, repair)
        for workflow_id, status in runs:
            description = await stage.temporal.get_workflow_handle(workflow_id).describe()
            if description.status != status:
                message = f"{workflow_id} is {description.status}, not {status}"
                raise AssertionError(message)
    for workflow_id, status in runs:
        stage.teller.say(f"    {status.name.lower():<10} {workflow_id}")


async def _runs(stage: Stage, repair: int) -> list[tuple[str, WorkflowExecutionStatus]]:
    """Return the runs of the story with the status each should have, found as an admin finds them."""
    done, running = WorkflowExecutionStatus.COMPLETED, WorkflowExecutionStatus.RUNNING
    runs = []
    async for run in stage.temporal.list_workflows("WorkflowType = 'machine-onboarding'"):
        uuid = UUID(run.id.removeprefix("onboarding-"))
        runs += [(run.id, done), (ids.handshake_id(str(uuid)), done)]
        runs.append((ids.machine_id(uuid), running))
    async for run in stage.temporal.list_workflows("WorkflowType = 'task-assignment'"):
        runs.append((run.id, running if run.id == ids.assignment_id(repair) else done))
    async for run in stage.temporal.list_workflows("WorkflowType = 'ticket'"):
        # A closed ticket can be reopened for seven days; its ladder ended when the customer was answered.
        runs += [(run.id, running), (ids.escalation_id(run.id), done)]
    return runs
