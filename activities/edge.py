"""Stubs of the activities that run on a box, for workflows to call by type on ``domain.queues.edge_queue``.

The box runs ``edge_worker/activities.py`` under the same names; a test compares the two.
"""

from temporalio import activity

from domain import edge
from domain.edge import CaptureRequest, CaptureResult, SelfTestReport, SelfTestRequest


@activity.defn(name=edge.SELF_TEST)
async def self_test(request: SelfTestRequest) -> SelfTestReport:
    """Check camera, detector, disk and clock; a part that fails is a line of the report.

    Heartbeats every 2 s. The first detector run of a process takes up to half a minute on a small box.
    """
    raise NotImplementedError


@activity.defn(name=edge.CAPTURE)
async def capture(request: CaptureRequest) -> CaptureResult:
    """Take a frame and upload it; heartbeats every 2 s.

    Fails with the code of the camera's trouble (``no_camera`` and ``camera_unknown`` are final), with
    ``server_unreachable`` or ``server_busy``, or for good with the code of the server's refusal.
    """
    raise NotImplementedError
