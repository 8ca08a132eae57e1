"""A box says what it really is, and nothing that should stay on it."""

from dataclasses import replace
from pathlib import Path

import pytest

from edge_worker.cameras import known_cameras
from edge_worker.hardware import hardware_id, read_hardware
from edge_worker.settings import CameraSettings, EdgeSettings
from edge_worker.vitals import read_vitals

MACHINE_ID = "3d1219c7c4c5404aaa1f6d2a48adfda4"


def a_file(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.fixture
def jetson(tmp_path: Path) -> Path:
    """The files that a Jetson Orin Nano shows."""
    root = tmp_path / "root"
    a_file(root, "proc/device-tree/model", "NVIDIA Jetson Orin Nano Developer Kit\0")
    a_file(root, "proc/device-tree/serial-number", "1424722034567\0")
    a_file(root, "proc/cpuinfo", "processor : 0\nmodel name\t: ARMv8 Processor rev 1 (v8l)\n")
    a_file(root, "etc/machine-id", MACHINE_ID + "\n")
    a_file(root, "etc/os-release", 'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\n')
    a_file(root, "etc/nv_tegra_release", "# R36 (release), REVISION: 3.0, GCID: 36191598, BOARD: generic\n")
    for node, index in (("video0", "0"), ("video1", "1")):
        a_file(root, f"sys/class/video4linux/{node}/index", index)
        a_file(root, f"sys/class/video4linux/{node}/name", "USB Camera")
    return root


def test_a_jetson_presents_its_serial_number_and_its_parts(jetson: Path, tmp_path: Path) -> None:
    settings = EdgeSettings(
        tmp_path, sensors=({"id": "level"},), actuators=({"id": "belt"},), firmware={"controller": "1.4.2"}
    )

    hardware = read_hardware(settings, jetson)

    assert hardware.hardware_id == "1424722034567"
    assert hardware.processor_type == "NVIDIA Jetson Orin Nano Developer Kit"
    assert hardware.config["cameras"] == [{"id": "video0", "path": "/dev/video0", "name": "USB Camera"}]
    assert hardware.config["sensors"] == [{"id": "level"}]
    assert hardware.config["actuators"] == [{"id": "belt"}]
    assert hardware.config["firmware"] == {"l4t": "36.3.0", "controller": "1.4.2"}
    host = hardware.config["host"]
    assert host["cpu"] == "ARMv8 Processor rev 1 (v8l)"
    assert host["os"] == "Ubuntu 22.04.4 LTS"
    assert host["gpu"]
    assert host["cores"] >= 1
    assert host["memory_gib"] > 0
    assert host["disk_gib"] > 0


def test_this_very_host_can_be_read(tmp_path: Path) -> None:
    hardware = read_hardware(EdgeSettings(tmp_path / "not" / "there" / "yet"))

    assert hardware.hardware_id
    assert set(hardware.config) == {"cameras", "sensors", "actuators", "firmware", "host"}
    assert {"model", "cpu", "cores", "memory_gib", "os", "kernel", "python"} <= set(hardware.config["host"])


def test_a_pc_presents_a_hash_of_its_machine_id_and_never_the_id(tmp_path: Path) -> None:
    a_file(tmp_path, "etc/machine-id", MACHINE_ID + "\n")

    first, second = (hardware_id(tmp_path / folder, tmp_path) for folder in ("a", "b"))

    assert first == second
    assert first.startswith("host-")
    assert MACHINE_ID not in first


def test_a_box_without_an_identity_keeps_one(tmp_path: Path) -> None:
    a_file(tmp_path, "etc/machine-id", "")

    first, second, other = (hardware_id(tmp_path / folder, tmp_path) for folder in ("a", "a", "b"))

    assert first == second != other
    assert (tmp_path / "a" / "hardware_id").stat().st_mode & 0o077 == 0


def test_a_simulated_box_is_what_its_config_says(jetson: Path, tmp_path: Path) -> None:
    settings = EdgeSettings(tmp_path, hardware_id="SIM-0001", processor_type="Jetson Orin Nano")

    hardware = read_hardware(settings, jetson)

    assert (hardware.hardware_id, hardware.processor_type) == ("SIM-0001", "Jetson Orin Nano")


def test_a_camera_password_stays_on_the_box(jetson: Path, tmp_path: Path) -> None:
    camera = CameraSettings("bin", "rtsp://admin:pass@word@10.0.0.9:554/stream?channel=1")

    hardware = read_hardware(EdgeSettings(tmp_path, cameras=(camera,)), jetson)

    assert hardware.config["cameras"] == [{"id": "bin", "path": "rtsp://10.0.0.9:554/stream?channel=1"}]


def test_configured_cameras_are_all_there_is(jetson: Path) -> None:
    configured = (CameraSettings("front", "0"),)

    assert known_cameras(configured, jetson) == configured


def test_a_beat_says_how_the_box_is(tmp_path: Path) -> None:
    vitals = read_vitals(tmp_path, (CameraSettings("front", str(tmp_path)),))

    assert {"cpu_percent", "memory_percent", "disk_free_gib", "uptime_s"} <= set(vitals)
    assert vitals["cameras_ok"] == 1


def test_a_missing_camera_shows_in_the_beat(tmp_path: Path) -> None:
    there, gone = CameraSettings("a", "rtsp://10.0.0.9/"), CameraSettings("b", "/dev/video77")

    assert read_vitals(tmp_path, (there,))["cameras_ok"] == 1
    assert read_vitals(tmp_path, (there, gone))["cameras_ok"] == 1
    assert read_vitals(tmp_path, (replace(gone, path="77"),))["cameras_ok"] == 0
