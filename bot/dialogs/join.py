"""The question behind a bare ``/join``."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, TextField
from bot.joining import join

NAME = "join"


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - repeats ask once
    """Ask the pharmacy's person in charge."""
    user = context.handling.update.effective_user
    if user is not None:
        await join(context, answers["code"], user)


JOIN = Dialog(NAME, fields=(TextField(name="code", max_length=40),), finish=finish, hours_open=1)
