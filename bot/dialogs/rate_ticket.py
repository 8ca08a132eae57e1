"""The sentence that may follow a ticket's stars."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, NumberField, TextField
from bot.ticket_moves import move, ticket_of
from domain.tickets import TicketMove

NAME = "rate_ticket"
NOTE_LENGTH = 500


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Keep the sentence with the stars."""
    if answers.get("note"):
        ticket = await ticket_of(context, answers["ticket"])
        # The stars were given under the source of the tap that opened this.
        stars, words = int(answers["stars"]), answers["note"]
        await move(context, f"{source}-words", ticket, TicketMove.RATE, rating=stars, note=words)
    await context.reply("replies/ticket_rated")


RATE_TICKET = Dialog(
    NAME,
    fields=(
        NumberField(name="ticket"),
        NumberField(name="stars"),
        TextField(name="note", max_length=NOTE_LENGTH, optional=True),
    ),
    finish=finish,
    hours_open=1,
)
