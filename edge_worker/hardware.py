"""What this box is: the ``hardware_id`` and ``hardware_config`` of the handshake (seed 000, step 2)."""

import hashlib
import os
import platform
import re
import socket
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil

from domain.handshake import PresentedHardware
from edge_worker.cameras import known_cameras
from edge_worker.private_files import make_private_folder, write_private
from edge_worker.settings import CameraSettings, EdgeSettings

GIB = 1024**3
_VPN = ("tailscale", "wg")
_INSIDE_ONLY = ("lo", "docker", "br-", "veth", "ifb", "dummy", "cni", "virbr")


def read_hardware(settings: EdgeSettings, root: Path = Path("/")) -> PresentedHardware:
    """Read the host. ``root`` stands for the file system's root in tests.

    Raises ``OSError`` when a box without any identity of its own cannot keep one in the edge folder.
    """
    local, vpn = _addresses()
    config: dict[str, Any] = {
        "cameras": [_camera(camera) for camera in known_cameras(settings.cameras, root)],
        "sensors": list(settings.sensors),
        "actuators": list(settings.actuators),
        "firmware": {**_system_firmware(root), **settings.firmware},
        "host": _host(settings.folder, root, [*local, *vpn]),
    }
    return PresentedHardware(
        hardware_id=settings.hardware_id or hardware_id(settings.folder, root),
        config=config,
        processor_type=settings.processor_type or _jetson_model(root) or _cpu(root),
        ip_address_local=next(iter(local), None),
        ip_address_vpn=next(iter(vpn), None),
        version=software_version(),
    )


def hardware_id(folder: Path, root: Path = Path("/")) -> str:
    """Return the Jetson's serial number, else a hash of the machine id, else an id kept in the folder."""
    serial = _read(root / "proc/device-tree/serial-number")
    if serial:
        return serial
    machine = _read(root / "etc/machine-id")
    if machine:
        # The raw machine id is meant to stay on the host (man machine-id).
        return "host-" + hashlib.sha256(f"siaga-edge:{machine}".encode()).hexdigest()[:32]
    kept = folder / "hardware_id"
    if not kept.is_file():
        make_private_folder(folder)
        write_private(kept, f"box-{uuid.uuid4().hex}\n")
    return _read(kept)


def software_version() -> str:
    """Return the version of the installed distribution, empty when run from loose files."""
    try:
        return metadata.version("siaga")
    except metadata.PackageNotFoundError:
        return ""


def _host(folder: Path, root: Path, addresses: list[str]) -> dict[str, Any]:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    host: dict[str, Any] = {
        "model": _jetson_model(root) or _board(root),
        "cpu": _cpu(root),
        "cores": psutil.cpu_count() or 1,
        "memory_gib": round(psutil.virtual_memory().total / GIB, 1),
        "os": _os_name(root),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "addresses": addresses,
        "disk_gib": round(psutil.disk_usage(str(existing)).total / GIB, 1),
    }
    gpu = _gpu(root)
    return {**host, "gpu": gpu} if gpu else host


def _camera(camera: CameraSettings) -> dict[str, str]:
    shown = {"id": camera.id, "path": _without_password(camera.path)}
    return {**shown, "name": camera.name} if camera.name else shown


def _without_password(path: str) -> str:
    """Leave user and password out of a stream's address: they stay on the box."""
    if "://" not in path:
        return path
    parts = urlsplit(path)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _addresses() -> tuple[list[str], list[str]]:
    """Return the addresses that others can reach: on the local network, and over a VPN."""
    local: list[str] = []
    vpn: list[str] = []
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    for name, addresses in sorted(psutil.net_if_addrs().items()):
        if name.startswith(_INSIDE_ONLY) or name not in up:
            continue
        found = vpn if name.startswith(_VPN) else local
        found.extend(one.address for one in addresses if one.family == socket.AF_INET)
    return local, vpn


def _jetson_model(root: Path) -> str:
    return _read(root / "proc/device-tree/model")


def _board(root: Path) -> str:
    names = (_read(root / "sys/class/dmi/id" / name) for name in ("sys_vendor", "product_name"))
    return " ".join(name for name in names if name) or platform.machine()


def _cpu(root: Path) -> str:
    found = re.search(
        r"^(?:model name|Model|Hardware)\s*:\s*(.+)$", _read(root / "proc/cpuinfo"), re.MULTILINE
    )
    return found[1].strip() if found else platform.processor() or platform.machine()


def _os_name(root: Path) -> str:
    found = re.search(r'^PRETTY_NAME="?([^"\n]+)', _read(root / "etc/os-release"), re.MULTILINE)
    return found[1] if found else platform.system()


def _gpu(root: Path) -> str:
    for card in sorted((root / "proc/driver/nvidia/gpus").glob("*/information")):
        found = re.search(r"^Model:\s*(.+)$", _read(card), re.MULTILINE)
        if found:
            return found[1].strip()
    # A Jetson's graphics processor is part of its module and is not listed above.
    return "NVIDIA Tegra (integrated)" if _read(root / "etc/nv_tegra_release") else ""


def _system_firmware(root: Path) -> dict[str, str]:
    found = re.match(r"#\s*R(\d+).*?REVISION:\s*([\d.]+)", _read(root / "etc/nv_tegra_release"))
    return {"l4t": f"{found[1]}.{found[2]}"} if found else {}


def _read(path: Path) -> str:
    """Return the file's text, empty when it cannot be read; device-tree texts end in a NUL."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY), "rb") as file:
            return file.read(65_536).decode(errors="replace").replace("\0", "").strip()
    except OSError:
        return ""
