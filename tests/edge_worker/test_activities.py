"""The self-test tells what works and what does not; a capture ends as a file of the server."""

from collections import namedtuple
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from domain.edge import CaptureRequest, Check, CheckName, CheckResult, SelfTestReport, SelfTestRequest
from edge_worker.activities import EdgeActivities
from edge_worker.client import EdgeClient
from edge_worker.credentials import Credentials
from edge_worker.detectors.base import Detector, Inference
from edge_worker.errors import DetectorError, DetectorNotInstalled
from edge_worker.settings import CameraSettings, EdgeSettings
from tests.edge_worker.server import DeviceServer, problem


class SwiftDetector:
    def detect(self, jpeg: bytes) -> Inference:
        assert jpeg
        return Inference(objects=1, inference_ms=12.34)


def swift(_model: Path | None, _folder: Path) -> Detector:
    return SwiftDetector()


def missing(_model: Path | None, _folder: Path) -> Detector:
    raise DetectorNotInstalled("Ultralytics is not installed.", "not_installed")  # noqa: EM101, TRY003


def broken(_model: Path | None, _folder: Path) -> Detector:
    raise DetectorError("There is no model.", "model_missing")  # noqa: EM101, TRY003


@pytest.fixture
async def client(server: DeviceServer, credentials: Credentials) -> AsyncIterator[EdgeClient]:
    """The box's signed door to the server."""
    async with EdgeClient(server.url, credentials) as client:
        yield client


def a_request(*, ago_s: float = 0, camera_id: str | None = None) -> SelfTestRequest:
    return SelfTestRequest(datetime.now(UTC) - timedelta(seconds=ago_s), camera_id)


def check(report: SelfTestReport, name: CheckName) -> Check:
    return next(check for check in report.checks if check.name == name)


async def test_a_healthy_box_passes_and_shows_what_its_camera_sees(
    settings: EdgeSettings, client: EdgeClient, server: DeviceServer
) -> None:
    environment = ActivityEnvironment()
    beats: list[object] = []
    environment.on_heartbeat = lambda *details: beats.append(details)

    report = await environment.run(EdgeActivities(settings, client, swift).self_test, a_request())

    assert report.passed
    assert [check.name for check in report.checks] == list(CheckName)
    assert all(check.result is CheckResult.OK and check.code == "" for check in report.checks)
    assert check(report, CheckName.CAMERA).figures == {"width_px": 1280, "height_px": 720}
    assert check(report, CheckName.DETECTOR).figures == {"inference_ms": 12.3}
    assert check(report, CheckName.DISK).figures["free_gib"] > 1
    assert abs(check(report, CheckName.CLOCK).figures["offset_s"]) < 60
    assert report.frame_file == 1
    assert len(server.files) == 1
    assert beats


async def test_a_box_without_detector_software_still_passes(
    settings: EdgeSettings, client: EdgeClient
) -> None:
    report = await ActivityEnvironment().run(EdgeActivities(settings, client, missing).self_test, a_request())

    assert check(report, CheckName.DETECTOR) == Check(
        CheckName.DETECTOR, CheckResult.SKIPPED, "not_installed"
    )
    assert report.passed


async def test_a_missing_model_fails(settings: EdgeSettings, client: EdgeClient) -> None:
    report = await ActivityEnvironment().run(EdgeActivities(settings, client, broken).self_test, a_request())

    assert check(report, CheckName.DETECTOR).code == "model_missing"
    assert not report.passed


@pytest.mark.parametrize(
    ("cameras", "camera_id", "code"),
    [
        ((CameraSettings("front", "folder:/nowhere"),), None, "camera_not_opened"),
        ((CameraSettings("front", "folder:/nowhere"),), "back", "camera_unknown"),
    ],
)
async def test_a_camera_that_fails_is_a_line_of_the_report(
    settings: EdgeSettings,
    client: EdgeClient,
    cameras: tuple[CameraSettings, ...],
    camera_id: str | None,
    code: str,
) -> None:
    activities = EdgeActivities(replace(settings, cameras=cameras), client, swift)

    report = await ActivityEnvironment().run(activities.self_test, a_request(camera_id=camera_id))

    assert check(report, CheckName.CAMERA) == Check(CheckName.CAMERA, CheckResult.FAILED, code)
    assert check(report, CheckName.DETECTOR) == Check(CheckName.DETECTOR, CheckResult.SKIPPED, "no_frame")
    assert report.frame_file is None
    assert not report.passed


async def test_a_full_disk_fails(
    settings: EdgeSettings, client: EdgeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free percent")  # noqa: PYI024 - stands in for psutil's own
    monkeypatch.setattr(psutil, "disk_usage", lambda _path: usage(10 * 1024**3, 9 * 1024**3, 2**29, 95.0))

    report = await ActivityEnvironment().run(EdgeActivities(settings, client, swift).self_test, a_request())

    assert check(report, CheckName.DISK) == Check(
        CheckName.DISK, CheckResult.FAILED, "disk_low", {"free_gib": 0.5}
    )


async def test_a_clock_that_is_off_fails(settings: EdgeSettings, client: EdgeClient) -> None:
    report = await ActivityEnvironment().run(
        EdgeActivities(settings, client, swift).self_test, a_request(ago_s=3600)
    )

    assert check(report, CheckName.CLOCK).code == "clock_off"


async def test_a_request_that_waited_in_its_queue_is_no_wrong_clock(
    settings: EdgeSettings, client: EdgeClient
) -> None:
    await client.beat({}, [])

    report = await ActivityEnvironment().run(
        EdgeActivities(settings, client, swift).self_test, a_request(ago_s=3600)
    )

    assert check(report, CheckName.CLOCK).result is CheckResult.OK


async def test_without_the_server_the_report_goes_without_a_picture(
    settings: EdgeSettings, client: EdgeClient, server: DeviceServer
) -> None:
    await server.stop()

    report = await ActivityEnvironment().run(EdgeActivities(settings, client, swift).self_test, a_request())

    assert report.passed
    assert report.frame_file is None


async def test_a_capture_is_a_file_of_the_server(
    settings: EdgeSettings, client: EdgeClient, server: DeviceServer
) -> None:
    result = await ActivityEnvironment().run(
        EdgeActivities(settings, client).capture, CaptureRequest("front")
    )

    assert result.sha256 in server.files
    assert (result.file_id, result.width, result.height) == (1, 1280, 720)
    assert result.captured_at.tzinfo is not None


@pytest.mark.parametrize(
    ("cameras", "code", "final"),
    [
        ((CameraSettings("front", "folder:/nowhere"),), "camera_not_opened", False),
        ((CameraSettings("back", "folder:/nowhere"),), "camera_unknown", True),
    ],
)
async def test_a_capture_without_a_picture_fails_with_its_code(
    settings: EdgeSettings, client: EdgeClient, cameras: tuple[CameraSettings, ...], code: str, *, final: bool
) -> None:
    activities = EdgeActivities(replace(settings, cameras=cameras), client)

    with pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(activities.capture, CaptureRequest("front"))

    assert (caught.value.type, caught.value.non_retryable) == (code, final)


async def test_a_capture_waits_for_the_server_but_not_for_a_refusal(
    settings: EdgeSettings, client: EdgeClient, server: DeviceServer
) -> None:
    activities = EdgeActivities(settings, client)
    server.file_answers = [
        lambda: problem(503, "unavailable"),
        lambda: problem(413, "file_too_big", limit_mb=20),
    ]

    outcomes = []
    for _ in range(2):
        with pytest.raises(ApplicationError) as caught:
            await ActivityEnvironment().run(activities.capture, CaptureRequest())
        outcomes.append((caught.value.type, caught.value.non_retryable))

    assert outcomes == [("server_busy", False), ("file_too_big", True)]
