"""The card that asks a pharmacy's person in charge whether somebody works there (WORDS 5)."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import button
from db.queries.joining import JoinDetail, join_request
from domain.chat import Thing
from domain.people import Person
from domain.roles import Permission


def may_answer(request: JoinDetail, person: Person) -> bool:
    """Return whether a person may confirm: the PIC while they work there, or who manages the helpdesk."""
    works_there = any(held.pharmacy_id == request.pharmacy_id for held in person.pharmacies)
    is_pic = request.pic_id == person.user_id and works_there
    return is_pic or person.may(Permission.MANAGE_HELPDESK, request.organization_id)


async def join_request_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the card for whoever may answer, None for anybody else."""
    request = await join_request(session, thing_id)
    if request is None or reader.person is None or not may_answer(request, reader.person):
        return None
    yes = button("join_yes", Thing.JOIN_REQUEST, "yes", thing_id, style="success")
    no = button("join_no", Thing.JOIN_REQUEST, "no", thing_id, style="danger")
    return CardView(
        template="cards/join_request",
        row=request,
        keyboard=[[yes, no]],
        final=request.answered_at is not None,
    )
