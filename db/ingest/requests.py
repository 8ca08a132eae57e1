"""What one request leaves behind beside its effect: idempotency keys and the use of tokens."""

from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import AccessToken, IdempotencyKey
from domain.errors import KeyReused

USED_AGAIN_AFTER = timedelta(minutes=1)
"""A token's last use is noted at most this often."""


async def remember_request(session: AsyncSession, source: str, body_hash: str) -> bool:
    """Remember an Idempotency-Key's body (system scope); return whether the same request came before.

    Raises:
        KeyReused: it came before with another body.
    """
    made = await session.scalar(
        insert(IdempotencyKey)
        .values(source=source, body_hash=body_hash)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.source)
    )
    if made is not None:
        return False
    known = await session.scalar(select(IdempotencyKey.body_hash).where(IdempotencyKey.source == source))
    if known != body_hash:
        raise KeyReused
    return True


async def note_token_use(session: AsyncSession, token_id: int) -> None:
    """Note when a token was last used (system scope)."""
    await session.execute(
        update(AccessToken)
        .where(
            AccessToken.id == token_id,
            or_(AccessToken.last_used_at.is_(None), AccessToken.last_used_at < func.now() - USED_AGAIN_AFTER),
        )
        .values(last_used_at=func.now())
    )


async def revoke_token(session: AsyncSession, token_id: int) -> None:
    """Stop a token at once (system scope); a revoked one stays as it is."""
    await session.execute(
        update(AccessToken)
        .where(AccessToken.id == token_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
