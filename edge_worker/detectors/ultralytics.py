"""YOLO11 through Ultralytics (.pt, .onnx, .engine): the one file that needs it."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from edge_worker.detectors.base import Inference
from edge_worker.errors import DetectorError, DetectorNotInstalled

if TYPE_CHECKING:
    from ultralytics.models import YOLO

ARCHITECTURE = "yolo11n.yaml"
"""Described inside the package; built from it the network is untrained, and nothing is downloaded."""


class UltralyticsDetector:
    """A loaded YOLO model."""

    def __init__(self, model: "YOLO") -> None:
        self._model = model

    def detect(self, jpeg: bytes) -> Inference:
        """Look at one frame. Blocks; raises ``DetectorError``."""
        try:
            with Image.open(io.BytesIO(jpeg)) as picture:
                results: Any = self._model.predict(picture.convert("RGB"), verbose=False, save=False)
        except (RuntimeError, ValueError, OSError) as error:
            # What PyTorch, CUDA and TensorRT raise; MemoryError and the rest are the process's own.
            msg = f"The detector cannot look at a frame: {error}"
            raise DetectorError(msg, "inference_failed") from error
        [result] = results
        return Inference(len(result.boxes), float(result.speed["inference"]))


def load_detector(model: Path | None, folder: Path) -> UltralyticsDetector:
    """Load the model, or build the untrained YOLO11n when none is deployed; never uses the network.

    ``folder`` takes the library's own settings file. Blocking: the first import takes seconds.

    Raises:
        DetectorNotInstalled: Ultralytics is not on this box.
        DetectorError: the model file is missing or cannot be loaded.
    """
    _keep_offline(folder)
    try:
        from ultralytics.models import YOLO  # noqa: PLC0415 - takes seconds and may not be installed
    except ImportError as error:
        msg = "Ultralytics is not installed on this box; install siaga[edge]."
        raise DetectorNotInstalled(msg, "not_installed") from error
    # The library would look for a missing file on the internet.
    if model is not None and not model.is_file():
        msg = f"There is no model at {model}."
        raise DetectorError(msg, "model_missing")
    try:
        return UltralyticsDetector(YOLO(str(model or ARCHITECTURE), task="detect"))
    except Exception as error:
        # Loaders of three file formats raise anything; whatever it is, this model is of no use here.
        msg = f"The model cannot be loaded: {error}"
        raise DetectorError(msg, "model_unreadable") from error


def _keep_offline(folder: Path) -> None:
    """Forbid telemetry, downloads and pip; the library reads these variables once, when it is imported."""
    own = folder / "ultralytics"
    own.mkdir(parents=True, exist_ok=True)
    os.environ["YOLO_OFFLINE"] = "true"
    os.environ["YOLO_AUTOINSTALL"] = "false"
    os.environ["YOLO_VERBOSE"] = "false"
    os.environ["YOLO_CONFIG_DIR"] = str(own)
