"""Settings come from the environment and a file, have defaults for one machine, and fail in words."""

import stat
from pathlib import Path

import pytest

from siaga.settings import Settings, SettingsError, ensure_secret_key, names, read_settings

NO_FILE = Path("/nonexistent/.env")


def test_nothing_set_means_one_machine() -> None:
    settings = read_settings({}, NO_FILE)

    assert settings == Settings()
    assert settings.database_url == ""
    assert settings.api_url == "http://127.0.0.1:8000"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TELEGRAM_TOKEN=from-file\nSIAGA_API_PORT=9000\n")

    settings = read_settings({"TELEGRAM_TOKEN": "from-environment"}, file)

    assert settings.telegram_token == "from-environment"
    assert settings.api_port == 9000


def test_a_file_may_hold_comments_quotes_and_exports(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n\nexport TELEGRAM_TOKEN='1:a#b = c'\n"
        'SIAGA_PUBLIC_URL="https://siaga.example/"\nSIAGA_DEFAULT_LANGUAGE=en # English\n#SIAGA_API_PORT=1\n'
    )

    settings = read_settings({}, file)

    assert settings.telegram_token == "1:a#b = c"
    assert settings.api_url == "https://siaga.example"
    assert settings.default_language == "en"
    assert settings.api_port == 8000


def test_an_empty_value_means_the_default() -> None:
    assert read_settings({"SIAGA_API_PORT": " ", "DATABASE_URL": ""}, NO_FILE) == Settings()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"SIAGA_API_PORT": "http"}, "SIAGA_API_PORT is 'http'; a whole number is expected"),
        ({"TELEGRAM_MODE": "push"}, "TELEGRAM_MODE is 'push'; one of polling, webhook is expected"),
        ({"TELEGRAM_MODE": "webhook"}, "set TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_BASE_URL": "https://telegram.example"}, "must end in /bot"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(given: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_settings(given, NO_FILE)


def test_a_child_process_reads_the_same_settings_from_its_environment(tmp_path: Path) -> None:
    settings = Settings(
        telegram_token="1:t", data_dir=tmp_path, temporal_tls_ca=tmp_path / "ca.pem", api_port=1
    )

    environment = settings.environment()

    assert read_settings(environment, NO_FILE) == settings
    assert sorted(environment) == sorted(names())


def test_the_secret_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    key = ensure_secret_key(settings)

    assert ensure_secret_key(settings) == key
    assert len(key) == 44
    assert stat.S_IMODE(settings.secret_key_file.stat().st_mode) == 0o600
    assert [file.name for file in settings.data_dir.iterdir()] == ["secret.key"]


def test_a_given_secret_key_is_not_written_anywhere(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret_key="mine")

    assert ensure_secret_key(settings) == "mine"
    assert not settings.data_dir.exists()
