"""Builders with defaults, so that a test says only what it is about."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment

from db import numbers
from db.demo import MACHINES
from db.files import record_picture
from db.images import Picture
from db.queries.assignments import AssignmentDetail, assignment_by_id
from db.queries.machines import MachineDetail, machine_by_uuid
from db.queries.runs import machine_state
from db.queries.stories import EventLine, assignment_story
from db.secrets import Cipher
from db.session import SYSTEM, Database
from domain import ids
from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import (
    AssignmentCommand,
    AssignmentMove,
    AssignmentPolicy,
    AssignmentState,
    AssignmentView,
    TaskType,
)
from domain.offers import Candidate, Offer, OfferMode
from domain.onboarding import MachineDetails, OnboardingPolicy, OnboardingState, OnboardingView
from domain.priorities import Priority
from tests.waiting import eventually
from workflows.client import Gateway, Noted

T = TypeVar("T")

ASKS = 5


async def answered(ask: Callable[[], Awaitable[T | Noted]]) -> T:
    """Put a wish, and again with the same source while it is only noted, as bot and web do (DESIGN 3.12).

    Not only outages are noted: the time-skipping server now and then spoils a workflow task of its own.
    """
    for _ in range(ASKS):
        answer = await ask()
        if not isinstance(answer, Noted):
            return answer
    message = f"only noted, {ASKS} times"
    raise AssertionError(message)


@dataclass
class Field:
    """One test's world."""

    temporal: WorkflowEnvironment
    database: Database
    gateway: Gateway
    cipher: Cipher
    people: dict[str, int] = field(default_factory=dict)
    organization: int = 0
    sources: int = 0

    @classmethod
    async def of(cls, temporal: WorkflowEnvironment, database: Database, cipher: Cipher) -> Self:
        """Return the world of a server and a database."""
        patient = Gateway(temporal.client, rpc_timeout_s=20)  # a busy machine is no outage
        made = cls(temporal, database, patient, cipher)
        await made.load()
        return made

    async def load(self) -> None:
        """Learn the ids of the demo's people."""
        async with self.database.transaction(SYSTEM) as session:
            rows = await session.execute(text("select name, id from users"))
            self.people = {row.name: row.id for row in rows}
            self.organization = await session.scalar(text("select min(id) from organizations")) or 0

    def source(self) -> str:
        """Return a new update id."""
        self.sources += 1
        return f"test-{self.sources}"

    @asynccontextmanager
    async def writes_held_up(self, table: str) -> AsyncIterator[None]:
        """Hold up every write to a table; what is written meanwhile waits for its turn."""
        async with self.database.engine.connect() as connection:
            await connection.execute(text(f"lock table {table} in share mode"))
            yield

    async def a_write_waits(self) -> None:
        """Wait until a write is held up."""

        async def waiting() -> int:
            async with self.database.engine.connect() as connection:
                await connection.execute(text("set role none"))  # the system's role sees only its own
                blocked = text(
                    "select count(*) from pg_stat_activity"
                    " where wait_event_type = 'Lock' and datname = current_database()"
                )
                return int(await connection.scalar(blocked) or 0)

        await eventually(waiting, bool)

    def command(self, move: AssignmentMove, by: str, **changes: Any) -> AssignmentCommand:  # noqa: ANN401 - fields
        """Return a move by a person."""
        may_manage = by in ("Admin", "Super Admin")
        if move == AssignmentMove.START and not changes:
            changes = {"proof": Proof(ArrivalMethod.QR, datetime.now(UTC))}
        return AssignmentCommand(move, self.people[by], by, actor_may_manage=may_manage, **changes)

    def candidate(self, name: str) -> Candidate:
        """Return a person as an offer names them."""
        return Candidate(self.people[name], name)

    def offer(self, *names: str, mode: OfferMode = OfferMode.ONE) -> Offer:
        """Return an offer to people."""
        return Offer([self.candidate(name) for name in names], mode)

    async def now(self) -> datetime:
        """Return the server's time, which skips."""
        return await self.temporal.get_current_time()

    async def skip(self, **span: float) -> None:
        """Let time pass."""
        await self.temporal.sleep(timedelta(**span))

    async def a_machine(self, number: int = 0) -> MachineDetail:
        """Return a demo machine with its life running."""
        async with self.database.transaction(SYSTEM) as session:
            machine = await machine_by_uuid(session, MACHINES[number].uuid)
            assert machine is not None
            state = await machine_state(session, machine.machine_id)
        assert state is not None
        await self.gateway.begin_machine(state)
        return machine

    async def a_new_task(self, to: str | None, source: str, **changes: object) -> AssignmentState:
        """Return what an assignment starts from; ``changes`` are fields of it."""
        machine = await self.a_machine()
        async with self.database.transaction(SYSTEM) as session:
            number = await numbers.reserve(session, "assignment", source)
        state = AssignmentState(
            assignment_id=number,
            organization_id=self.organization,
            machine_id=machine.machine_id,
            machine_uuid=machine.uuid,
            machine_name=machine.name,
            assigned_by=self.people["Admin"],
            task_type=TaskType.MAINTENANCE,
            priority=Priority.MEDIUM,
            scheduled_date=await self.now(),
            policy=AssignmentPolicy(offer_stands_s=3600, undo_s=0),
            asked=[self.candidate(to)] if to else [],
        )
        for name, value in changes.items():
            setattr(state, name, value)
        return state

    async def a_task(
        self, to: str | None = "Technician", *, source: str = "", **changes: object
    ) -> AssignmentView:
        """Create an assignment offered to a person."""
        source = source or self.source()
        state = await self.a_new_task(to, source, **changes)
        return await answered(lambda: self.gateway.create_assignment(source, state))

    async def move(
        self,
        task: AssignmentView,
        move: AssignmentMove,
        by: str = "Technician",
        *,
        source: str = "",
        **changes: Any,  # noqa: ANN401 - fields of the command
    ) -> AssignmentView:
        """Do a move as a person; raises the refusal it meets."""
        command = self.command(move, by, **changes)
        source = source or self.source()
        return await answered(lambda: self.gateway.move_assignment(source, task.assignment_id, command))

    async def a_photo(self) -> int:
        """Return the id of a stored picture."""
        self.sources += 1
        async with self.database.transaction(SYSTEM) as session:
            stored, _ = await record_picture(
                session,
                Picture(b"jpeg", "image/jpeg", 10, 10),
                sha256=f"{self.sources:064x}",
                organization_id=self.organization,
            )
        return stored.file_id

    async def row(self, task: AssignmentView) -> AssignmentDetail:
        """Return the assignment's row."""
        async with self.database.transaction(SYSTEM) as session:
            row = await assignment_by_id(session, task.assignment_id)
        assert row is not None
        return row

    async def access(self, task: AssignmentView) -> list[tuple[str, bool]]:
        """Return whom a task opened its machine to, oldest first, and whether it is still open to them."""
        query = text(
            "select u.name, g.revoked_at is null from machine_grants g join users u on u.id = g.user_id"
            " where g.assignment_id = :task order by g.id"
        )
        async with self.database.transaction(SYSTEM) as session:
            rows = await session.execute(query, {"task": task.assignment_id})
            return [(name, live) for name, live in rows]

    async def story(self, task: AssignmentView) -> list[EventLine]:
        """Return the assignment's events."""
        async with self.database.transaction(SYSTEM) as session:
            return await assignment_story(session, task.assignment_id)

    async def machine(self, uuid: UUID) -> MachineDetail:
        """Return a machine's row."""
        async with self.database.transaction(SYSTEM) as session:
            row = await machine_by_uuid(session, uuid)
        assert row is not None
        return row

    async def notices(self, to: str) -> list[str]:
        """Return the templates announced to a person, in order."""
        async with self.database.transaction(SYSTEM) as session:
            rows = await session.scalars(
                text(
                    "select template from deliveries"
                    " where user_id = :who and template is not null order by id"
                ),
                {"who": self.people[to]},
            )
            return list(rows)

    async def cards(self, to: str) -> set[tuple[str, int]]:
        """Return the things a person has a card of."""
        async with self.database.transaction(SYSTEM) as session:
            rows = await session.execute(
                text("select thing, thing_id from cards where user_id = :who"), {"who": self.people[to]}
            )
            return {(thing, number) for thing, number in rows}

    async def rings(self, to: str, thing: str) -> int:
        """Return how often a card of a thing was queued for a person with sound."""
        async with self.database.transaction(SYSTEM) as session:
            query = text(
                "select count(*) from deliveries d join cards c on c.id = d.card_id"
                " where d.user_id = :who and c.thing = :thing and d.loudness = 'sound'"
            )
            return int(await session.scalar(query, {"who": self.people[to], "thing": thing}) or 0)

    async def a_registration(
        self, *, installer: str | None = None, serial: str = "RVM-NEW-1"
    ) -> OnboardingView:
        """Register a machine as the admin."""
        source = self.source()
        state = OnboardingState(
            machine_uuid=ids.uuid_from_source(f"{serial}-{source}"),
            organization_id=self.organization,
            registered_by=self.people["Admin"],
            registered_by_name="Admin",
            machine=MachineDetails("RVM Pasar Senen", -6.17, 106.84, "Jl. Pasar Senen", serial, 300),
            installer_id=self.people[installer] if installer else None,
            installer_name=installer or "",
            policy=OnboardingPolicy(),
        )
        return await answered(lambda: self.gateway.register_machine(source, state))
