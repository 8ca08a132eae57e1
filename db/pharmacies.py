"""Joining and leaving a pharmacy: no workflow stands behind a membership (decision 14; system scope)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.attempts import attempts
from db.chat.cards import ensure_card, retire, shrink_message
from db.models.chat import Card
from db.models.core import AuditEvent, MembershipRow, TelegramAccount, User
from db.models.helpdesk import JoinRequest, Pharmacy, Ticket, TicketFollower
from db.people import TelegramIdentity
from db.queries.people import admin_ids
from domain.chat import Loudness, Thing
from domain.defaults import LANGUAGE
from domain.errors import AlreadyLinked, CodeUnknown, CodeUsed, NotFound, Suspended
from domain.roles import Role
from domain.signing import secret_hash

TRIES = 5
TRIES_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """What a right code led to."""

    request_id: int | None
    """None: they are in already."""
    pharmacy_name: str
    is_new: bool = True


async def may_try(session: AsyncSession, telegram_id: int) -> bool:
    """Count a try and return whether it may be looked at; in a transaction of its own."""
    tries = await attempts(session, f"join {telegram_id}", timedelta(minutes=TRIES_MINUTES))
    return tries <= TRIES


def plain_code(typed: str) -> str:
    """Return a code as it was issued, however it was typed."""
    return "".join(typed.split()).upper()


async def ask_to_join(session: AsyncSession, code: str, who: TelegramIdentity, source: str) -> Asked:
    """Ask a pharmacy's PIC, or the helpdesk's admins, to confirm whoever knows its code.

    Raises:
        CodeUnknown: no pharmacy has this code, or not any more.
        Suspended: an admin has cut this person off there.
        AlreadyLinked: they are staff of that helpdesk.
    """
    pharmacy = await session.scalar(
        select(Pharmacy).where(
            Pharmacy.code_hash == secret_hash(plain_code(code)),
            Pharmacy.is_active,
            Pharmacy.deleted_at.is_(None),
        )
    )
    if pharmacy is None:
        raise CodeUnknown(noun="pharmacy")
    held = await _membership(session, who.telegram_id, pharmacy.organization_id)
    if held is not None and not held.is_active:
        raise Suspended
    if held is not None and held.role != Role.CUSTOMER:
        raise AlreadyLinked
    if held is not None and held.pharmacy_id == pharmacy.id:
        return Asked(None, pharmacy.name)
    made = await session.scalar(
        insert(JoinRequest)
        .values(
            organization_id=pharmacy.organization_id,
            pharmacy_id=pharmacy.id,
            telegram_id=who.telegram_id,
            name=who.first_name,
            username=who.username,
            language=who.language,
        )
        .on_conflict_do_nothing()
        .returning(JoinRequest.id)
    )
    if made is None:
        return Asked(0, pharmacy.name, is_new=False)
    for user_id in await _confirmers(session, pharmacy):
        await ensure_card(
            session, Thing.JOIN_REQUEST, made, user_id, loudness=Loudness.SOUND, source=f"{source}-join"
        )
    return Asked(made, pharmacy.name)


async def _membership(session: AsyncSession, telegram_id: int, organization_id: int) -> MembershipRow | None:
    """Return what an account's person is in an organization already."""
    return await session.scalar(
        select(MembershipRow)
        .join(TelegramAccount, TelegramAccount.user_id == MembershipRow.user_id)
        .where(TelegramAccount.telegram_id == telegram_id, MembershipRow.organization_id == organization_id)
    )


async def _confirmers(session: AsyncSession, pharmacy: Pharmacy) -> list[int]:
    """Return the PIC, when the bot can write to them, else the admins of the helpdesk."""
    pic = await session.scalar(
        select(MembershipRow.user_id)
        .join(TelegramAccount, TelegramAccount.user_id == MembershipRow.user_id)
        .join(User, User.id == MembershipRow.user_id)
        .where(
            MembershipRow.user_id == pharmacy.pic_id,
            MembershipRow.pharmacy_id == pharmacy.id,
            MembershipRow.is_active,
            User.is_active,
            TelegramAccount.blocked_at.is_(None),
        )
    )
    return [pic] if pic is not None else await admin_ids(session, pharmacy.organization_id)


async def answer_join(session: AsyncSession, request_id: int, actor_id: int, *, accept: bool) -> int | None:
    """Let somebody into their pharmacy, or not; return their number when they are in.

    The same answer a second time changes nothing.

    Raises:
        NotFound: no such request.
        CodeUsed: it was answered before, the other way.
        AlreadyLinked: they have become staff of the helpdesk meanwhile.
    """
    request = await session.scalar(select(JoinRequest).where(JoinRequest.id == request_id).with_for_update())
    if request is None:
        raise NotFound(noun="join_request")
    if request.answered_at is not None and request.is_accepted != accept:
        raise CodeUsed(noun="join_request")
    known = await session.scalar(
        select(TelegramAccount.user_id).where(TelegramAccount.telegram_id == request.telegram_id)
    )
    if request.answered_at is not None:
        return known if accept else None
    request.answered_at, request.answered_by, request.is_accepted = func.now(), actor_id, accept
    user_id = await _let_in(session, request, known) if accept else None
    _audit(session, request, actor_id, "join_accepted" if accept else "join_refused")
    await session.flush()
    return user_id


async def _let_in(session: AsyncSession, request: JoinRequest, user_id: int | None) -> int:
    """Make them a customer of the pharmacy; who was one of another pharmacy there has moved."""
    if user_id is None:
        language = request.language if request.language in ("id", "en") else LANGUAGE
        user = User(name=request.name, language=language)
        session.add(user)
        await session.flush()
        user_id = user.id
        session.add(
            TelegramAccount(
                user_id=user_id,
                telegram_id=request.telegram_id,
                username=request.username,
                first_name=request.name,
            )
        )
    former = await session.scalar(
        select(MembershipRow.pharmacy_id).where(
            MembershipRow.user_id == user_id, MembershipRow.organization_id == request.organization_id
        )
    )
    if former is not None:
        await _take_cards_away(session, user_id, former)
    moved = await session.scalar(
        insert(MembershipRow)
        .values(
            user_id=user_id,
            organization_id=request.organization_id,
            role=Role.CUSTOMER,
            pharmacy_id=request.pharmacy_id,
        )
        .on_conflict_do_update(
            index_elements=[MembershipRow.user_id, MembershipRow.organization_id],
            set_={"pharmacy_id": request.pharmacy_id},
            where=(MembershipRow.role == Role.CUSTOMER) & MembershipRow.is_active,
        )
        .returning(MembershipRow.id)
    )
    if moved is None:
        raise AlreadyLinked
    return user_id


async def leave(session: AsyncSession, user_id: int, pharmacy_id: int, source: str) -> None:
    """Take a customer out of their pharmacy; what they opened stays with it. Twice changes nothing."""
    gone = await session.scalar(
        delete(MembershipRow)
        .where(
            MembershipRow.user_id == user_id,
            MembershipRow.pharmacy_id == pharmacy_id,
            MembershipRow.is_active,
        )
        .returning(MembershipRow.organization_id)
    )
    if gone is None:
        return
    await session.execute(delete(TicketFollower).where(TicketFollower.user_id == user_id))
    await _take_cards_away(session, user_id, pharmacy_id)
    await session.execute(
        update(Pharmacy).where(Pharmacy.id == pharmacy_id, Pharmacy.pic_id == user_id).values(pic_id=None)
    )
    session.add(
        AuditEvent(
            organization_id=gone,
            thing="pharmacy",
            thing_id=pharmacy_id,
            source=source,
            action="left",
            actor_id=user_id,
            at=func.now(),
        )
    )


async def _take_cards_away(session: AsyncSession, user_id: int, pharmacy_id: int) -> None:
    """Let the cards of a pharmacy's tickets in somebody's chat shrink to a line: nothing of it is shown."""
    rows = await session.scalars(
        select(Card)
        .join(TelegramAccount, TelegramAccount.telegram_id == Card.chat_id)
        .where(
            TelegramAccount.user_id == user_id,
            Card.thing == Thing.TICKET,
            Card.retired_at.is_(None),
            Card.thing_id.in_(select(Ticket.id).where(Ticket.pharmacy_id == pharmacy_id)),
        )
    )
    for card in rows.all():
        await retire(session, card.id)
        if card.message_id is not None:
            await shrink_message(
                session, Thing.TICKET, card.thing_id, card.chat_id, card.message_id, user_id=user_id
            )


def _audit(session: AsyncSession, request: JoinRequest, actor_id: int, action: str) -> None:
    session.add(
        AuditEvent(
            organization_id=request.organization_id,
            thing=Thing.JOIN_REQUEST,
            thing_id=request.id,
            source=action,
            action=action,
            actor_id=actor_id,
            at=func.now(),
        )
    )
