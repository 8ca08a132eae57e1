"""The monthly question how content people are, and its answers. No workflow stands behind it."""

from datetime import datetime

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import announce
from db.models.team import SatisfactionAnswer
from domain.chat import SendPriority
from domain.errors import NotFound
from domain.notices import NOTICES

TEMPLATE = "satisfaction"
AT_ONCE = 100

_ASK = text(
    """
    with readers as (
      select u.id, (cast(:now as timestamptz) at time zone u.time_zone) as local, (
        select m.organization_id from memberships m
        where m.user_id = u.id and m.is_active and m.role in ('admin', 'operator', 'teknisi')
        order by m.id limit 1
      ) as organization_id
      from users u join telegram_accounts a on a.user_id = u.id and a.blocked_at is null
        and a.created_at < cast(:now as timestamptz) - interval '14 days'
      where u.is_active and u.deleted_at is null
    )
    insert into satisfaction_answers (organization_id, user_id, month, asked_at)
    select r.organization_id, r.id, date_trunc('month', r.local), cast(:now as timestamptz)
    from readers r
    where r.organization_id is not null
      and extract(isodow from r.local) <= 5 and extract(hour from r.local) between 10 and 15
      and not exists (
        select from satisfaction_answers s where s.user_id = r.id
          and (s.month = date_trunc('month', r.local)
            or s.asked_at > cast(:now as timestamptz) - interval '25 days'))
    order by r.id limit :count
    on conflict do nothing returning id, user_id, organization_id, month
    """
)


async def ask_who_is_due(session: AsyncSession, now: datetime) -> int:
    """Ask the field people and admins who have not been asked this month; return how many.

    On a working day between ten and four of their zone, who has been here for two weeks, and at least 25 days
    after the last time: so a question on the 31st is not followed by one on the 1st.
    """
    asked = list(await session.execute(_ASK, {"now": now, "count": AT_ONCE}))
    for one in asked:
        await announce(
            session,
            template=TEMPLATE,
            user_id=one.user_id,
            organization_id=one.organization_id,
            source=f"satisfaction-{one.month}",
            context={"answer": one.id},
            loudness=NOTICES[TEMPLATE].loudness,
            priority=SendPriority.DIGEST,
        )
    return len(asked)


async def answer(session: AsyncSession, number: int, user_id: int, stars: int, now: datetime) -> None:
    """Keep how many stars a person gave, 1 to 5; a later tap is a better answer.

    Raises:
        NotFound: this person was not asked that.
    """
    await _write(session, number, user_id, {"stars": stars, "answered_at": now})


async def add_note(session: AsyncSession, number: int, user_id: int, note: str) -> None:
    """Keep the sentence that goes with the stars; raises like ``answer``."""
    await _write(session, number, user_id, {"note": note})


async def _write(session: AsyncSession, number: int, user_id: int, values: dict[str, object]) -> None:
    mine = (SatisfactionAnswer.id == number, SatisfactionAnswer.user_id == user_id)
    changed = update(SatisfactionAnswer).where(*mine).values(values).returning(SatisfactionAnswer.id)
    if await session.scalar(changed) is None:
        raise NotFound(noun="question")
