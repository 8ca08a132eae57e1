"""docker-compose.yml is valid, whole, and closed to the outside where it must be."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from edge_worker import settings as edge_settings
from siaga import settings as server_settings
from siaga.stack.temporal import DYNAMIC_CONFIG

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVER = ("worker", "bot", "api", "migrate")
NOT_OURS = {"POSTGRES_PASSWORD"}
"""Read by docker compose alone."""


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
    return found


def variables_of_the_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_process_of_the_design_is_a_service(services: dict[str, dict[str, Any]]) -> None:
    assert {"postgres", "temporal", "temporal-ui", "worker", "bot", "api", "edge"} <= set(services)
    assert services["edge"]["profiles"] == ["edge"]


def test_every_lasting_service_says_when_it_is_healthy(services: dict[str, dict[str, Any]]) -> None:
    lasting = [name for name, service in services.items() if service["restart"] == "unless-stopped"]

    assert len(lasting) == 7
    assert [name for name in lasting if "test" not in services[name]["healthcheck"]] == []


def test_engines_are_not_open_to_the_outside(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert published == {
        "temporal-ui": ["127.0.0.1:8233:8080"],
        "api": ["${SIAGA_API_PORT:-8000}:8000"],
    }


def test_temporal_has_the_settings_that_the_product_relies_on(services: dict[str, dict[str, Any]]) -> None:
    config = yaml.safe_load((ROOT / "deploy/temporal/dynamicconfig.yaml").read_text(encoding="utf-8"))

    as_flags = {f"{key}={str(values[0]['value']).lower()}" for key, values in config.items()}

    assert as_flags == set(DYNAMIC_CONFIG)
    assert any("dynamicconfig.yaml" in volume for volume in services["temporal"]["volumes"])


def test_data_is_kept_in_volumes(services: dict[str, dict[str, Any]]) -> None:
    assert services["postgres"]["volumes"] == ["postgres-data:/var/lib/postgresql"]
    assert all(services[name]["volumes"] == ["siaga-data:/data"] for name in SERVER)
    assert set(yaml.safe_load(TEXT)["volumes"]) == {"postgres-data", "siaga-data", "edge-data"}


def test_every_variable_named_is_one_that_is_read(services: dict[str, dict[str, Any]]) -> None:
    known = {*server_settings.names(), *EDGE}
    given = {name for one in (*SERVER, "edge") for name in services[one]["environment"]}
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))

    assert given <= known
    assert asked <= known | NOT_OURS


EDGE = {
    edge_settings.SERVER_URL,
    edge_settings.API_KEY,
    edge_settings.CAMERA,
    edge_settings.MODEL,
    edge_settings.FOLDER,
}


def test_the_example_names_every_variable_with_its_default() -> None:
    example = variables_of_the_example()
    defaults = server_settings.Settings().environment()

    assert set(example) == {*defaults, *EDGE, *NOT_OURS}
    assert {name: example[name] for name in defaults} == defaults


def test_a_token_copied_with_the_example_is_all_that_is_needed(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")

    assert server_settings.read_settings({}, file) == server_settings.Settings()


def has_compose() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not has_compose(), reason="there is no docker with compose")
def test_docker_compose_accepts_the_file() -> None:
    result = subprocess.run(
        ["docker", "compose", "--profile", "edge", "config", "--quiet"],  # noqa: S607 - whichever there is
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "POSTGRES_PASSWORD": "secret"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
