"""The detector runs without any network, or says what is missing."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge_worker.detectors.ultralytics import load_detector
from edge_worker.errors import DetectorError, DetectorNotInstalled

OFFLINE = """
import sys
from pathlib import Path

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        raise RuntimeError(f"the network was tried: {event} {arguments}")

sys.addaudithook(refuse)

from edge_worker.detectors.ultralytics import load_detector
from edge_worker.errors import DetectorError
folder, still = map(Path, sys.argv[1:])
inference = load_detector(None, folder).detect(still.read_bytes())
assert inference.inference_ms > 0, inference
(folder / "model.pt").write_bytes(b"not a model")
for model, reason in ((folder / "yolo11n.pt", "model_missing"), (folder / "model.pt", "model_unreadable")):
    try:
        load_detector(model, folder)
    except DetectorError as error:
        assert error.reason == reason, error
    else:
        raise AssertionError(model)
assert sorted(path.name for path in folder.iterdir()) == ["model.pt", "ultralytics"], list(folder.iterdir())
"""


@pytest.mark.skipif(importlib.util.find_spec("ultralytics") is None, reason="the edge extra is not installed")
def test_the_untrained_network_looks_at_a_frame_without_any_network(stills: Path, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "edge", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    environment = {**os.environ, "HOME": str(elsewhere), "PYTHONPATH": os.pathsep.join(sys.path)}
    # Compiling PyTorch's modules anew takes longer than all the rest.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(folder), str(stills / "still-1.jpg")],
        capture_output=True,
        check=False,
        cwd=elsewhere,
        env=environment,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_a_box_without_the_software_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ultralytics.models", None)

    with pytest.raises(DetectorNotInstalled) as caught:
        load_detector(None, tmp_path)

    assert caught.value.reason == "not_installed"
    assert isinstance(caught.value, DetectorError)
