"""The card that asks the inviter whether the right person opened the link (WORDS 1)."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import button
from db.queries.invites import InviteDetail, invite_detail
from domain.chat import Thing
from domain.people import Person
from domain.roles import Permission


def may_answer(invite: InviteDetail, person: Person) -> bool:
    """Return whether a person may say who opened the link: the inviter while they manage people there."""
    if invite.invited_by != person.user_id:
        return False
    return invite.organization_id is None or person.may(Permission.MANAGE_PEOPLE, invite.organization_id)


async def invite_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the card for the inviter, None for anybody else."""
    invite = await invite_detail(session, thing_id)
    if invite is None or reader.person is None or not may_answer(invite, reader.person):
        return None
    answered = invite.confirmed_at is not None or invite.refused_at is not None
    yes = button("invite_yes", Thing.INVITE, "yes", thing_id, style="success")
    no = button("invite_no", Thing.INVITE, "no", thing_id, style="danger")
    return CardView(
        template="cards/invite",
        row=invite,
        keyboard=[[yes, no]] if invite.opened_at is not None else (),
        final=answered,
    )
