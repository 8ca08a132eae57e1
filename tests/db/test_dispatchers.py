"""Who hears of a task: who assigned it, whoever took over, else the admins on duty."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from db.duty import switch_duty
from db.queries.dispatchers import dispatchers_of
from db.session import SYSTEM, Database
from domain.handovers import Handover, successor

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_what_somebody_got_after_handing_over_stays_theirs() -> None:
    later = [NOON + timedelta(hours=hour) for hour in range(6)]
    moved = [Handover(1, 2, later[1]), Handover(2, 3, later[2]), Handover(3, 1, later[3])]
    assert successor(moved[:1], 1, later[0]) == 2
    assert successor(moved[:1], 1, later[1]) == 1
    assert successor(moved[:2], 1, later[0]) == 3
    assert successor(moved, 1, later[0]) == 1
    assert successor(moved, 3, later[4]) == 3


async def test_the_dispatcher_is_followed_and_replaced_by_the_admins_on_duty(demo_database: Database) -> None:
    async with demo_database.transaction(SYSTEM) as session:
        people = {row.name: row.id for row in await session.execute(text("select name, id from users"))}
        admin, boss, operator = people["Admin"], people["Super Admin"], people["Operator"]
        organization = await session.scalar(text("select min(id) from organizations")) or 0
        task = await session.scalar(
            text(
                "insert into technician_assignments (organization_id, assigned_by, rvm_machine_id, "
                "task_type, priority, scheduled_date, expected_minutes, created_at) "
                "select :o, :a, min(id), 'repair', 'low', :at, 60, :at "
                "from rvm_machines where organization_id = :o returning id"
            ),
            {"o": organization, "a": admin, "at": NOON},
        )
        assert await dispatchers_of(session, task, NOON) == [admin]

        handed = text(
            "insert into handovers (organization_id, from_user_id, to_user_id, handed_by, source, at) "
            "values (:o, :from, :to, :to, :source, :at)"
        )
        given = {"o": organization, "from": admin, "to": boss, "source": "a", "at": NOON - timedelta(hours=1)}
        await session.execute(handed, given)
        assert await dispatchers_of(session, task, NOON) == [admin]
        await session.execute(handed, given | {"source": "b", "at": NOON + timedelta(hours=1)})
        assert await dispatchers_of(session, task, NOON) == [boss]

        # Who may not dispatch is no dispatcher: the admins who are on duty are asked, else all of them.
        passed = {"from": boss, "to": operator, "source": "c", "at": NOON + timedelta(hours=2)}
        await session.execute(handed, given | passed)
        assert set(await dispatchers_of(session, task, NOON)) == {admin, boss}
        await switch_duty(session, admin, organization, on=False, now=NOON)
        assert await dispatchers_of(session, task, NOON) == [boss]
        await switch_duty(session, boss, organization, on=False, now=NOON)
        assert set(await dispatchers_of(session, task, NOON)) == {admin, boss}
