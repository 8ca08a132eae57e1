"""Reading and linking people."""

import pytest
from sqlalchemy import text

from db import people
from db.demo import PEOPLE
from db.queries.people import admin_ids, field_people, list_people, person_by_telegram
from db.session import SYSTEM, Database, Scope
from domain.errors import CodeUsed
from domain.roles import Permission, Role

STRANGER = people.TelegramIdentity(telegram_id=777, first_name="Sari", username="sari", language="id")


async def _organization_of(database: Database, telegram_id: int) -> tuple[int, int]:
    async with database.transaction(SYSTEM) as session:
        known = await person_by_telegram(session, telegram_id)
        assert known is not None
        return known.person.user_id, known.person.memberships[0].organization_id


async def test_every_demo_account_is_found_by_its_telegram_account(demo_database: Database) -> None:
    async with demo_database.transaction(SYSTEM) as session:
        for person in PEOPLE:
            known = await person_by_telegram(session, person.telegram_id)
            assert known is not None
            assert (known.person.name, known.is_active) == (person.name, True)


async def test_an_admin_manages_the_own_organization_only(demo_database: Database) -> None:
    _, own = await _organization_of(demo_database, 9002)
    _, partner = await _organization_of(demo_database, 9005)
    async with demo_database.transaction(SYSTEM) as session:
        known = await person_by_telegram(session, 9002)
    assert known is not None
    assert known.person.may(Permission.MANAGE_ASSIGNMENTS, own)
    assert not known.person.may(Permission.MANAGE_ASSIGNMENTS, partner)


async def test_a_staff_link_waits_for_the_inviter_and_serves_one_person(demo_database: Database) -> None:
    admin, organization = await _organization_of(demo_database, 9002)
    async with demo_database.transaction(SYSTEM) as session:
        invite, code = await people.create_invite(
            session, name="Sari", role=Role.TECHNICIAN, organization_id=organization, invited_by=admin
        )
        opened = await people.open_invite(session, code, STRANGER)
        assert opened.user_id is None
        assert await person_by_telegram(session, 777) is None
        linked = await people.confirm_invite(session, invite, admin, accept=True)
        known = await person_by_telegram(session, 777)
        assert known is not None
        assert known.person.user_id == linked
        assert known.person.role_in(organization) == Role.TECHNICIAN
        other = people.TelegramIdentity(telegram_id=778, first_name="Lain", username=None, language="id")
        with pytest.raises(CodeUsed):
            await people.open_invite(session, code, other)


async def test_a_suspended_person_is_known_as_inactive_at_once(demo_database: Database) -> None:
    admin, organization = await _organization_of(demo_database, 9002)
    technician, _ = await _organization_of(demo_database, 9004)
    async with demo_database.transaction(SYSTEM) as session:
        assert await people.suspend(session, technician, organization, admin)
        assert not await people.suspend(session, technician, organization, admin)
    async with demo_database.transaction(SYSTEM) as session:
        known = await person_by_telegram(session, 9004)
        assert known is not None
        assert not known.is_active


async def test_pickers_list_field_people_with_their_load(demo_database: Database) -> None:
    _, organization = await _organization_of(demo_database, 9002)
    async with demo_database.transaction(SYSTEM) as session:
        found = await field_people(session, organization)
        admins = await admin_ids(session, organization)
    load = [(person.name, person.open_assignments) for person in found]
    assert load == [("Operator", 0), ("Technician", 0)]
    assert len(admins) == 2  # the admin and the super admin, who is a member there


async def test_a_tenant_scope_hides_other_organizations(demo_database: Database) -> None:
    _, organization = await _organization_of(demo_database, 9002)
    _, partner = await _organization_of(demo_database, 9005)
    async with demo_database.transaction(SYSTEM) as session:
        both = await list_people(session, [organization, partner])
    async with demo_database.transaction(Scope.of([partner])) as session:
        visible = (await session.execute(text("select name from users order by name"))).scalars().all()
        machines = await session.scalar(text("select count(*) from rvm_machines"))
    assert len(both) == 8
    assert visible == ["Bob Johnson", "Jane Smith", "John Doe", "Tenant"]
    assert machines == 0
