"""The short dialogs behind a task's buttons: reasons, completion notes, choosing again, cancelling.

Each is opened with the task's number as the known answer ``task``, so that is never asked.
"""

from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    ConfirmField,
    Dialog,
    Finish,
    NumberField,
    PickerField,
    TextField,
)
from bot.dialogs.pickers import field_people
from bot.task_moves import move
from domain.assignments import AssignmentMove, DeclineReason, HandBackReason
from domain.offers import Candidate, Offer

DECLINE, HAND_BACK, COMPLETE, OFFER, CANCEL = "decline", "hand_back", "complete", "offer", "cancel_task"
OTHER = "other"
NOTE_LENGTH = 1000
NOTES_LENGTH = 4096
"""As long as a message may be: nothing a technician wrote is sent back for its length."""
_TASK = NumberField(name="task")


def _says_other(answers: Answers) -> bool:
    return bool(answers.get("reason") == OTHER)


def _with_reason(verb: AssignmentMove, toast: str) -> Finish:
    """Return what ends a dialog that asked for a reason."""

    async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
        note = answers.get("note") or ""
        view = await move(context, source, answers["task"], verb, reason=answers["reason"], note=note)
        await context.reply(toast, number=view.assignment_id, machine=view.machine_name)

    return finish


async def _complete(context: SiagaContext, answers: Answers, source: str) -> None:
    notes, override = answers.get("notes") or "", answers.get("override") or ""
    view = await move(context, source, answers["task"], AssignmentMove.COMPLETE, reason=override, note=notes)
    await context.reply("replies/completed", number=view.assignment_id, machine=view.machine_name)


async def _offer(context: SiagaContext, answers: Answers, source: str) -> None:
    person = answers["person"]
    offer = Offer([Candidate(person.id, person.label)])
    view = await move(context, source, answers["task"], AssignmentMove.OFFER, offer=offer)
    await context.reply(
        "replies/offered", number=view.assignment_id, machine=view.machine_name, name=person.label
    )


async def _cancel(context: SiagaContext, answers: Answers, source: str) -> None:
    view = await move(context, source, answers["task"], AssignmentMove.CANCEL)
    await context.reply("replies/task_cancelled", number=view.assignment_id, machine=view.machine_name)


TASK_DIALOGS = (
    Dialog(
        DECLINE,
        fields=(
            _TASK,
            ChoiceField(name="reason", choices=tuple(DeclineReason), labels="decline"),
            TextField(name="note", max_length=NOTE_LENGTH, when=_says_other),
        ),
        finish=_with_reason(AssignmentMove.DECLINE, "replies/declined"),
    ),
    Dialog(
        HAND_BACK,
        fields=(
            _TASK,
            ChoiceField(name="reason", choices=tuple(HandBackReason), labels="hand_back"),
            TextField(name="note", max_length=NOTE_LENGTH, when=_says_other),
        ),
        finish=_with_reason(AssignmentMove.HAND_BACK, "replies/handed_back"),
    ),
    Dialog(
        COMPLETE,
        fields=(
            _TASK,
            TextField(
                name="override", max_length=NOTE_LENGTH, when=lambda answers: bool(answers.get("failing"))
            ),
            TextField(name="notes", max_length=NOTES_LENGTH, optional=True),
        ),
        finish=_complete,
    ),
    Dialog(
        OFFER,
        fields=(
            _TASK,
            PickerField(name="person", options=field_people),
        ),
        finish=_offer,
    ),
    Dialog(
        CANCEL,
        fields=(
            _TASK,
            ConfirmField(name="confirm", label="cancel_task_yes"),
        ),
        finish=_cancel,
    ),
)
