"""The questions behind ``/away``: until when, and which colleague takes over."""

from bot.being_away import desks, give, show, switch
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, DateTimeField, Dialog, Option, PickerField
from bot.dialogs.pickers import staff_of
from domain.roles import Permission, Role

UNTIL, TO = "away", "away_to"


async def _finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow here
    await switch(context, on=False, until=answers.get("until"))
    await show(context)


async def _colleagues(context: SiagaContext, answers: Answers, search: str) -> list[Option]:  # noqa: ARG001 - a shape
    """Return who can hold the same tickets: techs for a tech, else who reviews."""
    me, found = context.me, list[Option]()
    for organization in desks(context):
        reviews = me.may(Permission.REVIEW_TICKETS, organization)
        roles = (Role.TEAM_EXPERT, Role.ADMIN) if reviews else (Role.TECH,)
        found += await staff_of(context, organization, roles, search)
    return [one for one in found if one.id != me.user_id]


async def _hand_over(context: SiagaContext, answers: Answers, source: str) -> None:
    to = answers["to"]
    given = await give(context, source, to.id, to.label)
    await context.reply("replies/away_given", given=given, to=to.label)


AWAY_DIALOGS = (
    Dialog(UNTIL, fields=(DateTimeField(name="until", optional=True, skip="away_open"),), finish=_finish),
    Dialog(TO, fields=(PickerField(name="to", options=_colleagues),), finish=_hand_over),
)
