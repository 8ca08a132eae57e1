"""The activities of the queue ``edge-<edge_id>``; ``activities/edge.py`` holds their stubs for workflows."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain import edge
from domain.edge import CaptureRequest, CaptureResult, SelfTestReport, SelfTestRequest
from domain.errors import Refusal
from edge_worker.cameras import Frame, known_cameras
from edge_worker.client import EdgeClient, StoredFile
from edge_worker.detectors.base import Detector
from edge_worker.detectors.ultralytics import load_detector
from edge_worker.errors import CameraError, EdgeError
from edge_worker.self_test import check_camera, check_clock, check_detector, check_disk, take_frame
from edge_worker.settings import EdgeSettings

log = logging.getLogger(__name__)

Made = TypeVar("Made")
DetectorLoader = Callable[[Path | None, Path], Detector]

_HEARTBEAT_S = 2.0


class EdgeActivities:
    """What workflows may ask of this box."""

    def __init__(
        self, settings: EdgeSettings, client: EdgeClient, load_detector: DetectorLoader = load_detector
    ) -> None:
        self._settings = settings
        self._client = client
        self._load_detector = partial(load_detector, settings.model, settings.folder)

    @activity.defn(name=edge.SELF_TEST)
    async def self_test(self, request: SelfTestRequest) -> SelfTestReport:
        """Check camera, detector, disk and clock; a part that fails is a line of the report."""
        cameras = known_cameras(self._settings.cameras)
        camera, frame = await _in_thread(partial(check_camera, cameras, request.camera_id))
        detector = await _in_thread(partial(check_detector, self._load_detector, frame))
        disk = check_disk(self._settings.folder)
        clock = check_clock(request.requested_at, datetime.now(UTC), self._client.clock_offset_s)
        stored = await self._store_if_possible(frame)
        checks = [camera, detector, disk, clock]
        return SelfTestReport(checks, datetime.now(UTC), None if stored is None else stored.file_id)

    @activity.defn(name=edge.CAPTURE)
    async def capture(self, request: CaptureRequest) -> CaptureResult:
        """Take a frame and upload it.

        Fails with the code of the camera's trouble or of the server's refusal; final are only a camera that
        does not exist and a refusal.
        """
        cameras = known_cameras(self._settings.cameras)
        try:
            frame = await _in_thread(partial(take_frame, cameras, request.camera_id))
            stored = await self._client.upload(frame.jpeg)
        except CameraError as error:
            final = error.reason in {"no_camera", "camera_unknown"}
            raise ApplicationError(str(error), type=error.reason, non_retryable=final) from error
        except EdgeError as error:
            raise ApplicationError(str(error), type=error.code) from error
        except Refusal as error:
            raise ApplicationError(str(error), type=error.code, non_retryable=True) from error
        return CaptureResult(stored.file_id, stored.sha256, stored.width, stored.height, frame.captured_at)

    async def _store_if_possible(self, frame: Frame | None) -> StoredFile | None:
        """Upload the frame; without the server the report goes without it."""
        if frame is None:
            return None
        try:
            return await self._client.upload(frame.jpeg)
        except (EdgeError, Refusal) as error:
            log.warning("The self-test's frame could not be uploaded: %s", error)
            return None


async def _in_thread(work: Callable[[], Made]) -> Made:
    """Run blocking work in a thread and heartbeat meanwhile, so that a box that dies in it is noticed."""
    task = asyncio.create_task(asyncio.to_thread(work))
    while not task.done():
        activity.heartbeat()
        await asyncio.wait({task}, timeout=_HEARTBEAT_S)
    return task.result()
