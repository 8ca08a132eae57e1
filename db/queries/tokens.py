"""Reading access tokens."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import AccessToken, User
from db.queries.people import KnownPerson, person_by_id


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """Whose a bearer token is and whether it still opens anything."""

    token_id: int
    known: KnownPerson
    scopes: tuple[str, ...]
    live: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in lists; never the token itself."""

    token_id: int
    user_id: int
    user_name: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


async def token_owner(session: AsyncSession, token_hash: str) -> TokenOwner | None:
    """Return the owner of a token, revoked and expired ones too (system scope)."""
    row = (
        await session.execute(
            select(
                AccessToken,
                AccessToken.revoked_at.is_(None) & func.coalesce(AccessToken.expires_at > func.now(), True),
            ).where(AccessToken.token_hash == token_hash)
        )
    ).one_or_none()
    if row is None:
        return None
    token, live = row
    known = await person_by_id(session, token.user_id)
    return None if known is None else TokenOwner(token.id, known, tuple(token.scopes), live)


def _query() -> Select[AccessToken, str]:
    return select(AccessToken, User.name).join(User, User.id == AccessToken.user_id)


def _row(token: AccessToken, user_name: str) -> TokenRow:
    return TokenRow(
        token_id=token.id,
        user_id=token.user_id,
        user_name=user_name,
        name=token.name,
        scopes=tuple(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
    )


async def list_tokens(
    session: AsyncSession, user_id: int, *, limit: int = 50, offset: int = 0
) -> list[TokenRow]:
    """Return a person's tokens, newest first (system scope)."""
    query = _query().where(AccessToken.user_id == user_id).order_by(AccessToken.id.desc())
    return [_row(token, name) for token, name in await session.execute(query.limit(limit).offset(offset))]


async def count_tokens(session: AsyncSession, user_id: int) -> int:
    """Return how many tokens ``list_tokens`` pages through."""
    query = select(func.count()).select_from(AccessToken).where(AccessToken.user_id == user_id)
    return int(await session.scalar(query) or 0)


async def token_by_id(session: AsyncSession, token_id: int) -> TokenRow | None:
    """Return one token (system scope)."""
    row = (await session.execute(_query().where(AccessToken.id == token_id))).one_or_none()
    return None if row is None else _row(*row)


async def token_by_hash(session: AsyncSession, token_hash: str) -> TokenRow | None:
    """Return the row of a token that was just made (system scope)."""
    row = (await session.execute(_query().where(AccessToken.token_hash == token_hash))).one_or_none()
    return None if row is None else _row(*row)
