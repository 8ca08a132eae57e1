"""Migrations climb up and down, and end at what the models say."""

import asyncio

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from db import migrate
from tests import database as test_database


@pytest.fixture
async def empty_url(template: str) -> str:
    """A database without tables on the test server."""
    assert template  # the server runs
    return await test_database.clone("template1")


async def test_every_migration_goes_up_and_down_and_up_again(empty_url: str) -> None:
    revisions = [one.revision for one in ScriptDirectory(str(migrate.FOLDER)).walk_revisions()][::-1]
    before = "base"
    for revision in revisions:
        for target in (revision, before, revision):
            step = migrate.downgrade if target == before else migrate.upgrade
            await asyncio.to_thread(step, empty_url, target)
        before = revision
    assert await migrate.current(empty_url) == migrate.head()
    await test_database.drop(empty_url)


async def test_models_and_migrations_agree(database_url: str) -> None:
    await asyncio.to_thread(command.check, migrate.config(database_url))


async def test_an_empty_database_is_at_no_revision(empty_url: str) -> None:
    assert await migrate.current(empty_url) is None
    await test_database.drop(empty_url)
