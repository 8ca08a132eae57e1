"""The Temporal dev server with its web page: history in a file under the data folder."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from domain import search_attributes
from siaga.stack.readiness import StackError
from siaga.stack.supervisor import Program

NAME = "temporal"
HOST = "127.0.0.1"
DYNAMIC_CONFIG = (
    # Ten by default, which makes a race of twenty taps on one card take a second (TEMPORAL.md).
    "history.maxInFlightUpdates=100",
    # Off by default; fairness keys (organizations) mean nothing without it.
    "matching.enableFairness=true",
)


@dataclass(frozen=True, slots=True)
class TemporalServer:
    """One dev server; ``cli`` is the ``temporal`` program."""

    cli: Path
    folder: Path
    log: Path
    namespace: str
    port: int
    ui_port: int

    @property
    def address(self) -> str:
        """Where clients and workers connect."""
        return f"{HOST}:{self.port}"

    @property
    def ui_url(self) -> str:
        """Where admins read."""
        return f"http://localhost:{self.ui_port}"

    def program(self) -> Program:
        """Return what the supervisor runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return Program(
            name=NAME,
            command=(
                *(str(self.cli), "server", "start-dev", "--log-level", "error", "--ui-disable-news-fetch"),
                *("--ip", HOST, "--port", str(self.port), "--ui-port", str(self.ui_port)),
                *("--db-filename", str(self.folder / "temporal.db"), "--namespace", self.namespace),
                # As durable as SQLite's default journal, and an update takes half the time.
                *("--sqlite-pragma", "journal_mode=WAL"),
                *(part for one in DYNAMIC_CONFIG for part in ("--dynamic-config-value", one)),
                *(part for kind in search_attribute_types() for part in ("--search-attribute", kind)),
            ),
            log=self.log,
        )


def search_attribute_types() -> list[str]:
    """Return ``name=type`` of each search attribute, as the CLI writes them."""
    return [f"{key.name}={key.indexed_value_type.name.capitalize()}" for key in search_attributes.ALL]


def find_cli(given: Path | None) -> Path:
    """Return the ``temporal`` program: the given one, else from the path, else from the wheel.

    Raises:
        StackError: there is none.
    """
    if given is not None:
        if given.is_file():
            return given
        msg = f"SIAGA_TEMPORAL_CLI names {given}, which is no file."
        raise StackError(msg)
    beside_python = Path(sys.executable).parent / "temporal"
    for found in (shutil.which("temporal"), beside_python if beside_python.is_file() else None):
        if found:
            return Path(found)
    msg = "There is no Temporal CLI: install siaga[server], or set SIAGA_TEMPORAL_CLI to the program."
    raise StackError(msg)
