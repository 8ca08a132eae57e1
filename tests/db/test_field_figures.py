"""What a person did in a period, and nothing of other periods, people and tenants."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from db.queries.field_figures import field_figures
from db.session import SYSTEM, Database, Scope

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
WEEK = timedelta(days=7)

_TASK = text(
    "insert into technician_assignments (organization_id, assigned_by, assigned_to, rvm_machine_id, "
    "task_type, priority, status, scheduled_date, expected_minutes, accepted_at, started_at, completed_at) "
    "select o.id, u.id, u.id, (select min(id) from rvm_machines), 'repair', 'low', 'completed', :at, 60, "
    ":at, :at, cast(:at as timestamptz) + :took from users u, organizations o "
    "where u.name = 'Technician' and o.id = (select min(id) from organizations) returning id"
)
_EVENT = text(
    "insert into assignment_events (organization_id, assignment_id, source, move, to_status, actor_id, at) "
    "select organization_id, id, cast(:move as varchar), :move, 'pending', assigned_to, :at "
    "from technician_assignments where id = :task"
)
_STARS = text(
    "insert into satisfaction_answers (organization_id, user_id, month, asked_at, stars, answered_at) "
    "select (select min(id) from organizations), id, :month, :at, :stars, :at from users "
    "where name = 'Technician'"
)


async def test_figures_are_those_of_the_person_and_the_period(demo_database: Database) -> None:
    minute = timedelta(minutes=1)
    async with demo_database.transaction(SYSTEM) as session:
        person = await session.scalar(text("select id from users where name = 'Technician'")) or 0
        for took in (40 * minute, 90 * minute, 200 * minute):
            task = await session.scalar(_TASK, {"at": NOON, "took": took})
        await session.scalar(_TASK, {"at": NOON - 3 * WEEK, "took": minute})
        for move in ("decline", "hand_back", "accept"):
            await session.execute(_EVENT.bindparams(task=task, move=move, at=NOON))
        await session.execute(_STARS, {"month": NOON.date(), "at": NOON, "stars": 4})
        await session.execute(_STARS, {"month": (NOON - 9 * WEEK).date(), "at": NOON - 9 * WEEK, "stars": 1})
        found = await field_figures(session, person, NOON - WEEK, NOON + WEEK)
    assert (found.completed, found.median_minutes) == (3, 90)
    assert round(found.on_time_share or 0, 3) == 0.667
    assert (found.open, found.declines, found.hand_backs, found.satisfaction) == (0, 1, 1, 4)

    async with demo_database.transaction(Scope.of([999])) as session:
        hidden = await field_figures(session, person, NOON - WEEK, NOON + WEEK)
    assert (hidden.completed, hidden.on_time_share, hidden.declines, hidden.satisfaction) == (
        0,
        None,
        0,
        None,
    )
