"""The command line explains itself, refuses in one line, and does what an operator asks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from db.queries.tokens import token_owner
from db.session import SYSTEM, Database
from domain.signing import secret_hash
from siaga.cli import execute


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_dir: Path) -> None:
    """No `.env` of the checkout, and no data folder but this test's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIAGA_DATA_DIR", str(data_dir))


def siaga(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "siaga.cli", *arguments], capture_output=True, text=True, check=False
    )


def test_help_names_every_command() -> None:
    shown = siaga("--help")

    assert shown.returncode == 0
    for command in ("demo", "up", "worker", "bot", "api", "edge", "db", "token", "invite", "doctor"):
        assert re.search(rf"^    {command} ", shown.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    "command", ["demo", "up", "worker", "bot", "doctor", "api", "edge", "db", "token", "invite"]
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        execute([command, "--help"])

    assert end.value.code == 0
    assert f"usage: siaga {command}" in capsys.readouterr().out


def test_a_wrong_setting_is_one_line_and_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_API_PORT", "http")

    refused = siaga("doctor")

    assert refused.returncode == 2
    assert refused.stderr == "siaga: SIAGA_API_PORT is 'http'; a whole number is expected.\n"


def test_without_a_token_up_points_to_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["up"]) == 2
    assert "run `siaga demo`, which needs none" in capsys.readouterr().err


def test_a_worker_that_knows_no_database_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["worker"]) == 2
    assert "DATABASE_URL is not set, and no stack runs over" in capsys.readouterr().err


def test_a_box_that_is_not_set_up_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["edge", "setup", "K7QM2-9XRTD", "--folder", str(tmp_path)]) == 2
    assert "Say --server <address>" in capsys.readouterr().err


def test_a_reset_must_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["db", "reset"]) == 2
    assert "Say --yes to do it." in capsys.readouterr().err


def test_openapi_needs_nothing_running(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["api", "--openapi"]) == 0
    assert '"/api/v1/edge/handshake"' in capsys.readouterr().out


@pytest.mark.stack
def test_a_reset_begins_again_with_an_empty_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["db", "seed", "--demo"]) == 0
    assert execute(["token", "create", "Admin"]) == 0

    assert execute(["db", "reset", "--yes"]) == 0

    capsys.readouterr()
    assert execute(["token", "create", "Admin"]) == 2
    assert "0 people are called 'Admin'" in capsys.readouterr().err


def test_a_token_is_printed_once_and_works(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database.url)

    assert execute(["token", "create", "Admin", "--read-only"]) == 0

    token = capsys.readouterr().out.strip()
    assert token.startswith("siaga_")


async def test_a_token_belongs_to_the_person_named(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_database.url)

    token = siaga("token", "create", "Technician").stdout.strip()

    async with demo_database.transaction(SYSTEM) as session:
        found = await token_owner(session, secret_hash(token))
    assert found is not None
    assert found.known.person.name == "Technician"


def test_an_invite_is_a_start_command_while_the_bot_is_unknown(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url)

    assert execute(["invite", "Ani", "--role", "admin", "--organization", "Daur Ulang"]) == 0

    assert re.match(r"/start [\w-]{32} ", capsys.readouterr().out)


def test_an_unknown_role_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["invite", "Ani", "--role", "boss"]) == 2
    assert "There is no role 'boss'; one of super_admin, admin" in capsys.readouterr().err
