"""The edge's settings come from the environment, the folder's ``.env`` and its ``config.toml``."""

from pathlib import Path

import pytest

from edge_worker.errors import ConfigInvalid
from edge_worker.settings import CameraSettings, KeypadSettings, edge_folder, read_settings

CONFIG = """
hardware_id = "SIM-0007"
processor_type = "Jetson Orin Nano"

[[cameras]]
id = "front"
path = "/dev/video0"
name = "Inlet"

[[cameras]]
id = "bin"
path = "rtsp://10.0.0.9/stream"

[[sensors]]
id = "bin-level"
kind = "ultrasonic"

[[actuators]]
id = "belt"

[firmware]
controller = "1.4.2"
"""


def test_an_empty_folder_gives_a_box_that_is_not_set_up(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {})

    assert (settings.server_url, settings.api_key, settings.cameras) == ("", "", ())
    assert settings.keypad == KeypadSettings("127.0.0.1", 8710, "id", ())


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("port = 0", None),
        (
            'host = "0.0.0.0"\nport = 80\nlanguage = "en"\nopen_command = ["unlock", "--door"]',
            KeypadSettings("0.0.0.0", 80, "en", ("unlock", "--door")),  # noqa: S104 - a choice of the box's owner
        ),
    ],
)
def test_the_keypad_is_where_the_config_file_says(
    tmp_path: Path, config: str, expected: KeypadSettings | None
) -> None:
    (tmp_path / "config.toml").write_text(f"[keypad]\n{config}")

    assert read_settings(tmp_path, {}).keypad == expected


def test_the_config_file_describes_the_machine_around_the_box(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)

    settings = read_settings(tmp_path, {})

    assert settings.hardware_id == "SIM-0007"
    assert settings.processor_type == "Jetson Orin Nano"
    assert [(camera.id, camera.name) for camera in settings.cameras] == [("front", "Inlet"), ("bin", "")]
    assert settings.sensors == ({"id": "bin-level", "kind": "ultrasonic"},)
    assert settings.actuators == ({"id": "belt"},)
    assert settings.firmware == {"controller": "1.4.2"}


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a box\nexport SIAGA_SERVER_URL='https://one.example/'\nSIAGA_API_KEY=from-file\n"
    )

    settings = read_settings(tmp_path, {"SIAGA_API_KEY": "from-environment", "SIAGA_MODEL": "/opt/m.engine"})

    assert settings.server_url == "https://one.example"
    assert settings.api_key == "from-environment"
    assert settings.model == Path("/opt/m.engine")


def test_a_camera_from_the_environment_stands_in_for_the_first(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)

    cameras = read_settings(tmp_path, {"SIAGA_CAMERA": "folder:/stills"}).cameras

    assert cameras[0] == CameraSettings("front", "folder:/stills", "Inlet")
    assert cameras[1].id == "bin"


def test_a_camera_from_the_environment_is_enough(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {"SIAGA_CAMERA": "0"}).cameras == (CameraSettings("camera-1", "0"),)


def test_the_folder_is_the_option_else_the_variable_else_the_home(tmp_path: Path) -> None:
    assert edge_folder(tmp_path, {"SIAGA_EDGE_DIR": "/elsewhere"}) == tmp_path
    assert edge_folder(None, {"SIAGA_EDGE_DIR": "/elsewhere"}) == Path("/elsewhere")
    assert edge_folder(None, {}) == Path.home() / ".siaga-edge"


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ("cameras = 3", "must be written as \\[\\[cameras\\]\\]"),
        ("[[cameras]]\nid = 'front'", "needs an id and a path"),
        ("[[cameras]]\nid='a'\npath='0'\n[[cameras]]\nid='a'\npath='1'", "the same id"),
        ("hardware_id = 7", "must be a text"),
        ("firmware = 'x'", "must be written as a \\[firmware\\]"),
        ("[keypad]\nport = 70000", "port must be a whole number"),
        ("[keypad]\nlanguage = 'fr'", "language is"),
        ("[keypad]\nopen_command = 'unlock'", "must be a list of texts"),
        ("= broken", "cannot be read"),
    ],
)
def test_a_broken_config_is_named(tmp_path: Path, config: str, complaint: str) -> None:
    (tmp_path / "config.toml").write_text(config)

    with pytest.raises(ConfigInvalid, match=complaint):
        read_settings(tmp_path, {})


@pytest.mark.parametrize(
    "url", ["siaga.example", "ftp://siaga.example", "http://", "http://[::1", "http://a:99999"]
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigInvalid, match="not a server address"):
        read_settings(tmp_path, {"SIAGA_SERVER_URL": url})


def test_the_key_is_not_shown(tmp_path: Path) -> None:
    assert "hidden" not in repr(read_settings(tmp_path, {"SIAGA_API_KEY": "hidden"}))
