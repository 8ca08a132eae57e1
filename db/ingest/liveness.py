"""Whether ingest is alive: deadlines of boxes count only while it was (DESIGN 5, fleet watch)."""

from datetime import timedelta

from sqlalchemy import delete, func, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import IdempotencyKey
from db.models.machines import EdgeNonce
from domain.signing import WINDOW_S

GAP = timedelta(seconds=5)
"""A longer silence of all api processes starts the deadlines anew."""
NONCES_KEPT = timedelta(seconds=2 * WINDOW_S)
"""A request may be dated five minutes ahead and is then good for ten."""
KEYS_KEPT = timedelta(days=30)

_PULSE = text(
    """
    insert into ingest_liveness (id, alive_at, resumed_at) values (1, now(), now())
    on conflict (id) do update set
      resumed_at = case when now() - ingest_liveness.alive_at > cast(:gap as interval)
        then now() else ingest_liveness.resumed_at end,
      alive_at = greatest(ingest_liveness.alive_at, now())
    """
)


async def pulse(session: AsyncSession) -> None:
    """Say that ingest is alive (system scope)."""
    await session.execute(_PULSE, {"gap": GAP})


async def forget_old(session: AsyncSession) -> None:
    """Drop nonces that can no longer be replayed and idempotency keys that nobody repeats (system scope)."""
    await session.execute(delete(EdgeNonce).where(EdgeNonce.seen_at < func.now() - NONCES_KEPT))
    await session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < func.now() - KEYS_KEPT))
