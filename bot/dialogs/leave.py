"""The question before a customer leaves their pharmacy."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ConfirmField, Dialog, NumberField
from bot.menus import show_menu_of
from db import pharmacies
from db.chat.deliveries import announce
from db.queries.joining import pic_of
from domain.errors import NotFound
from domain.notices import NOTICES

NAME = "leave_pharmacy"
_LEFT = "customer_left"


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Take them out; open tickets stay with the pharmacy, whose person in charge is told."""
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
    await context.reply("replies/left_pharmacy", pharmacy=place.pharmacy_name)
    await show_menu_of(context, me.user_id)


LEAVE = Dialog(
    NAME,
    fields=(NumberField(name="pharmacy"), ConfirmField(name="confirm", label="leave_yes")),
    finish=finish,
    hours_open=1,
)
