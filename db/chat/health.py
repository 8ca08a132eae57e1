"""Whether chat moves: what ``/readyz`` and ``/metrics`` show."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_HEALTH = text(
    """
    select
      (select extract(epoch from clock_timestamp() - min(u.received_at))
       from chat_lanes l join telegram_updates u on u.lane = l.lane and u.n = l.done_n + 1
       where l.last_n > l.done_n) as oldest_update_s,
      (select extract(epoch from clock_timestamp() - min(due_at))
       from deliveries
       where state = 'due' and chat_id is not null and due_at <= clock_timestamp()) as oldest_delivery_s,
      (select count(*) from deliveries
       where uncertain_at > clock_timestamp() - interval '1 day') as uncertain,
      (select count(*) from telegram_updates
       where received_at > clock_timestamp() - interval '1 day' and parked_at is not null) as parked
    """
)


@dataclass(frozen=True, slots=True)
class ChatHealth:
    """Ages in seconds (0: nothing waits); counts of the last 24 hours."""

    oldest_update_s: float
    oldest_delivery_s: float
    uncertain: int
    parked: int


async def health(session: AsyncSession) -> ChatHealth:
    """Return how chat stands (system scope)."""
    row = (await session.execute(_HEALTH)).one()
    return ChatHealth(
        float(row.oldest_update_s or 0),
        float(row.oldest_delivery_s or 0),
        int(row.uncertain),
        int(row.parked),
    )
