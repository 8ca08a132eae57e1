"""The answer to a question of the staff: whatever is sent next, words, pictures or a voice (WORDS 5)."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, MessageField, NumberField
from bot.speaking import follow_up
from bot.ticket_moves import ticket_of

NAME = "answer_ticket"


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Say it in the ticket."""
    await follow_up(context, await ticket_of(context, answers["ticket"]), source)


ANSWER_TICKET = Dialog(
    NAME, fields=(NumberField(name="ticket"), MessageField(name="said")), finish=finish, hours_open=1
)
