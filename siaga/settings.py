"""The settings of the product, read once from the environment and a ``.env`` file (DESIGN 10).

Every one has a default that works on one machine. Rooms never read the environment: ``siaga/processes``
fills their own dataclasses from this one.
"""

import base64
import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_type_hints

from siaga.errors import CommandError

TelegramMode = Literal["polling", "webhook"]


class SettingsError(CommandError):
    """A setting has a value that cannot be used; the message names it and what is expected."""


def _setting(name: str, default: Any) -> Any:  # noqa: ANN401 - a dataclass field stands for its value
    return field(default=default, metadata={"environment": name})


@dataclass(frozen=True, slots=True)
class Settings:
    """What one machine's processes need to know; see ``.env.example`` for each in words."""

    telegram_token: str = _setting("TELEGRAM_TOKEN", "")
    telegram_base_url: str = _setting("TELEGRAM_BASE_URL", "https://api.telegram.org/bot")
    telegram_base_file_url: str = _setting("TELEGRAM_BASE_FILE_URL", "https://api.telegram.org/file/bot")
    telegram_mode: TelegramMode = _setting("TELEGRAM_MODE", "polling")
    telegram_webhook_secret: str = _setting("TELEGRAM_WEBHOOK_SECRET", "")
    database_url: str = _setting("DATABASE_URL", "")
    temporal_address: str = _setting("TEMPORAL_ADDRESS", "")
    temporal_namespace: str = _setting("TEMPORAL_NAMESPACE", "siaga")
    temporal_api_key: str = _setting("TEMPORAL_API_KEY", "")
    temporal_tls_cert: Path | None = _setting("TEMPORAL_TLS_CERT", None)
    temporal_tls_key: Path | None = _setting("TEMPORAL_TLS_KEY", None)
    temporal_tls_ca: Path | None = _setting("TEMPORAL_TLS_CA", None)
    temporal_ui_url: str = _setting("SIAGA_TEMPORAL_UI_URL", "")
    temporal_cli: Path | None = _setting("SIAGA_TEMPORAL_CLI", None)
    data_dir: Path = _setting("SIAGA_DATA_DIR", Path(".siaga"))
    api_host: str = _setting("SIAGA_API_HOST", "127.0.0.1")
    api_port: int = _setting("SIAGA_API_PORT", 8000)
    public_url: str = _setting("SIAGA_PUBLIC_URL", "")
    secret_key: str = _setting("SIAGA_SECRET_KEY", "")
    default_language: Literal["id", "en"] = _setting("SIAGA_DEFAULT_LANGUAGE", "id")
    edge_temporal_address: str = _setting("SIAGA_EDGE_TEMPORAL_ADDRESS", "")
    log_level: Literal["debug", "info", "warning", "error"] = _setting("SIAGA_LOG_LEVEL", "info")
    pulse_file: Path | None = _setting("SIAGA_PULSE_FILE", None)

    @property
    def api_url(self) -> str:
        """Where people and devices reach the API: the public address, else this machine's own."""
        return self.public_url.rstrip("/") or f"http://{self.api_host}:{self.api_port}"

    @property
    def secret_key_file(self) -> Path:
        """Where the key lies that was made here because none was given."""
        return self.data_dir / "secret.key"

    @property
    def files_dir(self) -> Path:
        """The local file store."""
        return self.data_dir / "files"

    def environment(self) -> dict[str, str]:
        """Return these settings as environment variables, for a child process."""
        values = {_name(one): getattr(self, one.name) for one in fields(self)}
        return {name: "" if value is None else str(value) for name, value in values.items()}


def names() -> list[str]:
    """Return every environment variable that is read."""
    return [_name(one) for one in fields(Settings)]


def read_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Read the settings; a variable of the environment wins over the file's.

    Raises:
        SettingsError: a value cannot be used.
    """
    given = {**_read_env_file(env_file or Path(".env")), **(os.environ if environ is None else environ)}
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {
        one.name: _converted(_name(one), given[_name(one)].strip(), hints[one.name])
        for one in fields(Settings)
        if given.get(_name(one), "").strip()
    }
    settings = Settings(**values)
    return _checked(settings)


def ensure_secret_key(settings: Settings) -> str:
    """Return the key that secrets are encrypted with: the given one, else one kept at mode 0600."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.secret_key_file
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as fresh:  # made with mode 0600
            fresh.write(base64.urlsafe_b64encode(os.urandom(32)).decode() + "\n")
            fresh.flush()
            with contextlib.suppress(FileExistsError):  # another process was first: its key counts
                os.link(fresh.name, path)
    return path.read_text().strip()


def _name(one: Any) -> str:  # noqa: ANN401 - dataclasses.Field is generic over anything
    return str(one.metadata["environment"])


def _converted(name: str, text: str, kind: Any) -> str | int | Path:  # noqa: ANN401 - a type hint
    if kind is int:
        if not text.isdigit():
            msg = f"{name} is {text!r}; a whole number is expected."
            raise SettingsError(msg)
        return int(text)
    if kind is str:
        return text
    if kind in (Path, Path | None):
        return Path(text).expanduser()
    if text not in kind.__args__:
        msg = f"{name} is {text!r}; one of {', '.join(kind.__args__)} is expected."
        raise SettingsError(msg)
    return text


def _checked(settings: Settings) -> Settings:
    if settings.telegram_mode == "webhook" and not settings.telegram_webhook_secret:
        msg = "TELEGRAM_MODE is webhook: set TELEGRAM_WEBHOOK_SECRET to a random text of your own."
        raise SettingsError(msg)
    addresses = {
        "TELEGRAM_BASE_URL": settings.telegram_base_url,
        "TELEGRAM_BASE_FILE_URL": settings.telegram_base_file_url,
    }
    for name, url in addresses.items():
        if not url.endswith("/bot"):
            msg = f"{name} is {url!r}; it must end in /bot, the token follows it directly."
            raise SettingsError(msg)
    return settings


def _read_env_file(path: Path) -> dict[str, str]:
    """Read ``NAME=value`` lines; comments, blank lines, ``export`` and one pair of quotes are understood."""
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[name.strip()] = value[1:-1] if quoted else value.split(" #")[0].strip()
    return found
