"""What comes by the clock: the morning's digest, and the monthly question."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from db.chat.digests import queue_digests
from db.satisfaction import ask_who_is_due
from db.session import SYSTEM
from domain.assignments import AssignmentMove
from siaga.simulator.person import labels
from tests.bot.scenes.world import World

JAKARTA = ZoneInfo("Asia/Jakarta")


async def test_each_begins_the_day_with_what_is_theirs_once(world: World) -> None:
    boss, admin = await world.player("super_admin"), await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    early = datetime.now(UTC) - timedelta(days=1)
    late = await world.field.a_task(scheduled_date=early)
    await world.field.move(late, AssignmentMove.ACCEPT)
    await world.field.a_task()
    await world.rows("update rvm_machines set connection = 'offline' where name like '%Gambir' returning id")
    await world.rows(
        "insert into last_positions (user_id, latitude, longitude, is_live, at) "
        "select id, -6.1767, 106.8306, false, now() from users where name = 'Technician' returning user_id"
    )
    await world.rows(
        "update telegram_accounts set blocked_at = now() where first_name = 'Operator' returning id"
    )
    # The bot's own rounds find nothing at an hour that is not now.
    here = datetime.now(JAKARTA)
    hour = (here.hour + 6) % 24
    await world.rows(
        "update settings set value = :hour where key = 'digest_hour' returning key", hour=float(hour)
    )
    due = here.replace(hour=hour, minute=10)

    async def morning(now: datetime) -> int:
        async with world.field.database.transaction(SYSTEM) as session:
            return await queue_digests(session, now)

    assert await morning(due - timedelta(minutes=20)) == 0
    # The helpdesk has an admin too.
    assert await morning(due) == 4  # who shut the bot out and who has no work here get none
    assert await morning(due + timedelta(minutes=5)) == 0
    mine = await technician.wait_for("Hari ini (1)")
    assert "Perawatan RVM Mall Grand Indonesia · 2,3 km · sejak" in mine["text"]
    assert "1 tawaran menunggu jawaban Anda" in mine["text"]
    assert list(labels(mine)) == ["Perawatan · RVM Mall Grand Indonesia"]
    team = await admin.wait_for("Siaga Daur Ulang Jakarta\nTugas terbuka 2 · belum diterima 1 · terlambat 2")
    assert "🔴 1 mesin offline\n❔ Tidak terjangkau: Operator" in team["text"]
    assert "Hari ini" not in team["text"]
    await boss.wait_for("Open 2 · not accepted 1 · overdue 2")
    assert not [one for one in await operator.messages() if "☀️" in one.get("text", "")]

    # Nothing to say is not said.
    await world.rows("delete from last_positions returning user_id")
    await world.field.move(late, AssignmentMove.HAND_BACK, reason="no_access")
    await world.rows("update assignment_offers set outcome = 'withdrawn', answered_at = now() returning id")
    await world.rows("update technician_assignments set assigned_to = null returning id")
    seen = len(await technician.messages())
    assert await morning(due + timedelta(days=1)) == 4
    await world.settled()
    assert len(await technician.messages()) == seen


async def test_the_monthly_question_is_asked_once_and_answered_in_two_taps(world: World) -> None:
    technician, admin = await world.player("technician"), await world.player("admin")
    await world.player("operator")
    await world.rows("update telegram_accounts set created_at = now() - interval '20 days' returning id")
    monday = next(
        day for day in (date(2031, 3, 1) + timedelta(days=ahead) for ahead in range(7)) if not day.weekday()
    )
    noon = datetime.combine(monday, datetime.min.time(), JAKARTA).replace(hour=12)

    async def ask(now: datetime) -> int:
        async with world.field.database.transaction(SYSTEM) as session:
            return await ask_who_is_due(session, now)

    assert await ask(noon.replace(hour=21)) == 0
    assert await ask(noon + timedelta(days=5)) == 0  # a Saturday
    assert await ask(noon) == 4
    assert await ask(noon + timedelta(days=1)) == 0
    asked = await technician.wait_for("Sebulan sekali, satu pertanyaan")
    assert list(labels(asked)) == ["1 ⭐", "2 ⭐", "3 ⭐", "4 ⭐", "5 ⭐"]
    await technician.tap("4 ⭐", asked)
    await technician.wait_for("⭐⭐⭐⭐ Terima kasih")
    await technician.send("Peta kadang lambat")
    await technician.wait_for("Tercatat")
    question = await admin.wait_for("Sebulan sekali")
    await admin.tap("5 ⭐", question)
    await admin.tap("Lewati")
    await admin.wait_for("Tercatat")
    answers = await world.rows(
        "select u.name, s.stars, s.note from satisfaction_answers s join users u on u.id = s.user_id "
        "where s.stars is not null and s.month = '2031-03-01' order by 1"
    )
    assert [tuple(row) for row in answers] == [("Admin", 5, None), ("Technician", 4, "Peta kadang lambat")]
    assert await ask(noon + timedelta(days=35)) == 4
