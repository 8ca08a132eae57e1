"""The four checks of a self-test (DESIGN 5): camera, detector, disk, clock. The first two block."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from domain.edge import Check, CheckName, CheckResult
from edge_worker.cameras import Frame, open_camera
from edge_worker.detectors.base import Detector
from edge_worker.errors import CameraError, DetectorError, DetectorNotInstalled
from edge_worker.settings import CameraSettings
from edge_worker.vitals import disk_free_gib

DISK_NEEDED_GIB = 1.0
CLOCK_WITHIN_S = 60.0


def take_frame(cameras: tuple[CameraSettings, ...], camera_id: str | None) -> Frame:
    """Take a frame from the named camera, else from the first. Raises ``CameraError``."""
    if not cameras:
        msg = "This box has no camera."
        raise CameraError(msg, "no_camera")
    found = [camera for camera in cameras if camera_id in {None, camera.id}]
    if not found:
        msg = f"This box has no camera {camera_id}."
        raise CameraError(msg, "camera_unknown")
    return open_camera(found[0].path).frame()


def check_camera(cameras: tuple[CameraSettings, ...], camera_id: str | None) -> tuple[Check, Frame | None]:
    """Take a frame; the frame comes back with the check for the detector and the report."""
    try:
        frame = take_frame(cameras, camera_id)
    except CameraError as error:
        return Check(CheckName.CAMERA, CheckResult.FAILED, error.reason), None
    figures = {"width_px": float(frame.width), "height_px": float(frame.height)}
    return Check(CheckName.CAMERA, CheckResult.OK, figures=figures), frame


def check_detector(load: Callable[[], Detector], frame: Frame | None) -> Check:
    """Run one inference on the frame; skipped without detector software, or without a frame to look at."""
    if frame is None:
        return Check(CheckName.DETECTOR, CheckResult.SKIPPED, "no_frame")
    try:
        inference = load().detect(frame.jpeg)
    except DetectorNotInstalled as error:
        return Check(CheckName.DETECTOR, CheckResult.SKIPPED, error.reason)
    except DetectorError as error:
        return Check(CheckName.DETECTOR, CheckResult.FAILED, error.reason)
    return Check(
        CheckName.DETECTOR, CheckResult.OK, figures={"inference_ms": round(inference.inference_ms, 1)}
    )


def check_disk(folder: Path) -> Check:
    """At least 1 GiB must be free where the spool lies."""
    free_gib = disk_free_gib(folder)
    enough = free_gib >= DISK_NEEDED_GIB
    figures = {"free_gib": round(free_gib, 2)}
    return Check(
        CheckName.DISK,
        CheckResult.OK if enough else CheckResult.FAILED,
        "" if enough else "disk_low",
        figures,
    )


def check_clock(requested_at: datetime, now: datetime, measured_offset_s: float | None) -> Check:
    """The clock must be within 60 s of the server's; ``offset_s`` is positive when this box is ahead.

    The offset seen at the last answer is used; without one, the time of the request, which counts the time
    that the request waited in its queue as if the clock were ahead.
    """
    offset_s = (now - requested_at).total_seconds() if measured_offset_s is None else measured_offset_s
    right = abs(offset_s) <= CLOCK_WITHIN_S
    figures = {"offset_s": round(offset_s, 1)}
    return Check(
        CheckName.CLOCK,
        CheckResult.OK if right else CheckResult.FAILED,
        "" if right else "clock_off",
        figures,
    )
