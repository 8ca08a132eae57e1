"""The question behind a bare ``/find``."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, TextField
from bot.found import TEMPLATE, found_page

NAME = "find"
ASKED_LENGTH = 60


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - nothing is changed
    """Show what was found."""
    words, keyboard = await found_page(context, answers["asked"], 0)
    await context.reply(TEMPLATE, keyboard=keyboard, **words)


FIND = Dialog(NAME, fields=(TextField(name="asked", max_length=ASKED_LENGTH),), finish=finish)
