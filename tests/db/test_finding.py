"""What ``/find`` finds, and for whom."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from db.models.assignments import TechnicianAssignment
from db.models.core import MembershipRow, User
from db.models.machines import RvmMachine
from db.queries.finding import Hit, Kind, Within, find
from db.session import SYSTEM, Database
from domain.assignments import AssignmentStatus, TaskType
from domain.priorities import Priority


@pytest.fixture
async def scopes(demo_database: Database) -> dict[str, Within]:
    """Three tasks of the technician and one of the operator; who may find what."""
    async with demo_database.transaction(SYSTEM) as session:
        rows = await session.execute(
            select(User.name, User.id, MembershipRow.organization_id).join(
                MembershipRow, MembershipRow.user_id == User.id
            )
        )
        people = {name: (number, organization) for name, number, organization in rows}
        machines = list(await session.scalars(select(RvmMachine).order_by(RvmMachine.id)))
        for place, (name, status, description) in enumerate(
            (
                ("Technician", AssignmentStatus.PENDING, "Sabuk 100% aus"),
                ("Technician", AssignmentStatus.ACCEPTED, "Pintu macet"),
                ("Technician", AssignmentStatus.CANCELLED, "Sabuk longgar"),
                ("Operator", AssignmentStatus.ACCEPTED, "Sabuk baru"),
            )
        ):
            now = datetime.now(UTC)
            session.add(
                TechnicianAssignment(
                    organization_id=people["Admin"][1],
                    assigned_by=people["Admin"][0],
                    assigned_to=people[name][0],
                    rvm_machine_id=machines[place].id,
                    task_type=TaskType.REPAIR,
                    priority=Priority.LOW,
                    status=status,
                    cancelled_at=now if status == AssignmentStatus.CANCELLED else None,
                    scheduled_date=now,
                    expected_minutes=60,
                    description=description,
                )
            )
            await session.flush()
    return {
        "Admin": Within((people["Admin"][1],)),
        "Technician": Within((), people["Technician"][0]),
        "Partner": Within((people["Tenant"][1],)),
    }


FOUND = {
    ("Admin", "#2"): ["task 2"],
    ("Admin", "2"): ["task 2", "machine", "machine"],  # a serial number and a street number
    ("Admin", "sabuk"): ["task 4", "task 1", "task 3"],
    ("Admin", "SABUK longgar"): ["task 3"],
    ("Admin", "100%"): ["task 1"],
    ("Admin", "_"): ["Super Admin"],  # an underscore is no wildcard: this one stands in an address
    ("Admin", "teknisi@"): ["Technician"],
    ("Admin", "99999999999999999999"): [],
    ("Admin", "   "): [],
    ("Technician", "sabuk"): ["task 1", "task 3"],
    ("Technician", "002"): ["task 2", "machine"],
    ("Technician", "004"): [],  # the operator works there
    ("Technician", "admin"): [],
    ("Partner", "sabuk"): [],
    ("Partner", "john doe"): ["John Doe"],
}


async def test_each_finds_what_is_theirs_to_see(demo_database: Database, scopes: dict[str, Within]) -> None:
    names: dict[Kind, Callable[[Hit], str]] = {
        Kind.TASK: lambda hit: f"task {hit.id}",
        Kind.MACHINE: lambda _: "machine",
        Kind.PERSON: lambda hit: hit.label,
    }
    shown, totals = {}, {}
    async with demo_database.transaction(SYSTEM) as session:
        for who, asked in FOUND:
            hits, totals[who, asked] = await find(session, asked, scopes[who], limit=20)
            shown[who, asked] = [names[hit.kind](hit) for hit in hits]

    assert shown == FOUND
    assert totals == {one: len(found) for one, found in FOUND.items()}


async def test_pages_follow_each_other(demo_database: Database, scopes: dict[str, Within]) -> None:
    async with demo_database.transaction(SYSTEM) as session:
        pages = [await find(session, "a", scopes["Admin"], limit=4, offset=4 * page) for page in range(4)]

    hits = [(hit.kind, hit.id) for found, _ in pages for hit in found]
    assert len(hits) == len(set(hits)) == pages[0][1]
