"""The workflow ``fleet-watch``: who went silent, who came back."""

from temporalio import workflow
from temporalio.workflow import ActivityConfig

with workflow.unsafe.imports_passed_through():
    from activities.fleet import FleetActivities
    from domain.queues import FLEET_WATCH_WORKFLOW
    from domain.watch import WatchRequest
    from workflows.activity_options import WATCH
    from workflows.details import show


@workflow.defn(name=FLEET_WATCH_WORKFLOW)
class FleetWatch:
    """One long activity that scans a shard each second; when it returns, the watch continues as new."""

    @workflow.run
    async def run(self, request: WatchRequest) -> None:
        """Watch for ever."""
        show(
            f"Shard {request.shard + 1} of {request.shards}",
            {"Scans": f"every {request.scan_every_s:g} s"},
            [],
        )
        await workflow.execute_activity_method(
            FleetActivities.watch_fleet,
            request,
            **(WATCH | ActivityConfig(summary="scan for missed and returned beats")),
        )
        workflow.continue_as_new(request)
