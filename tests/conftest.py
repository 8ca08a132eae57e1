"""Fixtures shared by all tests: a database of their own."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, settings

from db.secrets import Cipher
from db.seed import seed_demo
from db.session import Database
from tests import database as test_database

# How long an example takes says more about the machine than about the code.
settings.register_profile("siaga", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("siaga")

SHARED = ("shared_site", "standing_stack")
"""Fixtures that start many processes: whoever uses one runs in the same test process."""
SECRET_KEY = "a-secret-key-for-tests-only"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell xdist which tests belong together."""
    for item in items:
        for name in SHARED:
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(name))


@pytest.fixture(scope="session")
def template() -> str:
    """The migrated template database."""
    test_database.start_server()
    return test_database.template()


@pytest.fixture
async def database_url(template: str) -> AsyncIterator[str]:
    """A database of this test's own, migrated and empty."""
    url = await test_database.clone(template)
    yield url
    await test_database.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of this test, opened."""
    opened = Database(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def cipher() -> Cipher:
    """Secrets of this test."""
    return Cipher(SECRET_KEY)


@pytest.fixture
async def demo_database(database: Database, cipher: Cipher) -> Database:
    """A database with the demo's people and machines."""
    await seed_demo(database, cipher)
    return database
