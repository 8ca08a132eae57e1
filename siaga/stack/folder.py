"""The data folder of a one-machine stack: one stack at a time, and where the running one is reached."""

import contextlib
import fcntl
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from siaga.settings import Settings
from siaga.stack.readiness import StackError

_LOCK = "stack.lock"
_ADDRESSES = "stack.json"
_PUBLISHED = (
    "database_url",
    "temporal_address",
    "api_port",
    "telegram_token",
    "telegram_base_url",
    "telegram_base_file_url",
)


@contextlib.contextmanager
def claimed(data_dir: Path) -> Iterator[None]:
    """Hold the folder for this process; the kernel lets go of it however the process ends.

    Raises:
        StackError: another process holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / _LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = (
                f"Siaga is running already over {data_dir}: stop it, or set SIAGA_DATA_DIR to another folder."
            )
            raise StackError(msg) from None
        try:
            yield
        finally:
            (data_dir / _ADDRESSES).unlink(missing_ok=True)


def write_addresses(settings: Settings) -> None:
    """Let other ``siaga`` commands over the same folder find the running stack."""
    found = {name: getattr(settings, name) for name in _PUBLISHED}
    path = settings.data_dir / _ADDRESSES
    path.touch(mode=0o600)
    path.write_text(json.dumps(found))


def with_running_stack(settings: Settings) -> Settings:
    """Return the settings, completed from the stack that runs over their data folder, if there is one.

    What was set by hand stays.
    """
    path = settings.data_dir / _ADDRESSES
    if not path.exists() or not _is_held(settings.data_dir / _LOCK):
        return settings
    found = json.loads(path.read_text())
    defaults = Settings()
    unset = [name for name in found if getattr(settings, name) == getattr(defaults, name)]
    return replace(settings, **{name: found[name] for name in unset})


def _is_held(lock: Path) -> bool:
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
