"""Row-level security: what a tenant's transaction sees, writes, and may not touch at all (DESIGN 3.9)."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from db.demo import ORGANIZATION, PARTNER
from db.models.core import File, Invite, License, Organization, Setting
from db.models.everything import METADATA
from db.session import SYSTEM, Database, Scope
from domain.roles import Role

SHARED = {"subscription_plans"}
"""Reference data that every tenant reads."""
CLOSED = {"numbers"}
"""Says whose a number is, and is read by no tenant."""
SHARED_ROWS = {"checklists", "ticket_modules", "ticket_categories"}
"""Tables whose rows without an organization every tenant reads."""
TENANT_TABLES = [
    table.name
    for table in METADATA.sorted_tables
    if "organization_id" in table.columns and table.name not in CLOSED
]


async def _organizations(database: Database) -> dict[str, int]:
    async with database.transaction(SYSTEM) as session:
        rows = await session.execute(text("select name, id from organizations"))
        return {row.name: row.id for row in rows}


async def _tables(session: AsyncSession, question: str) -> set[str]:
    return set(await session.scalars(text(question)))


async def test_every_table_is_protected_shared_or_closed_to_tenants(database: Database) -> None:
    async with database.transaction(SYSTEM) as session:
        protected = await _tables(session, "select relname from pg_class where relrowsecurity")
        granted = await _tables(
            session,
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
            "and has_table_privilege('siaga_app', oid, 'select')",
        )
    assert granted - {"alembic_version"} == protected | SHARED
    assert set(TENANT_TABLES) <= protected


async def test_a_tenant_sees_only_rows_of_the_own_organization(demo_database: Database) -> None:
    organizations = await _organizations(demo_database)
    own = {"number": organizations[PARTNER]}
    async with demo_database.transaction(SYSTEM) as session:
        for number in organizations.values():
            session.add(File(organization_id=number, sha256="0" * 64, media_type="x", size_bytes=1))
    for table in TENANT_TABLES:
        async with demo_database.transaction(SYSTEM) as session:
            of_partner = text(f"select count(*) from {table} where organization_id = :number")  # noqa: S608
            expected = await session.scalar(of_partner, own) or 0
            # What belongs to nobody holds for all, like the general checklists.
            of_all = text(f"select count(*) from {table} where organization_id is null")  # noqa: S608
            shared = (await session.scalar(of_all) or 0) if table in SHARED_ROWS else 0
        for scope, count in ((Scope.of(own.values()), expected + shared), (Scope.of([]), shared)):
            async with demo_database.transaction(scope) as session:
                assert await session.scalar(text(f"select count(*) from {table}")) == count, table  # noqa: S608


async def test_a_tenant_cannot_write_for_another(demo_database: Database) -> None:
    organizations = await _organizations(demo_database)
    foreign = organizations[ORGANIZATION]
    scope = Scope.of([organizations[PARTNER]])
    for row in (
        insert(Setting).values(organization_id=foreign, key="beat_s", value=1),
        insert(License).values(organization_id=foreign, license_key="STOLEN"),
        insert(Invite).values(
            organization_id=foreign, role=Role.ADMIN, name="x", code_hash="x" * 64, expires_at=text("now()")
        ),
    ):
        with pytest.raises(DBAPIError, match="row-level security"):
            async with demo_database.transaction(scope) as session:
                await session.execute(row)
    async with demo_database.transaction(scope) as session:
        changed = await session.execute(text("update rvm_machines set name = 'mine' returning id"))
        assert changed.all() == []


async def test_what_belongs_to_the_system_is_refused_to_tenants(demo_database: Database) -> None:
    organizations = await _organizations(demo_database)
    for table in ("telegram_updates", "access_tokens", "edge_nonces", "cards", "numbers"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with demo_database.transaction(Scope.of(organizations.values())) as session:
                await session.execute(text(f"select 1 from {table}"))  # noqa: S608


async def test_the_scope_ends_with_its_transaction(demo_database: Database) -> None:
    organizations = await _organizations(demo_database)
    async with demo_database.transaction(Scope.of([organizations[PARTNER]])) as session:
        assert await session.scalar(text("select current_user")) == "siaga_app"
    async with demo_database.transaction(SYSTEM) as session:
        assert await session.scalar(text("select current_user")) == "siaga_system"
        seen = set(await session.scalars(text("select id from organizations")))
    assert seen == set(organizations.values())


async def _write_and_fail(database: Database) -> None:
    async with database.transaction(SYSTEM) as session:
        session.add(Organization(name="never"))
        await session.flush()
        raise RuntimeError


async def test_an_exception_takes_everything_back(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await _write_and_fail(database)
    assert await _organizations(database) == {}


async def test_a_statement_by_itself_has_the_systems_role_and_stays_though_the_next_one_fails(
    database: Database,
) -> None:
    async with database.statements() as session:
        assert await session.scalar(text("select current_user")) == SYSTEM.role
        await session.execute(text("insert into organizations (name) values ('Stays')"))
        with pytest.raises(DBAPIError):
            await session.execute(text("select 1 / 0"))

    assert "Stays" in await _organizations(database)
