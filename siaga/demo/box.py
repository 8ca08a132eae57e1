"""Simulated Jetsons: an edge folder with rendered stills for a camera, and the real edge process over it."""

import asyncio
import sys
from pathlib import Path

from edge_worker.private_files import write_env
from edge_worker.settings import API_KEY, SERVER_URL, EdgeSettings
from edge_worker.stills import render_stills
from siaga.stack.stack import Stack
from siaga.stack.supervisor import Child

_CONFIG = """\
hardware_id = "{hardware_id}"
processor_type = "Jetson Orin Nano"

[[cameras]]
id = "chute"
path = "folder:{stills}"
name = "Chute"

[[sensors]]
id = "fill-level"
kind = "ultrasonic"

[[actuators]]
id = "crusher"
kind = "relay"

[firmware]
controller = "2.4.1"

[keypad]
port = {keypad}
"""
_KEYPADS = 8710


def prepare(folder: Path, hardware_id: str, seed: int) -> Path:
    """Make the folder of a box that was never switched on: configuration, and stills for its camera."""
    folder.mkdir(parents=True, exist_ok=True)
    stills = folder / "stills"
    render_stills(stills, seed)
    (folder / "config.toml").write_text(
        _CONFIG.format(hardware_id=hardware_id, stills=stills, keypad=keypad_port(seed)), encoding="utf-8"
    )
    return folder


def keypad_port(seed: int) -> int:
    """Return where a box's keypad is: several boxes share this machine's ports."""
    return _KEYPADS + seed


async def set_up(stack: Stack, folder: Path, code: str) -> None:
    """Type ``siaga edge setup <code>`` on the box and wait for it to end.

    Raises:
        RuntimeError: the code was refused; the message is what the command said.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "siaga.cli", "edge", "setup", code),
        *("--folder", str(folder), "--server", stack.settings.api_url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode())


def give_key(stack: Stack, folder: Path, api_key: str) -> None:
    """Write the key into the box's ``.env``, as a technician with the key at hand would."""
    write_env(EdgeSettings(folder=folder).env_file, {SERVER_URL: stack.settings.api_url, API_KEY: api_key})


async def switch_on(stack: Stack, name: str, folder: Path) -> Child:
    """Start the edge process over the folder; it is started again when it crashes."""
    return await stack.run(name, "edge", "run", "--folder", str(folder))
