"""A Temporal server, a worker with the real activities on a real database, and the gateway."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from db.secrets import Cipher
from db.seed import seed_demo
from db.session import SYSTEM, Database
from db.store import LocalStore
from tests import database as test_database
from tests.conftest import SECRET_KEY
from tests.workflows.field import Field
from tests.workflows.servers import a_worker, start_dev_server, time_skipping
from workflows.client import Gateway


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "outcome(name): plays a business outcome whose history tests/replay keeps under this name"
    )


async def _seed(template: str) -> str:
    url = await test_database.clone(template)
    database = Database(url)
    await seed_demo(database, Cipher(SECRET_KEY))
    # Undoing and checklists are for the tests that are about them.
    async with database.transaction(SYSTEM) as session:
        await session.execute(text("update settings set value = 0 where key = 'undo_s'"))
        await session.execute(text("delete from checklists"))
    await database.dispose()
    return url


@pytest.fixture(scope="session")
def demo_template(template: str) -> Iterator[str]:
    """A database with the demo's people and machines, to be copied: cheaper than seeding each time."""
    url = asyncio.run(_seed(template))
    yield test_database.name_of(url)
    asyncio.run(test_database.drop(url))


@pytest.fixture
async def demo_database(demo_template: str) -> AsyncIterator[Database]:
    """A database of this test's own with the demo's people and machines."""
    url = await test_database.clone(demo_template)
    database = Database(url)
    yield database
    await database.dispose()
    await test_database.drop(url)


@pytest.fixture
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of this test's own: skipping is global to a server."""
    async with time_skipping() as environment:
        yield environment


@pytest.fixture
async def dev_server() -> AsyncIterator[WorkflowEnvironment]:
    """A dev server of this test's own, on which a run is long after a few moves."""
    environment = await start_dev_server(settings=["limit.historyCount.suggestContinueAsNew=30"])
    async with environment:
        yield environment


@pytest.fixture
def files(tmp_path: Path) -> LocalStore:
    """The worker's files."""
    return LocalStore(tmp_path)


@pytest.fixture
async def worker(
    temporal: WorkflowEnvironment, demo_database: Database, cipher: Cipher, tmp_path: Path
) -> AsyncIterator[Worker]:
    """A worker with the product's workflows and activities; its files lie in the test's folder."""
    async with a_worker(temporal.client, demo_database, cipher, tmp_path) as running:
        yield running


@pytest.fixture
async def unattended(temporal: WorkflowEnvironment, demo_database: Database, cipher: Cipher) -> Field:
    """The people and machines of the demo, with the gateway to move them; no worker runs."""
    return await Field.of(temporal, demo_database, cipher)


@pytest.fixture
async def field(unattended: Field, worker: Worker) -> Field:
    """The people and machines of the demo, with the gateway to move them."""
    return unattended


@pytest.fixture
async def dev_field(
    dev_server: WorkflowEnvironment, demo_database: Database, cipher: Cipher
) -> AsyncIterator[Field]:
    """The same on the dev server."""
    async with a_worker(dev_server.client, demo_database, cipher):
        yield await Field.of(dev_server, demo_database, cipher)


@pytest.fixture
def hasty(unattended: Field) -> Gateway:
    """A gateway that does not wait long."""
    return Gateway(unattended.temporal.client, rpc_timeout_s=0.5)
