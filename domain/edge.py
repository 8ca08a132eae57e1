"""The edge: identity, hardware, and the payloads of the activities that run on the box."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CheckResult(StrEnum):
    """Outcome of one self-test check."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    """The part is not installed on this box; said, and not counted as a failure."""


class CheckName(StrEnum):
    """The four checks of a self-test (DESIGN 5)."""

    CAMERA = "camera"
    DETECTOR = "detector"
    DISK = "disk"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a self-test: a machine-readable code and figures; words are made where they are read."""

    name: CheckName
    result: CheckResult
    code: str = ""
    """Why, e.g. ``no_frame``, ``disk_low``, ``clock_off``; empty when ok."""
    figures: dict[str, float] = field(default_factory=dict)
    """Measured figures with the unit in the name: ``free_gib``, ``inference_ms``, ``offset_s``."""


@dataclass(frozen=True, slots=True)
class SelfTestRequest:
    """Input of ``self_test``: server time to compare the box's clock with."""

    requested_at: datetime
    camera_id: str | None = None


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """Result of ``self_test``."""

    checks: list[Check]
    finished_at: datetime
    frame_file: int | None = None
    """File id of the camera frame, when one could be uploaded."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.result != CheckResult.FAILED for check in self.checks)


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """Input of ``capture``."""

    camera_id: str | None = None


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """A frame by reference: the file id the server gave at upload, its hash and size in pixels."""

    file_id: int
    sha256: str
    width: int
    height: int
    captured_at: datetime


SELF_TEST = "self_test"
CAPTURE = "capture"
"""Names of the edge activities, as registered on the queue ``edge-<edge_id>``."""
