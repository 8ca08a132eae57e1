"""The sentence that may follow the stars."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, NumberField, TextField
from db.satisfaction import add_note

NAME = "satisfaction"
NOTE_LENGTH = 500


async def _finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow here
    if answers.get("note"):
        async with context.transaction() as session:
            await add_note(session, answers["answer"], context.me.user_id, answers["note"])
    await context.reply("replies/satisfaction_noted")


SATISFACTION = Dialog(
    NAME,
    fields=(NumberField(name="answer"), TextField(name="note", max_length=NOTE_LENGTH, optional=True)),
    finish=_finish,
)
