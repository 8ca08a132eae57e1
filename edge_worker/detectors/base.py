"""What a detector is; one file beside this one per runtime, with its heavy imports inside it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Inference:
    """What one look at one frame gave."""

    objects: int
    inference_ms: float
    """The network's own time, without decoding and drawing."""


class Detector(Protocol):
    """Finds objects in frames."""

    def detect(self, jpeg: bytes) -> Inference:
        """Look at one frame. Blocks; raises ``DetectorError``."""
        ...
