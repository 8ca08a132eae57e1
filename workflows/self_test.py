"""Asking a box to test itself: the workflow's side."""

from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import FailureError
from temporalio.workflow import ActivityConfig

with workflow.unsafe.imports_passed_through():
    from activities import edge
    from domain.edge import Check, CheckName, CheckResult, SelfTestReport, SelfTestRequest
    from domain.queues import edge_queue
    from workflows.activity_options import EDGE_CALL


async def self_test(edge_id: str, given_up: Callable[[], bool]) -> SelfTestReport:
    """Run the self-test on the box; one that does not answer in time is a failed test, not a stuck one.

    ``given_up`` says that nobody waits for the report any more; the box is then told to stop.
    """
    asked = workflow.start_activity(
        edge.self_test,
        SelfTestRequest(requested_at=workflow.now()),
        **(
            EDGE_CALL
            | ActivityConfig(task_queue=edge_queue(edge_id), summary="camera, detector, disk, clock")
        ),
    )
    await workflow.wait_condition(lambda: asked.done() or given_up())
    if not asked.done():
        asked.cancel()
    try:
        return await asked
    except FailureError as failure:
        workflow.logger.warning("self-test got no answer: %s", failure)
        silent = [Check(name, CheckResult.FAILED, "no_answer") for name in CheckName]
        return SelfTestReport(checks=silent, finished_at=workflow.now())
