"""The question before a customer leaves their pharmacy."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ConfirmField, Dialog, NumberField
from bot.menus import show_menu_of
from db import pharmacies
from db.chat.deliveries import announce
from db.queries.customer_tickets import held_tickets_of
from db.queries.joining import pic_of
from db.queries.people import person_by_id
from db.queries.ticket_watchers import watchers
from domain.errors import NotFound
from domain.notices import NOTICES
from domain.people import Membership, Person

NAME = "leave_pharmacy"
_LEFT, _LEFT_TICKETS = "customer_left", "customer_left_tickets"


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Take them out; open tickets stay with the pharmacy: its person in charge and the holders are told."""
    me, number = context.me, int(answers["pharmacy"])
    place = next((held for held in me.pharmacies if held.pharmacy_id == number), None)
    if place is None:
        raise NotFound(noun="pharmacy")
    async with context.transaction() as session:
        await pharmacies.leave(session, me.user_id, number, source)
        pic = await pic_of(session, number)
        if pic is not None:
            await announce(
                session,
                template=_LEFT,
                user_id=pic,
                organization_id=place.organization_id,
                source=source,
                context={"name": me.name, "pharmacy": place.pharmacy_name},
                loudness=NOTICES[_LEFT].loudness,
            )
        await _tell_holders(session, me, place, source)
    await context.reply("replies/left_pharmacy", pharmacy=place.pharmacy_name)
    await show_menu_of(context, me.user_id)


async def _tell_holders(session: AsyncSession, left: Person, place: Membership, source: str) -> None:
    """Tell who works on the tickets of whoever left that these go on, and whom their words reach now."""
    held = await held_tickets_of(session, left.user_id, place.pharmacy_id or 0)
    for holder, tickets in held.items():
        readers = {user for ticket_id in tickets for user in await watchers(session, ticket_id)}
        known = [await person_by_id(session, user) for user in sorted(readers)]
        await announce(
            session,
            template=_LEFT_TICKETS,
            user_id=holder,
            organization_id=place.organization_id,
            source=source,
            context={
                "name": left.name,
                "pharmacy": place.pharmacy_name,
                "numbers": list(tickets.values()),
                "readers": [one.person.name for one in known if one is not None],
            },
            loudness=NOTICES[_LEFT_TICKETS].loudness,
        )


LEAVE = Dialog(
    NAME,
    fields=(NumberField(name="pharmacy"), ConfirmField(name="confirm", label="leave_yes")),
    finish=finish,
    hours_open=1,
)
