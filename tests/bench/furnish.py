"""The organization that is measured: a dispatcher, technicians with phones, machines with their boxes."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.files import record_picture
from db.images import Picture
from db.models.assignments import Checklist
from db.models.core import MembershipRow, Organization, TelegramAccount, User
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from db.secrets import Cipher
from db.session import SYSTEM
from domain.machines import Connection, MachineState, MachineStatus
from domain.onboarding import OnboardingStep
from domain.roles import Role

if TYPE_CHECKING:
    from tests.bench.world import World

LATITUDE, LONGITUDE = -6.2, 106.8
"""Where all machines stand, degrees WGS 84."""
FIRST_TELEGRAM_ID = 700_000
MACHINES = 50
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Technician:
    """A technician with a phone on the simulator."""

    user_id: int
    telegram_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine in service with its box."""

    machine_id: int
    uuid: UUID
    name: str
    server_id: int
    edge_key: str
    secret: str


async def furnish(world: "World") -> None:
    """Write the organization and its people, give them phones, and start the lives of the machines.

    Nothing is asked on site: the lives by hand know no checklist.
    """
    async with world.database.transaction(SYSTEM) as session:
        await session.execute(delete(Checklist))
        organization = Organization(name="Bench", city="Jakarta", subscription_plan="enterprise")
        session.add(organization)
        await session.flush()
        world.organization = organization.id
        dispatcher = User(name="Dispatcher", email="dispatcher@bench.example")
        session.add(dispatcher)
        await session.flush()
        world.dispatcher = dispatcher.id
    world.technicians = await _technicians(world)
    world.machines = await add_machines(world, MACHINES)
    await begin_lives(world, world.machines)
    async with httpx.AsyncClient(base_url=world.simulator, trust_env=False) as http:
        await http.post("/sim/limits", json={"mode": "off"})
        for person in world.technicians:
            await http.post("/sim/people", json={"id": person.telegram_id, "first_name": person.name})
            await http.post(f"/sim/people/{person.telegram_id}/start", json={"payload": ""})


async def _technicians(world: "World") -> list[Technician]:
    async with world.database.transaction(SYSTEM) as session:
        people = [
            User(name=f"Technician {number}", email=f"technician-{number}@bench.example")
            for number in range(world.plan.technicians)
        ]
        session.add_all(people)
        await session.flush()
        found = [
            Technician(user.id, FIRST_TELEGRAM_ID + number, user.name) for number, user in enumerate(people)
        ]
        for one in found:
            role = MembershipRow(
                user_id=one.user_id, organization_id=world.organization, role=Role.TECHNICIAN
            )
            account = TelegramAccount(user_id=one.user_id, telegram_id=one.telegram_id, first_name=one.name)
            session.add_all([role, account])
    return found


async def add_machines(
    world: "World", many: int, *, connection: Connection = Connection.WAITING, missed_after_s: float = 75.0
) -> list[Machine]:
    """Write machines in service, each with its box; their lives do not run yet."""
    secret = secrets.token_hex(32)  # one for all boxes: only its length matters here
    sealed = Cipher(world.stack.settings.secret_key).encrypt(secret)
    uuids = [uuid4() for _ in range(many)]
    organization = {"organization_id": world.organization}
    machines = [
        organization
        | {
            "uuid": uuid,
            "name": _name(uuid),
            "api_key": uuid.hex,
            "latitude": LATITUDE,
            "longitude": LONGITUDE,
            "status": MachineStatus.ACTIVE,
            "connection": connection,
            "onboarding_step": OnboardingStep.COMMISSIONED,
        }
        for uuid in uuids
    ]
    servers = [
        organization
        | {
            "edge_id": str(uuid),
            "edge_key": f"ek_{uuid.hex}",
            "edge_secret": sealed,
            "status": connection,
            "watch_mark": connection,
            "missed_after_s": missed_after_s,
        }
        for uuid in uuids
    ]
    async with world.database.transaction(SYSTEM) as session:
        machine_ids = await _insert(session, RvmMachine, machines)
        server_ids = await _insert(session, EdgeServer, servers)
        devices = [
            organization | {"rvm_machine_id": machine, "edge_server_id": server, "hardware_id": uuid.hex}
            for machine, server, uuid in zip(machine_ids, server_ids, uuids, strict=True)
        ]
        await _insert(session, EdgeDevice, devices)
    return [
        Machine(machine, uuid, _name(uuid), server, f"ek_{uuid.hex}", secret)
        for machine, server, uuid in zip(machine_ids, server_ids, uuids, strict=True)
    ]


async def _insert(
    session: AsyncSession, table: type[RvmMachine | EdgeServer | EdgeDevice], rows: list[dict[str, Any]]
) -> Sequence[int]:
    return (
        await session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows)
    ).all()


def _name(uuid: UUID) -> str:
    return f"RVM {uuid.hex[:6]}"


async def begin_lives(
    world: "World", machines: Sequence[Machine], connection: Connection = Connection.WAITING
) -> None:
    """Start the workflow of each machine."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def begin(machine: Machine) -> None:
        async with slots:
            await world.gateway.begin_machine(
                MachineState(
                    machine_id=machine.machine_id,
                    machine_uuid=machine.uuid,
                    organization_id=world.organization,
                    name=machine.name,
                    edge_id=str(machine.uuid),
                    status=MachineStatus.ACTIVE,
                    connection=connection,
                )
            )

    await asyncio.gather(*(begin(machine) for machine in machines))


async def add_picture(world: "World") -> int:
    """Return the id of a stored picture, as the bot makes one of a photo."""
    async with world.database.transaction(SYSTEM) as session:
        stored, _ = await record_picture(
            session,
            Picture(b"jpeg", "image/jpeg", 10, 10),
            sha256=secrets.token_hex(32),
            organization_id=world.organization,
        )
    return stored.file_id
