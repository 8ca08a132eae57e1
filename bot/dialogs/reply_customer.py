"""What is written next goes to the customer: opened by the reply button of the staff's card."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, NumberField, TextField
from bot.staff_moves import ticket_here
from bot.staff_room import say

NAME = "reply_customer"
LENGTH = 4096


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Say it."""
    ticket = await ticket_here(context, answers["ticket"])
    await say(context, ticket, source, outside=True, words=answers["words"])


REPLY_CUSTOMER = Dialog(
    NAME,
    fields=(NumberField(name="ticket"), TextField(name="words", max_length=LENGTH)),
    finish=finish,
    hours_open=0.5,
)
