"""How the system and an organization stand: what ``/status`` and the API tell admins."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.health import ChatHealth, health
from db.models.core import MembershipRow, TelegramAccount, User
from db.models.machines import LostRun
from db.queries.assignments import AssignmentDetail, assignment_by_id
from db.queries.machines import MachineDetail, count_machines, list_machines
from domain.defaults import SLOW_AFTER_S, STUCK_AFTER_S
from domain.machines import Connection
from domain.roles import STAFF_ROLES, Role

SHOWN = 5
"""So many of each list; the rest is counted."""
_QUEUES = text(
    """
    select
      coalesce(sum(last_n - done_n), 0) as updates, count(*) as lanes,
      (select count(*) from deliveries
       where state in ('due', 'sending') and chat_id is not null and due_at <= clock_timestamp()) as due
    from chat_lanes where last_n > done_n and lane <> :but
    """
)
_SENDS = text(
    """
    select count(*) filter (where state = 'failed') as failed,
      count(*) filter (where uncertain_at is not null) as uncertain,
      percentile_cont(array[0.5, 0.95]) within group (
        order by extract(epoch from sent_at - greatest(created_at, due_at))
      ) filter (where sent_at is not null) as delays
    from deliveries
    where created_at > clock_timestamp() - interval '1 day' and user_id in (
      select user_id from memberships where organization_id = any(cast(:organizations as bigint[])))
    """
)
_MISSED = text(
    """
    select user_id, count(*) as missed from deliveries
    where created_at > clock_timestamp() - interval '7 days' and state = 'failed'
      and user_id = any(cast(:people as bigint[]))
    group by user_id
    """
)
_OVERDUE = text(
    """
    select id, count(*) over () as total from technician_assignments
    where organization_id = any(cast(:organizations as bigint[]))
      and (status in ('pending', 'accepted') and scheduled_date < clock_timestamp()
        or status = 'in_progress'
          and started_at + expected_minutes * 1.5 * interval '1 min' < clock_timestamp())
    order by scheduled_date, id limit :most
    """
)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody of the staff whom the bot cannot write to, and how many messages of a week did not arrive."""

    user_id: int
    organization_id: int
    name: str
    role: Role
    blocked: bool
    """Shut the bot out; else not linked yet."""
    missed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Queues of the whole installation; people, machines, tasks and sends of the organizations. Seconds."""

    chat: ChatHealth
    waiting_updates: int
    waiting_chats: int
    due: int
    failed: int
    """Sends of the last day that did not succeed."""
    uncertain: int
    """First sends of the last day of which nobody knows whether they arrived."""
    median_s: float
    p95_s: float
    unreachable: Sequence[Unreachable]
    offline: Sequence[MachineDetail]
    offline_total: int
    lost_runs: Sequence[int]
    overdue: Sequence[AssignmentDetail]
    """Not begun at their time, or in work for half as long again as expected."""
    overdue_total: int
    database_s: float
    """How long the database took for all of this."""

    @property
    def updates_move(self) -> bool:
        """Return whether what people send is being handled."""
        return self.chat.oldest_update_s <= STUCK_AFTER_S

    @property
    def sends_move(self) -> bool:
        """Return whether what is to be sent leaves."""
        return self.chat.oldest_delivery_s <= STUCK_AFTER_S

    @property
    def is_fast(self) -> bool:
        """Return whether messages leave soon."""
        return self.p95_s <= SLOW_AFTER_S


async def standing(
    session: AsyncSession, organizations: Sequence[int], asking_chat: int | None = None
) -> Standing:
    """Return how everything stands for the admins of organizations (system scope).

    ``asking_chat``: whoever asks by chat does not count as waiting.
    """
    begun = time.perf_counter()
    given = {"organizations": list(organizations)}
    queues = (await session.execute(_QUEUES, {"but": str(asking_chat or "")})).one()
    sends = (await session.execute(_SENDS, given)).one()
    overdue = list(await session.execute(_OVERDUE, given | {"most": SHOWN}))
    tasks = [await assignment_by_id(session, row.id) for row in overdue]
    median_s, p95_s = sends.delays or (0.0, 0.0)
    return Standing(
        chat=await health(session),
        waiting_updates=int(queues.updates),
        waiting_chats=int(queues.lanes),
        due=int(queues.due),
        failed=int(sends.failed),
        uncertain=int(sends.uncertain),
        median_s=max(0.0, float(median_s or 0)),
        p95_s=max(0.0, float(p95_s or 0)),
        unreachable=await _unreachable(session, organizations),
        offline=await list_machines(
            session, organizations=organizations, connection=Connection.OFFLINE, limit=SHOWN
        ),
        offline_total=await count_machines(
            session, organizations=organizations, connection=Connection.OFFLINE
        ),
        lost_runs=await _lost_runs(session, organizations),
        overdue=[task for task in tasks if task is not None],
        overdue_total=int(overdue[0].total) if overdue else 0,
        database_s=time.perf_counter() - begun,
    )


async def _unreachable(session: AsyncSession, organizations: Sequence[int]) -> list[Unreachable]:
    rows = list(
        await session.execute(
            select(User.id, MembershipRow.organization_id, User.name, MembershipRow.role, TelegramAccount.id)
            .join(MembershipRow, MembershipRow.user_id == User.id)
            .outerjoin(TelegramAccount, TelegramAccount.user_id == User.id)
            .where(
                MembershipRow.organization_id.in_(organizations),
                MembershipRow.role.in_(STAFF_ROLES),
                MembershipRow.is_active,
                User.is_active,
                User.deleted_at.is_(None),
                TelegramAccount.id.is_(None) | TelegramAccount.blocked_at.is_not(None),
            )
            .order_by(User.name, User.id)
        )
    )
    found = await session.execute(_MISSED, {"people": [row[0] for row in rows]})
    missed = {row.user_id: int(row.missed) for row in found}
    return [
        Unreachable(number, organization, name, role, account is not None, missed.get(number, 0))
        for number, organization, name, role, account in rows
    ]


async def _lost_runs(session: AsyncSession, organizations: Sequence[int]) -> list[int]:
    """Return the runs that were ended from outside and wait for an admin."""
    open_runs = select(LostRun.id).where(
        LostRun.organization_id.in_(organizations), LostRun.resolved_at.is_(None)
    )
    return list(await session.scalars(open_runs.order_by(LostRun.id)))
