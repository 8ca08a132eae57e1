"""What of a draft is changed by typing: version, contact, the whole text."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog, NumberField, TextField
from bot.drafting import draft_of, show_draft
from db.ticket_drafts import change
from domain.ticket_drafts import DraftValue

NAME = "change_draft"
_LENGTHS = {DraftValue.VERSION: 50, DraftValue.CONTACT: 255, DraftValue.WORDS: 4096}


def _typed(value: DraftValue) -> TextField:
    return TextField(
        name=value.value, max_length=_LENGTHS[value], when=lambda answers: bool(answers.get("what") == value)
    )


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow here
    """Write what was typed, and show the draft again."""
    draft, what = await draft_of(context, answers["draft"]), answers["what"]
    async with context.transaction() as session:
        await change(session, draft.draft_id, context.me.user_id, **{what: answers[what]})
    await show_draft(context, draft.draft_id)


CHANGE_DRAFT = Dialog(
    NAME,
    fields=(
        NumberField(name="draft"),
        ChoiceField(name="what", choices=tuple(DraftValue), labels="draft"),
        *(_typed(value) for value in DraftValue),
    ),
    finish=finish,
    hours_open=1,
)
