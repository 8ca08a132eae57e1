"""Reference data every installation needs, and the demo's data. Running either twice changes nothing."""

import secrets
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.checklists import stored
from db.default_checklists import CHECKLISTS
from db.demo import (
    MACHINES,
    ORGANIZATION,
    PARTNER,
    PEOPLE,
    SETTINGS,
    DemoMachine,
    DemoPerson,
)
from db.demo_helpdesk import HELPDESK, accounts, seed_demo_helpdesk
from db.helpdesk_reference import seed_helpdesk
from db.models.assignments import Checklist
from db.models.core import (
    License,
    MembershipRow,
    Organization,
    Setting,
    SubscriptionPlan,
    TelegramAccount,
    User,
)
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from db.secrets import Cipher, new_api_key
from db.session import SYSTEM, Database
from domain.machines import Connection, MachineStatus
from domain.onboarding import OnboardingStep
from domain.roles import Role
from domain.signing import secret_hash

PLANS = (
    # name, cameras, edge servers, monthly price
    ("basic", 4, 1, Decimal(0)),
    ("professional", 16, 10, Decimal(750_000)),
    ("enterprise", 64, 1000, Decimal(2_500_000)),
)


async def seed_reference(database: Database) -> None:
    """Write plans (seed 004), checklists, the helpdesk's modules and categories (seed 003)."""
    async with database.transaction(SYSTEM) as session:
        await seed_helpdesk(session)
        for task_type, items in CHECKLISTS.items():
            await session.execute(
                insert(Checklist).values(task_type=task_type, items=stored(items)).on_conflict_do_nothing()
            )
        for name, cameras, edge_servers, price in PLANS:
            await session.execute(
                insert(SubscriptionPlan)
                .values(
                    name=name,
                    max_cameras=cameras,
                    max_edge_servers=edge_servers,
                    price_monthly=price,
                    price_yearly=price * 10,
                )
                .on_conflict_do_nothing()
            )


async def seed_demo(database: Database, cipher: Cipher) -> dict[str, str]:
    """Write the demo's organizations, accounts and machines (``db.demo``).

    Returns the API keys of the machines that this call made, by serial number: nothing else can tell them.
    """
    keys: dict[str, str] = {}
    await seed_reference(database)
    async with database.transaction(SYSTEM) as session:
        organizations = {
            name: await _organization(session, name) for name in (ORGANIZATION, PARTNER, HELPDESK)
        }
        for person in (*PEOPLE, *accounts()):
            await _person(session, person, organizations[person.organization])
        await seed_demo_helpdesk(session, organizations[HELPDESK])
        for organization_id in organizations.values():
            for key, value in SETTINGS.items():
                await session.execute(
                    insert(Setting)
                    .values(organization_id=organization_id, key=key, value=value)
                    .on_conflict_do_nothing()
                )
        for machine in MACHINES:
            api_key = await _machine(session, machine, organizations[ORGANIZATION], cipher)
            if api_key is not None:
                keys[machine.serial_number] = api_key
    return keys


async def _organization(session: AsyncSession, name: str) -> int:
    found = await session.scalar(select(Organization.id).where(Organization.name == name))
    if found is not None:
        return found
    row = Organization(name=name, city="Jakarta", subscription_plan="enterprise")
    session.add(row)
    await session.flush()
    session.add(License(organization_id=row.id, license_key=f"DEMO-{row.id}", modules=["rvm", "helpdesk"]))
    return row.id


async def _person(session: AsyncSession, person: DemoPerson, organization_id: int) -> None:
    user_id = await session.scalar(
        insert(User)
        .values(
            name=person.name,
            email=person.email,
            language=person.language,
            is_super_admin=person.role == Role.SUPER_ADMIN,
            points_balance=person.points,
        )
        .on_conflict_do_nothing()
        .returning(User.id)
    )
    if user_id is None:
        return
    session.add(MembershipRow(user_id=user_id, organization_id=organization_id, role=person.role))
    session.add(TelegramAccount(user_id=user_id, telegram_id=person.telegram_id, first_name=person.name))


async def _machine(
    session: AsyncSession, machine: DemoMachine, organization_id: int, cipher: Cipher
) -> str | None:
    api_key = new_api_key()
    machine_id = await session.scalar(
        insert(RvmMachine)
        .values(
            uuid=machine.uuid,
            organization_id=organization_id,
            name=machine.name,
            api_key=secret_hash(api_key),
            latitude=machine.latitude,
            longitude=machine.longitude,
            address=machine.address,
            serial_number=machine.serial_number,
            capacity=machine.capacity,
            status=machine.status,
            connection=Connection.WAITING,
            onboarding_step=OnboardingStep.COMMISSIONED,
            commissioned_at=func.now() - timedelta(days=30)
            if machine.status != MachineStatus.INACTIVE
            else None,
        )
        .on_conflict_do_nothing()
        .returning(RvmMachine.id)
    )
    if machine_id is None:
        return None
    server = EdgeServer(
        organization_id=organization_id,
        edge_id=str(machine.uuid),
        edge_key=f"ek_{secrets.token_hex(16)}",
        edge_secret=cipher.encrypt(secrets.token_hex(32)),
        name=machine.name,
        beat_s=SETTINGS["beat_s"],
        missed_after_s=SETTINGS["missed_after_s"],
    )
    session.add(server)
    await session.flush()
    session.add(
        EdgeDevice(rvm_machine_id=machine_id, edge_server_id=server.id, organization_id=organization_id)
    )
    return api_key
