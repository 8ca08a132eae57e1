"""Who reads what the outbox sends."""

import pytest
from sqlalchemy import text

from db.session import SYSTEM, Database


@pytest.fixture
async def readers(database: Database) -> Database:
    """People 1 to 5, each with the private chat of the same number."""
    async with database.transaction(SYSTEM) as session:
        for number in range(1, 6):
            given = {"id": number, "name": f"Person {number}"}
            await session.execute(
                text("insert into users (id, name) overriding system value values (:id, :name)"), given
            )
            await session.execute(
                text(
                    "insert into telegram_accounts (user_id, telegram_id, first_name) "
                    "values (:id, :id, :name)"
                ),
                given,
            )
    return database
