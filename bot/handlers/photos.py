"""Photos and "done" as messages: what works with one bar of signal (WORDS 5)."""

import contextlib
from typing import Any

from telegram import Message, Update
from telegram.ext import Application

from bot.api import ApiError
from bot.context import SiagaContext
from bot.dialogs import place_photos
from bot.dialogs.fields import Photo
from bot.handlers.assignments import begin_completion, open_completion
from bot.handlers.tasks import show_tasks
from bot.photos import add_photos
from bot.registration import on_message, on_photo, on_text
from bot.task_moves import move, self_test_stands_in_the_way, task
from db.chat.things import thing_of_message
from db.queries.assignments import AssignmentDetail, open_assignments_of
from domain.assignments import AssignmentMove, AssignmentStatus
from domain.chat import Thing
from domain.errors import NotPossibleNow

DONE_WORDS = frozenset({"selesai", "done"})
"""What completes a task when it is typed or stands first in a caption, in either language."""
SEEN = "👌"


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie photos and typed text; after all other handlers, since text may be anything."""
    application.add_handlers([on_photo(take_photos), on_text(take_text), on_message(say_what_helps)])


async def take_photos(update: Update, context: SiagaContext) -> None:
    """Attach a photo or an album to the task it is for; with "done" in front of the caption, complete it."""
    if not _is_private(update):
        return
    tasks = await _running(context)
    target = await _meant(context, tasks)
    if target is None and not tasks:
        await context.reply("replies/no_task_for_photo", waiting=await _accepted(context))
        return
    if target is None:
        await context.open_dialog(place_photos.NAME, photos=tuple(_photo(one) for one in context.album))
        return
    caption = next((one.caption for one in context.album if one.caption), "")
    done, notes = _reads_done(caption)
    # Not the update's own source: a dialog that opens below asks for its move under that one.
    await add_photos(
        context, f"{context.source}-photo", target, [_file_id(one) for one in context.album], caption
    )
    await _react(context)
    if done:
        await _complete(context, target, notes)


async def take_text(update: Update, context: SiagaContext) -> None:
    """Complete on "done"; otherwise say what helps: a photo while a task is in progress."""
    tasks = await _running(context) if context.person and _is_private(update) else []
    done, _ = _reads_done(context.album[0].text or "" if context.album else "")
    target = await _meant(context, tasks) if done else None
    if target is not None:
        await begin_completion(context, target)
    elif done and tasks:
        await show_tasks(update, context)
    elif tasks:
        await context.reply("replies/photo_wanted", task=tasks[0])
    else:
        await say_what_helps(update, context)


async def say_what_helps(update: Update, context: SiagaContext) -> None:
    """Answer a message nobody expects, in private chats only."""
    if _is_private(update):
        await context.reply("replies/not_understood" if context.person else "replies/start_stranger")


def _is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == "private"


async def _complete(context: SiagaContext, target: AssignmentDetail, notes: str) -> None:
    """Complete with the caption's rest as notes; a failing self-test asks for its reason first."""
    if self_test_stands_in_the_way(target):
        await open_completion(context, target, notes)
        return
    source = f"{context.source}-done"
    view = await move(context, source, target.assignment_id, AssignmentMove.COMPLETE, note=notes)
    await context.reply("replies/completed", number=view.assignment_id, machine=view.machine_name)


async def _running(context: SiagaContext) -> list[AssignmentDetail]:
    async with context.transaction() as session:
        held = await open_assignments_of(session, context.me.user_id)
    return [one for one in held if one.status == AssignmentStatus.IN_PROGRESS]


async def _accepted(context: SiagaContext) -> AssignmentDetail | None:
    """Return a task that only needs to be started first."""
    async with context.transaction() as session:
        held = await open_assignments_of(session, context.me.user_id)
    return next((one for one in held if one.status == AssignmentStatus.ACCEPTED), None)


async def _meant(context: SiagaContext, tasks: list[AssignmentDetail]) -> AssignmentDetail | None:
    """Return the replied card's task, else the only one in progress, else None.

    Raises:
        NotFound, NotPossibleNow: the replied card's task is not this person's, or not in progress.
    """
    replied = context.album[0].reply_to_message if context.album else None
    if replied is not None:
        async with context.transaction() as session:
            about = await thing_of_message(session, context.chat_id, replied.message_id)
        if about is not None and about[0] == Thing.ASSIGNMENT:
            found = await task(context, about[1])
            if found.assignment_id not in {one.assignment_id for one in tasks}:
                raise NotPossibleNow(noun="assignment", status=found.status, move=AssignmentMove.PHOTO)
            return found
    return tasks[0] if len(tasks) == 1 else None


def _reads_done(text: str) -> tuple[bool, str]:
    """Return whether a text begins with "done", and what comes after it."""
    word, _, rest = text.strip().partition(" ")
    return word.casefold().rstrip(".,:;!") in DONE_WORDS, rest.strip(" .,:;-")


def _file_id(message: Message) -> str:
    if message.photo:
        return message.photo[-1].file_id
    return message.document.file_id if message.document else ""


def _photo(message: Message) -> Photo:
    best = message.photo[-1] if message.photo else None
    return Photo(
        file_id=_file_id(message),
        file_unique_id=best.file_unique_id if best else "",
        width=best.width if best else 0,
        height=best.height if best else 0,
        size_bytes=best.file_size if best else None,
        sent_at=message.date,
        media_group_id=message.media_group_id,
        caption=message.caption or "",
    )


async def _react(context: SiagaContext) -> None:
    """Say "seen" without a sound; a reaction that fails is no loss, since the card counts the photos."""
    with contextlib.suppress(ApiError):
        await context.parts.api.call(
            "setMessageReaction",
            {
                "chat_id": context.chat_id,
                "message_id": context.album[0].message_id,
                "reaction": [{"type": "emoji", "emoji": SEEN}],
            },
        )
