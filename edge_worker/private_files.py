"""Files that hold secrets: only the owner may read them (0600), and they are whole or absent."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Create the folder (0700) when it is not there; an existing one keeps its mode. Raises ``OSError``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step: a reader, or a power cut, meets the old text or the new one.

    Raises ``OSError``.
    """
    # mkstemp makes the file with mode 0600 whatever the umask is, and rename keeps the mode.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_env(path: Path) -> dict[str, str]:
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


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Set these variables in an env file at mode 0600; other lines stay as they are. Raises ``OSError``."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [
        line for line in lines if line.strip().removeprefix("export ").partition("=")[0].strip() not in values
    ]
    given = [f"{name}={value}" for name, value in values.items()]
    write_private(path, "\n".join((*kept, *given)) + "\n")
