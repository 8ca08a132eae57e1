"""What the person reads while a dialog is open: the prompt as a card, and the line it shrinks to."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.dialogs import prompts
from bot.dialogs.fields import Answers, Dialog, Field
from bot.dialogs.values import decode_all
from bot.html_text import first_line
from bot.parts import Parts
from bot.render import Audience
from db.chat import dialogs
from db.chat.dialogs import DialogState


class Asker:
    """Renders prompts. ``card`` is the ``CardBuilder`` of ``Thing.DIALOG``."""

    def __init__(self, parts: Parts) -> None:
        self._renderer = parts.renderer
        self._dialogs = parts.content.dialogs

    async def card(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the prompt of a dialog as a card (the ``CardBuilder`` of ``Thing.DIALOG``)."""
        state = await dialogs.dialog_by_id(session, thing_id)
        if state is None or state.name not in self._dialogs:
            return None
        dialog = self._dialogs[state.name]
        language = "" if reader.person else str(state.answers.get("language", ""))
        audience = Audience(language or reader.language, reader.time_zone, reader.person)
        asked = field_of(dialog, state.field)
        shown = {
            "question": self.question(dialog, state, audience),
            "problem": self._problem(state, audience),
            "note": prompts.hint(asked, state, audience, self._renderer),
        }
        rows = prompts.keyboard(asked, state, audience)
        return CardView(
            template="machinery/dialog", row=state, context=shown, keyboard=rows, language=language
        )

    def question(self, dialog: Dialog, state: DialogState, audience: Audience) -> str:
        """Return the present question in HTML; its first line is what it shrinks to."""
        answers = decode_all(state.answers)
        visible = [one.name for one in dialog.fields if one.when is None or one.when(answers)]
        variables: dict[str, Any] = {
            "field": state.field,
            "answers": answers,
            "step": visible.index(state.field) + 1 if state.field in visible else 1,
            "steps": len(visible),
        }
        return self._renderer.html(f"dialogs/{dialog.name}", audience, variables)

    def _problem(self, state: DialogState, audience: Audience) -> str:
        code = state.draft.get("problem")
        return self._renderer.problem(code, audience, state.draft.get("details", {})) if code else ""

    def answered_line(self, dialog: Dialog, state: DialogState, value: object, audience: Audience) -> str:
        """Return what an answered question becomes."""
        asked = field_of(dialog, state.field)
        line = first_line(self.question(dialog, state, audience))
        answer = prompts.spoken(value, asked, audience, self._renderer)
        return self._renderer.html("machinery/answered", audience, {"line": line, "answer": answer})


def field_of(dialog: Dialog, name: str) -> Field:
    """Return a dialog's field by name."""
    return next(one for one in dialog.fields if one.name == name)


def next_field(dialog: Dialog, answers: Answers, after: str | None = None) -> Field | None:
    """Return the next field to ask: visible, not answered, behind ``after``."""
    names = [one.name for one in dialog.fields]
    start = names.index(after) + 1 if after is not None else 0
    for one in dialog.fields[start:]:
        if one.name not in answers and (one.when is None or one.when(answers)):
            return one
    return None
