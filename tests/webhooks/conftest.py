"""The app on a real database, with tokens for the demo's people and the secrets of its boxes."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, select, update

from db.demo import PEOPLE as FIELD_PEOPLE
from db.demo_helpdesk import accounts
from db.models.assignments import AssignmentOffer, TechnicianAssignment
from db.models.core import MembershipRow, User
from db.models.machines import EdgeServer, RvmMachine
from db.people import create_token
from db.secrets import Cipher
from db.seed import seed_demo
from db.session import SYSTEM, Database
from db.store import LocalStore
from domain.assignments import AssignmentStatus, TaskType
from domain.priorities import Priority
from domain.signing import secret_hash
from tests import database as test_database
from tests.conftest import SECRET_KEY
from tests.webhooks.boxes import Box
from tests.webhooks.doubles import RecordingGateway
from webhooks.app import assembled
from webhooks.settings import WebSettings
from webhooks.state import build, running

PEOPLE = (*FIELD_PEOPLE, *accounts())
API_KEY = "rvm_the-key-of-the-first-machine"
WEBHOOK_SECRET = "the-webhook-secret"


@dataclass(frozen=True, slots=True)
class Api:
    """What a test of the API holds."""

    http: httpx.AsyncClient
    gateway: RecordingGateway
    database: Database
    cipher: Cipher
    store: LocalStore
    tokens: Mapping[str, str]
    users: Mapping[str, int]
    organizations: Mapping[str, int]
    machines: list[int]
    box: Box

    def as_(self, person: str, key: str | None = None) -> dict[str, str]:
        """Return the headers of one of the demo's people."""
        return {"Authorization": f"Bearer {self.tokens[person]}"} | ({"Idempotency-Key": key} if key else {})

    async def assignment(
        self, assigned_to: str = "technician", status: AssignmentStatus = AssignmentStatus.PENDING
    ) -> int:
        """Write an assignment's row and return its id."""
        async with self.database.transaction(SYSTEM) as session:
            row = TechnicianAssignment(
                organization_id=self.organizations["admin"],
                assigned_by=self.users["admin"],
                assigned_to=self.users[assigned_to],
                rvm_machine_id=self.machines[0],
                task_type=TaskType.MAINTENANCE,
                priority=Priority.HIGH,
                status=status,
                scheduled_date=(await session.scalars(select(User.created_at).limit(1))).one(),
                expected_minutes=60,
            )
            session.add(row)
            await session.flush()
            if status == AssignmentStatus.PENDING:
                session.add(
                    AssignmentOffer(
                        organization_id=row.organization_id,
                        assignment_id=row.id,
                        user_id=self.users[assigned_to],
                        offer_no=1,
                        offered_at=row.scheduled_date,
                    )
                )
            return row.id


@dataclass(frozen=True, slots=True)
class Furnished:
    """A database with the demo's data, a token for everybody and a known API key, to be cloned per test."""

    name: str
    tokens: Mapping[str, str]


async def _furnish(template: str) -> Furnished:
    url = await test_database.clone(template)
    database = Database(url)
    await seed_demo(database, Cipher(SECRET_KEY))
    tokens = {}
    async with database.transaction(SYSTEM) as session:
        for person in PEOPLE:
            user_id = (await session.scalars(select(User.id).where(User.email == person.email))).one()
            tokens[person.key] = await create_token(session, user_id, "test", ["read", "write"])
        await session.execute(
            update(RvmMachine)
            .where(RvmMachine.serial_number == "RVM-JKT-001")
            .values(api_key=secret_hash(API_KEY))
        )
    await database.dispose()
    return Furnished(make_url(url).database or "", tokens)


@pytest.fixture(scope="session")
def furnished(template: str) -> Iterator[Furnished]:
    """What the tests of the web room clone."""
    made = asyncio.run(_furnish(template))
    yield made
    asyncio.run(test_database.drop(test_database.url_of(made.name)))


@pytest.fixture
async def database_url(furnished: Furnished) -> AsyncIterator[str]:
    """A furnished database of this test's own."""
    url = await test_database.clone(furnished.name)
    yield url
    await test_database.drop(url)


@asynccontextmanager
async def served(settings: WebSettings) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the app with these parts."""
    app = _app()
    app.state.web = build(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with running(app), httpx.AsyncClient(transport=transport, base_url="http://siaga.test") as http:
        yield http


@cache
def _app() -> FastAPI:
    """Return the one app of this process: to assemble it takes longer than most tests."""
    return assembled()


@pytest.fixture
async def api(database: Database, furnished: Furnished, cipher: Cipher, tmp_path: Path) -> AsyncIterator[Api]:
    """The app, served."""
    gateway, store = RecordingGateway(), LocalStore(tmp_path)
    async with database.transaction(SYSTEM) as session:
        rows = await session.execute(
            select(User.email, User.id, MembershipRow.organization_id).join(
                MembershipRow, MembershipRow.user_id == User.id
            )
        )
        found = {email: (user_id, organization_id) for email, user_id, organization_id in rows}
        machines = list(await session.scalars(select(RvmMachine).order_by(RvmMachine.id)))
        query = select(EdgeServer).where(EdgeServer.edge_id == str(machines[0].uuid))
        server = (await session.scalars(query)).one()
    settings = WebSettings(
        database=database,
        gateway=gateway,
        cipher=cipher,
        store=store,
        telegram_webhook_secret=WEBHOOK_SECRET,
        bot_username="siaga_bot",
        public_url="https://siaga.example.org",
    )
    async with served(settings) as http:
        yield Api(
            http=http,
            gateway=gateway,
            database=database,
            cipher=cipher,
            store=store,
            tokens=furnished.tokens,
            users={person.key: found[person.email][0] for person in PEOPLE},
            organizations={person.key: found[person.email][1] for person in PEOPLE},
            machines=[machine.id for machine in machines],
            box=Box(http, server.id, server.edge_key, cipher.decrypt(server.edge_secret)),
        )
