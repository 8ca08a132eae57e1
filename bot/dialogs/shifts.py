"""The dialog that reads a typed week."""

from typing import Any

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, NumberField, TextField
from bot.shifts_text import read_week
from bot.weeks import week_of, write_week
from domain.errors import InvalidInput

NAME = "shifts"
LENGTH = 300


async def _readable(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401, ARG001
    if read_week(value) is None:
        raise InvalidInput(field="week", problem="not_a_week")


async def _finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow here
    held = await week_of(context, answers["user"], answers["organization"])
    await write_week(context, held, read_week(answers["week"]) or ())


TYPED_WEEK = Dialog(
    NAME,
    fields=(
        NumberField(name="user"),
        NumberField(name="organization"),
        TextField(name="week", max_length=LENGTH, check=_readable),
    ),
    finish=_finish,
)
