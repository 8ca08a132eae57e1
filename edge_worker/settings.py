"""The edge's own settings: environment, the edge folder's ``.env`` and its ``config.toml`` (DESIGN 8).

The edge installs without the server, so it reads the environment itself; no other file of it does.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from edge_worker.errors import ConfigInvalid
from edge_worker.private_files import read_env

FOLDER = "SIAGA_EDGE_DIR"
SERVER_URL = "SIAGA_SERVER_URL"
API_KEY = "SIAGA_API_KEY"
CAMERA = "SIAGA_CAMERA"
MODEL = "SIAGA_MODEL"
DEFAULT_FOLDER = "~/.siaga-edge"
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """One camera: ``path`` is what ``edge_worker.cameras.open_camera`` understands."""

    id: str
    path: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeypadSettings:
    """Where the keypad's page is served, in which language it begins, and what moves the bolt."""

    host: str = "127.0.0.1"
    port: int = 8710
    language: str = "id"
    open_command: tuple[str, ...] = ()
    """Run with the slot as its last argument when a PIN is right; empty: nothing to move."""


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """What the box knows before it has spoken to the server."""

    folder: Path
    server_url: str = ""
    api_key: str = field(default="", repr=False)
    cameras: tuple[CameraSettings, ...] = ()
    """As configured; empty means: those found at ``/dev/video*``."""
    sensors: tuple[dict[str, Any], ...] = ()
    actuators: tuple[dict[str, Any], ...] = ()
    firmware: dict[str, Any] = field(default_factory=dict)
    hardware_id: str = ""
    """Set for simulated boxes only; a real one has a serial number."""
    processor_type: str = ""
    model: Path | None = None
    """The deployed detection model; none: the untrained architecture stands in for it in the self-test."""

    keypad: KeypadSettings | None = None
    """None: no keypad."""

    @property
    def env_file(self) -> Path:
        """Where ``siaga edge setup`` writes the server and the API key (0600)."""
        return self.folder / ".env"

    @property
    def credentials_file(self) -> Path:
        """Where the handshake's answer is kept (0600)."""
        return self.folder / "credentials.json"

    @property
    def roster_file(self) -> Path:
        """Names of PIN slots and revoked PINs, as the server last told (0600)."""
        return self.folder / "roster.json"

    @property
    def back_off_file(self) -> Path:
        """Wrong PINs in a row and until when the keypad waits (0600)."""
        return self.folder / "keypad.json"

    @property
    def spool_file(self) -> Path:
        """The SQLite file of everything not yet acknowledged."""
        return self.folder / "spool.db"


def edge_folder(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Path:
    """Return the edge folder: the option, else ``SIAGA_EDGE_DIR``, else ``~/.siaga-edge``."""
    named = (os.environ if environ is None else environ).get(FOLDER, "").strip()
    return (folder or Path(named or DEFAULT_FOLDER)).expanduser().absolute()


def read_settings(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> EdgeSettings:
    """Read the settings; a variable of the environment wins over the folder's ``.env``.

    Raises:
        ConfigInvalid: a file cannot be read or a value cannot be used.
    """
    environ = os.environ if environ is None else environ
    folder = edge_folder(folder, environ)
    try:
        given = {
            **read_env(folder / ".env"),
            **{name: value for name, value in environ.items() if value.strip()},
        }
    except OSError as error:
        msg = f"{folder / '.env'} cannot be read: {error.strerror}."
        raise ConfigInvalid(msg) from error
    config = _read_config(folder / "config.toml")
    model = given.get(MODEL, "").strip()
    return EdgeSettings(
        folder=folder,
        server_url=checked_url(given[SERVER_URL]) if given.get(SERVER_URL, "").strip() else "",
        api_key=given.get(API_KEY, "").strip(),
        cameras=_cameras(config, given.get(CAMERA, "").strip()),
        sensors=_tables(config, "sensors"),
        actuators=_tables(config, "actuators"),
        firmware=_table(config, "firmware"),
        hardware_id=_text(config, "hardware_id"),
        processor_type=_text(config, "processor_type"),
        model=Path(model).expanduser() if model else None,
        keypad=_keypad(config),
    )


def checked_url(url: str) -> str:
    """Return the server's address without a closing slash; raises ``ConfigInvalid``."""
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        msg = f"{url!r} is not a server address; it looks like https://siaga.example.com."
        raise ConfigInvalid(msg)
    return url


def _read_config(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path} cannot be read: {error}."
        raise ConfigInvalid(msg) from error


def _cameras(config: dict[str, Any], override: str) -> tuple[CameraSettings, ...]:
    cameras = [
        CameraSettings(_text(table, "id"), _text(table, "path"), _text(table, "name"))
        for table in _tables(config, "cameras")
    ]
    for camera in cameras:
        if not camera.id or not camera.path:
            msg = "config.toml: every [[cameras]] needs an id and a path."
            raise ConfigInvalid(msg)
    if len({camera.id for camera in cameras}) != len(cameras):
        msg = "config.toml: two [[cameras]] have the same id."
        raise ConfigInvalid(msg)
    if override:
        first = cameras[0] if cameras else CameraSettings("camera-1", override)
        return (CameraSettings(first.id, override, first.name), *cameras[1:])
    return tuple(cameras)


def _keypad(config: dict[str, Any]) -> KeypadSettings | None:
    """Return the keypad's settings; ``port = 0`` means a box without one."""
    table = _table(config, "keypad")
    standard = KeypadSettings()
    port, command = table.get("port", standard.port), table.get("open_command", [])
    if type(port) is not int or not 0 <= port <= _LAST_PORT:
        msg = "config.toml: [keypad] port must be a whole number up to 65535; 0 turns the keypad off."
        raise ConfigInvalid(msg)
    if not isinstance(command, list) or not all(isinstance(part, str) and part for part in command):
        msg = 'config.toml: [keypad] open_command must be a list of texts, like ["/usr/local/bin/unlock"].'
        raise ConfigInvalid(msg)
    language = _text(table, "language") or standard.language
    if language not in {"id", "en"}:
        msg = 'config.toml: [keypad] language is "id" or "en".'
        raise ConfigInvalid(msg)
    if port == 0:
        return None
    return KeypadSettings(_text(table, "host") or standard.host, port, language, tuple(command))


def _tables(config: dict[str, Any], name: str) -> tuple[dict[str, Any], ...]:
    value = config.get(name, [])
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        msg = f"config.toml: {name} must be written as [[{name}]] tables."
        raise ConfigInvalid(msg)
    return tuple(value)


def _table(config: dict[str, Any], name: str) -> dict[str, Any]:
    value = config.get(name, {})
    if not isinstance(value, dict):
        msg = f"config.toml: {name} must be written as a [{name}] table."
        raise ConfigInvalid(msg)
    return value


def _text(config: dict[str, Any], name: str) -> str:
    value = config.get(name, "")
    if not isinstance(value, str):
        msg = f"config.toml: {name} must be a text in quotes."
        raise ConfigInvalid(msg)
    return value.strip()
