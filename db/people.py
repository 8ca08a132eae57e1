"""Writing people: invites, links, membership. No workflow stands behind a person: bot and web call this."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import AccessToken, AuditEvent, Invite, MembershipRow, TelegramAccount, User
from db.queries.settings import setting
from domain.defaults import INVITE_EXPIRES_S, LANGUAGE
from domain.errors import AlreadyLinked, CodeExpired, CodeUnknown, CodeUsed, NotFound
from domain.roles import STAFF_ROLES, Role
from domain.signing import secret_hash

INVITE_CODE_BYTES = 24


@dataclass(frozen=True, slots=True)
class TelegramIdentity:
    """Who opened a link, as Telegram tells."""

    telegram_id: int
    first_name: str
    username: str | None
    language: str


@dataclass(frozen=True, slots=True)
class OpenedInvite:
    """What opening a link led to: ``user_id`` is set when the person is linked at once."""

    invite_id: int
    organization_id: int | None
    role: Role
    invited_by: int | None
    user_id: int | None


async def create_invite(  # noqa: PLR0913 - each is one thing the link says
    session: AsyncSession,
    *,
    name: str,
    role: Role,
    organization_id: int | None,
    invited_by: int | None,
    user_id: int | None = None,
    code: str | None = None,
) -> tuple[int, str]:
    """Create a one-time link; return (invite id, code). Only the code's hash is stored.

    A given ``code`` makes a repeat of the same request a no-op that returns the same invite.
    """
    plain = code or secrets.token_urlsafe(INVITE_CODE_BYTES)
    stands_s = INVITE_EXPIRES_S
    if organization_id is not None:
        stands_s = await setting(session, organization_id, "invite_expires_s")
    made = await session.scalar(
        insert(Invite)
        .values(
            name=name,
            role=role,
            organization_id=organization_id,
            invited_by=invited_by,
            user_id=user_id,
            code_hash=secret_hash(plain),
            expires_at=func.now() + timedelta(seconds=stands_s),
        )
        .on_conflict_do_update(index_elements=[Invite.code_hash], set_={"updated_at": func.now()})
        .returning(Invite.id)
    )
    if made is None:
        message = "insert returned no id"
        raise RuntimeError(message)
    return made, plain


async def open_invite(session: AsyncSession, code: str, who: TelegramIdentity) -> OpenedInvite:
    """Take a link for the first time: staff wait for the inviter's confirmation, others are linked at once.

    Raises:
        CodeUnknown, CodeUsed, CodeExpired: the link cannot be used (a forwarded link is used by the first).
        AlreadyLinked: this Telegram account belongs to somebody already.
    """
    invite = await session.scalar(
        select(Invite).where(Invite.code_hash == secret_hash(code)).with_for_update()
    )
    if invite is None:
        raise CodeUnknown
    if invite.opened_at is not None:
        if invite.opened_by_telegram_id == who.telegram_id and invite.refused_at is None:
            return OpenedInvite(
                invite.id, invite.organization_id, invite.role, invite.invited_by, invite.user_id
            )
        raise CodeUsed
    if await session.scalar(select(Invite.expires_at <= func.now()).where(Invite.id == invite.id)):
        raise CodeExpired
    linked = await session.scalar(
        select(TelegramAccount.user_id).where(TelegramAccount.telegram_id == who.telegram_id)
    )
    if linked is not None and linked != invite.user_id:
        await _add_membership_of_linked(session, invite, linked)
    invite.opened_at = func.now()
    invite.opened_by_telegram_id = who.telegram_id
    invite.opened_by_name = who.first_name
    invite.opened_by_username = who.username
    invite.opened_language = who.language
    await session.flush()
    needs_confirmation = invite.role in STAFF_ROLES and invite.invited_by is not None
    user_id = None if needs_confirmation else await _link(session, invite)
    return OpenedInvite(invite.id, invite.organization_id, invite.role, invite.invited_by, user_id)


async def _add_membership_of_linked(session: AsyncSession, invite: Invite, user_id: int) -> None:
    """Point the invite at the person who is linked already: one human, one row (WORDS 1).

    Raises:
        AlreadyLinked: the invite is for another person, or they are a member there already.
    """
    if invite.user_id is not None:
        raise AlreadyLinked
    member = await session.scalar(
        select(MembershipRow.id).where(
            MembershipRow.user_id == user_id, MembershipRow.organization_id == invite.organization_id
        )
    )
    if member is not None:
        raise AlreadyLinked
    invite.user_id = user_id


async def confirm_invite(session: AsyncSession, invite_id: int, actor_id: int, *, accept: bool) -> int | None:
    """Let the inviter say whether the right person opened the link; return the linked user or None.

    Raises:
        NotFound: nobody has opened it, or there is no such invite.
        CodeUsed: it was answered before, the other way.
    """
    invite = await session.scalar(select(Invite).where(Invite.id == invite_id).with_for_update())
    if invite is None or invite.opened_at is None:
        raise NotFound(noun="invite")
    if invite.confirmed_at is not None or invite.refused_at is not None:
        if (invite.confirmed_at is not None) != accept:
            raise CodeUsed
        return invite.user_id if accept else None
    if not accept:
        invite.refused_at = func.now()
        await _audit(session, invite, "invite_refused", actor_id)
        return None
    user_id = await _link(session, invite)
    await _audit(session, invite, "invite_confirmed", actor_id)
    return user_id


async def _link(session: AsyncSession, invite: Invite) -> int:
    user_id = invite.user_id
    if user_id is None:
        language = invite.opened_language if invite.opened_language in ("id", "en") else LANGUAGE
        user = User(name=invite.name, language=language, is_super_admin=invite.role == Role.SUPER_ADMIN)
        session.add(user)
        await session.flush()
        user_id = invite.user_id = user.id
    if invite.organization_id is not None:
        await session.execute(
            insert(MembershipRow)
            .values(user_id=user_id, organization_id=invite.organization_id, role=invite.role)
            .on_conflict_do_nothing()
        )
    # A new phone: the person's former account gives way to the one that opened the link.
    await session.execute(
        delete(TelegramAccount).where(
            TelegramAccount.user_id == user_id, TelegramAccount.telegram_id != invite.opened_by_telegram_id
        )
    )
    await session.execute(
        insert(TelegramAccount)
        .values(
            user_id=user_id,
            telegram_id=invite.opened_by_telegram_id,
            username=invite.opened_by_username,
            first_name=invite.opened_by_name or invite.name,
        )
        .on_conflict_do_nothing()
    )
    invite.confirmed_at = func.now()
    await session.flush()
    return user_id


async def _audit(session: AsyncSession, invite: Invite, action: str, actor_id: int) -> None:
    session.add(
        AuditEvent(
            organization_id=invite.organization_id,
            thing="invite",
            thing_id=invite.id,
            source=action,
            action=action,
            actor_id=actor_id,
            at=func.now(),
        )
    )


async def suspend(session: AsyncSession, user_id: int, organization_id: int, actor_id: int) -> bool:
    """Cut a person off in one organization at once, tokens included; return whether this call did it.

    Open work goes back to the pool by the caller through the gateway.

    Raises:
        NotFound: the person is no member there.
    """
    return await _switch(session, user_id, organization_id, actor_id, active=False)


async def restore(session: AsyncSession, user_id: int, organization_id: int, actor_id: int) -> bool:
    """Let a suspended person back in; revoked tokens stay revoked. Raises like ``suspend``."""
    return await _switch(session, user_id, organization_id, actor_id, active=True)


async def _switch(
    session: AsyncSession, user_id: int, organization_id: int, actor_id: int, *, active: bool
) -> bool:
    row = await session.scalar(
        select(MembershipRow)
        .where(MembershipRow.user_id == user_id, MembershipRow.organization_id == organization_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound(noun="person")
    if row.is_active == active:
        return False
    now: datetime | None = await session.scalar(select(func.now()))
    row.is_active = active
    row.suspended_by = None if active else actor_id
    row.suspended_at = None if active else now
    if not active:
        await session.execute(
            update(AccessToken)
            .where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
            .values(revoked_at=func.now())
        )
    action = "restored" if active else "suspended"
    session.add(
        AuditEvent(
            organization_id=organization_id,
            thing="user",
            thing_id=user_id,
            source=f"{action}-{now}",
            action=action,
            actor_id=actor_id,
            at=now,
        )
    )
    return True


async def set_language(session: AsyncSession, user_id: int, language: str) -> None:
    """Set the language a person reads (``id`` or ``en``; the column refuses others)."""
    await session.execute(update(User).where(User.id == user_id).values(language=language))


async def create_token(session: AsyncSession, user_id: int, name: str, scopes: list[str]) -> str:
    """Create a bearer token and return it; only its hash is stored."""
    plain = f"siaga_{secrets.token_urlsafe(32)}"
    session.add(AccessToken(user_id=user_id, name=name, token_hash=secret_hash(plain), scopes=scopes))
    await session.flush()
    return plain
