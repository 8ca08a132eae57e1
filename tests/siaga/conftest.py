"""Fixtures of the composition's tests."""

import io
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from siaga.settings import Settings
from siaga.stack.console import Console
from siaga.stack.stack import Part, Ports, Stack


@contextmanager
def a_data_dir() -> Iterator[Path]:
    """A data folder outside pytest's own, which closes itself to PostgreSQL's user when tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="siaga-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder of this test's own."""
    with a_data_dir() as folder:
        yield folder


def stack_of(settings: Settings, *parts: Part) -> Stack:
    """A stack on free ports that says nothing."""
    ports = Ports(temporal=0, temporal_ui=0, simulator=0)
    return Stack(settings, parts, ports=ports, console=Console(io.StringIO()), logs_to_files=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing_stack() -> AsyncIterator[Stack]:
    """A stack with the simulator, for whoever only looks at it."""
    with a_data_dir() as folder:
        async with stack_of(Settings(data_dir=folder), Part.SIMULATOR) as stack:
            yield stack


@pytest.fixture
def own_processes() -> Callable[[], list[psutil.Process]]:
    """Asks for the processes below this one that the test itself started."""
    here = psutil.Process()
    before = set(here.children(recursive=True))
    return lambda: [process for process in here.children(recursive=True) if process not in before]
