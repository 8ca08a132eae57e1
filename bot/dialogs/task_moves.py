"""The short dialogs behind a task's buttons: reasons, another time, other people, another priority, the end.

Each is opened with the task's number as the known answer ``task``, so that is never asked.
"""

from typing import Any

from bot.completing import COMPLETE, say_completed
from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    ConfirmField,
    DateTimeField,
    Dialog,
    Field,
    Finish,
    NumberField,
    TextField,
)
from bot.dialogs.pickers import offer_to, people_field
from bot.task_moves import move
from domain.assignments import AssignmentMove, DeclineReason, HandBackReason, PostponeReason
from domain.priorities import Priority

OTHER = "other"
NOTE_LENGTH = 1000
NOTES_LENGTH = 4096
"""As long as a message may be: nothing a technician wrote is sent back for its length."""
_TASK = NumberField(name="task")
DIALOGS = {
    AssignmentMove.DECLINE: "decline",
    AssignmentMove.HAND_BACK: "hand_back",
    AssignmentMove.POSTPONE: "postpone",
    AssignmentMove.OFFER: "offer",
    AssignmentMove.RESCHEDULE: "reschedule",
    AssignmentMove.PRIORITIZE: "prioritize",
    AssignmentMove.CANCEL: "cancel_task",
}
"""Moves that ask something first, and the dialog that asks it."""


def _says_other(answers: Answers) -> bool:
    return bool(answers.get("reason") == OTHER)


def _moves(verb: AssignmentMove, reply: str, **given: str) -> Finish:
    """Return what ends a dialog: the move with the answers it needs, and one line that says so.

    ``given``: fields of the command and the answers that fill them.
    """

    async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
        details: dict[str, Any] = {name: answers.get(answer) or "" for name, answer in given.items()}
        view = await move(context, source, answers["task"], verb, **details)
        await context.reply(reply, number=view.assignment_id, machine=view.machine_name, **details)

    return finish


async def _complete(context: SiagaContext, answers: Answers, source: str) -> None:
    notes, override = answers.get("notes") or "", answers.get("override") or ""
    view = await move(context, source, answers["task"], AssignmentMove.COMPLETE, reason=override, note=notes)
    await say_completed(context, view)


async def _offer(context: SiagaContext, answers: Answers, source: str) -> None:
    offer = offer_to(answers["people"])
    view = await move(context, source, answers["task"], AssignmentMove.OFFER, offer=offer)
    await context.reply(
        "replies/offered", number=view.assignment_id, machine=view.machine_name, name=answers["people"].label
    )


async def _prioritize(context: SiagaContext, answers: Answers, source: str) -> None:
    priority = Priority(answers["priority"])
    view = await move(context, source, answers["task"], AssignmentMove.PRIORITIZE, priority=priority)
    await context.reply(
        "replies/prioritized", number=view.assignment_id, machine=view.machine_name, priority=priority
    )


def _reasons(labels: str, choices: tuple[str, ...]) -> tuple[Field, ...]:
    """Return the questions for a reason: buttons, and words behind "something else"."""
    return (
        _TASK,
        ChoiceField(name="reason", choices=choices, labels=labels),
        TextField(name="note", max_length=NOTE_LENGTH, when=_says_other),
    )


TASK_DIALOGS = (
    Dialog(
        DIALOGS[AssignmentMove.DECLINE],
        fields=_reasons("decline", tuple(DeclineReason)),
        finish=_moves(AssignmentMove.DECLINE, "replies/declined", reason="reason", note="note"),
    ),
    Dialog(
        DIALOGS[AssignmentMove.HAND_BACK],
        fields=_reasons("hand_back", tuple(HandBackReason)),
        finish=_moves(AssignmentMove.HAND_BACK, "replies/handed_back", reason="reason", note="note"),
    ),
    Dialog(
        DIALOGS[AssignmentMove.POSTPONE],
        fields=(*_reasons("postpone", tuple(PostponeReason)), DateTimeField(name="at")),
        finish=_moves(
            AssignmentMove.POSTPONE, "replies/postponed", reason="reason", note="note", scheduled_date="at"
        ),
    ),
    Dialog(
        COMPLETE,
        fields=(
            _TASK,
            TextField(name="notes", max_length=NOTES_LENGTH),
            TextField(name="override", max_length=NOTE_LENGTH),
        ),
        finish=_complete,
    ),
    Dialog(DIALOGS[AssignmentMove.OFFER], fields=(_TASK, people_field()), finish=_offer),
    Dialog(
        DIALOGS[AssignmentMove.RESCHEDULE],
        fields=(_TASK, DateTimeField(name="at")),
        finish=_moves(AssignmentMove.RESCHEDULE, "replies/rescheduled", scheduled_date="at"),
    ),
    Dialog(
        DIALOGS[AssignmentMove.PRIORITIZE],
        fields=(_TASK, ChoiceField(name="priority", choices=tuple(reversed(Priority)), labels="priority")),
        finish=_prioritize,
    ),
    Dialog(
        DIALOGS[AssignmentMove.CANCEL],
        fields=(_TASK, ConfirmField(name="confirm", label="cancel_task_yes")),
        finish=_moves(AssignmentMove.CANCEL, "replies/task_cancelled"),
    ),
)
