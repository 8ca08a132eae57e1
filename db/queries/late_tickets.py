"""Which tickets call a person: they were called about a broken promise, or hold one that is nearly broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.escalations import ANSWERS, EscalationMove, EscalationStatus, status_of

_MOST = 500
_LATE = text(
    """
    with late as (
      select t.id as ticket_id, t.organization_id, e.id as ladder_id, e.owner_workflow_id, e.kind as clock,
        e.answer, u.name as answered_name,
        coalesce(e.called @> to_jsonb(cast(:user as bigint)), false) as was_called,
        case e.kind when 'first_answer' then t.first_answer_due_at else t.solution_due_at end as due_at
      from escalations e join tickets t on t.id = e.owner_id left join users u on u.id = e.answered_by
      where e.owner = 'ticket' and e.ended_at is null and t.deleted_at is null
        and (e.called @> to_jsonb(cast(:user as bigint)) or coalesce(t.tech_id, t.expert_id) = :user)
    ), near as (
      select t.id as ticket_id, t.organization_id, cast(null as bigint) as ladder_id,
        '' as owner_workflow_id, w.cause as clock, null as answer, null as answered_name, false as was_called,
        case w.cause when 'first_answer' then t.first_answer_due_at else t.solution_due_at end as due_at
      from tickets t cross join lateral (
        select a.cause from ticket_activities a
        where a.ticket_id = t.id and a.move = 'warn' order by a.id desc limit 1
      ) w
      where coalesce(t.tech_id, t.expert_id) = :user and t.deleted_at is null
        and t.status in ('open', 'in_review', 'in_progress')
        and (w.cause <> 'first_answer' or t.first_answered_at is null)
        and not exists (
          select from escalations e where e.owner = 'ticket' and e.owner_id = t.id and e.ended_at is null)
    )
    select * from (
      select * from late union all select * from near where due_at > cast(:now as timestamptz)
    ) found
    where exists (select from users where id = :user and is_super_admin) or exists (
      select from memberships m
      where m.user_id = :user and m.organization_id = found.organization_id and m.is_active)
    order by ladder_id is null, answer is not null, due_at, ticket_id limit :most
    """
)
_READERS = text(
    """
    select tech_id as reader from tickets where id = :ticket and tech_id is not null
    union select expert_id from tickets where id = :ticket and expert_id is not null
    union select cast(one as bigint) from escalations, jsonb_array_elements_text(called) one
      where owner = 'ticket' and owner_id = :ticket
    """
)


@dataclass(frozen=True, slots=True)
class LateTicket:
    """A ticket that calls somebody; ``ladder_id`` None: nothing is broken yet, its holder was warned."""

    ticket_id: int
    organization_id: int
    clock: str
    due_at: datetime | None
    ladder_id: int | None
    owner_workflow_id: str
    status: EscalationStatus
    answered_name: str | None
    was_called: bool
    """Their answer counts: they are not merely its holder, who cannot silence it (decision 29)."""

    @property
    def is_late(self) -> bool:
        """Whether the promise is broken."""
        return self.ladder_id is not None

    @property
    def answers(self) -> Sequence[EscalationMove]:
        """What may be answered by whoever was called."""
        return ANSWERS[self.status] if self.is_late else ()


async def late_tickets(session: AsyncSession, user_id: int, now: datetime) -> list[LateTicket]:
    """Return what calls a person at a moment: broken promises that nobody has come first."""
    rows = await session.execute(_LATE, {"user": user_id, "now": now, "most": _MOST})
    return [
        LateTicket(
            ticket_id=row.ticket_id,
            organization_id=row.organization_id,
            clock=row.clock,
            due_at=row.due_at,
            ladder_id=row.ladder_id,
            owner_workflow_id=row.owner_workflow_id,
            status=status_of(EscalationMove(row.answer) if row.answer else None, ended=False),
            answered_name=row.answered_name,
            was_called=row.was_called,
        )
        for row in rows
    ]


async def readers_of(session: AsyncSession, ticket_id: int) -> list[int]:
    """Return whom a ticket calls or called: their cards say how it stands."""
    return list(await session.scalars(_READERS, {"ticket": ticket_id}))
