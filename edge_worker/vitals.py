"""The figures of a heartbeat: how the box is doing right now."""

import time
from pathlib import Path
from typing import Any

import psutil

from edge_worker.cameras import is_present, known_cameras
from edge_worker.hardware import GIB
from edge_worker.settings import CameraSettings

COLDEST_C = -40.0
HOTTEST_C = 150.0


def disk_free_gib(folder: Path) -> float:
    """Return the free space on the edge folder's file system in GiB."""
    return psutil.disk_usage(str(folder)).free / GIB


def read_vitals(folder: Path, cameras: tuple[CameraSettings, ...]) -> dict[str, float]:
    """Return the heartbeat's ``status``; ``temperature_c`` and ``cameras_ok`` are left out when unknown.

    ``cpu_percent`` counts from the call before, so a process's first one says 0. ``cameras_ok`` is how many
    cameras are there; one on the network counts, and is asked only when a frame is needed.
    """
    vitals: dict[str, float] = {
        "cpu_percent": psutil.cpu_percent(),
        "memory_percent": psutil.virtual_memory().percent,
        "disk_free_gib": round(disk_free_gib(folder), 2),
        "uptime_s": round(time.time() - psutil.boot_time(), 0),
    }
    temperature = _temperature_c()
    if temperature is not None:
        vitals["temperature_c"] = round(temperature, 1)
    present = [is_present(camera.path) for camera in known_cameras(cameras)]
    if present:
        vitals["cameras_ok"] = sum(present)
    return vitals


def _temperature_c() -> float | None:
    """Return the hottest sensor in degrees Celsius; absurd readings of unconnected sensors are left out."""
    # Not every system has them.
    found: dict[str, list[Any]] = getattr(psutil, "sensors_temperatures", dict)()
    readings = [one.current for sensors in found.values() for one in sensors]
    believable = [reading for reading in readings if COLDEST_C < reading < HOTTEST_C]
    return max(believable, default=None)
