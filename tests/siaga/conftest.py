"""Fixtures of the composition's tests."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder outside pytest's own, which closes itself to PostgreSQL's user when tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="siaga-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)
