"""Photos and albums: proof of work, with "selesai" or "done" in the caption the end of it (WORDS 5)."""

from typing import Any

from telegram import Message, Update
from telegram.ext import Application

from bot.checking import answers_step
from bot.completing import complete
from bot.context import SiagaContext
from bot.dialogs import place_photos
from bot.dialogs.fields import Photo
from bot.intake import replied_ticket, say_in, take_in
from bot.photos import add_photos
from bot.reactions import seen
from bot.registration import is_private, on_photo
from bot.spoken import Spoken, Verb, read_caption
from bot.task_moves import task
from bot.ticket_moves import is_customer, works_besides
from bot.which_task import fitting_tasks, named_task, the_one
from db.queries.assignments import AssignmentDetail
from db.queries.own_tasks import last_task_of
from domain.assignments import AssignmentMove, AssignmentStatus


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie photos, also those sent as files."""
    application.add_handlers([on_photo(take_photos)])


async def take_photos(update: Update, context: SiagaContext) -> None:
    """Attach a photo or an album to the task it is for; several could be meant: ask which."""
    if not is_private(update):
        return
    if is_customer(context.person):
        await take_in(context)
        return
    besides = works_besides(context.person)
    if besides and (replied := await replied_ticket(context)) is not None:
        await say_in(context, replied)
        return
    caption = next((one.caption for one in context.album if one.caption), "")
    asks = read_caption(caption).asks
    target = await named_task(context, AssignmentMove.PHOTO, asks.number if asks else None)
    tasks = [] if target is not None else await fitting_tasks(context, AssignmentMove.PHOTO)
    target = target or the_one(tasks)
    if target is not None:
        await _keep(context, target, caption, asks)
    elif tasks:
        await context.open_dialog(place_photos.NAME, photos=tuple(_photo(one) for one in context.album))
    elif besides:
        await take_in(context)
    else:
        await _say_why_not(context)


async def _keep(context: SiagaContext, target: AssignmentDetail, caption: str, asks: Spoken | None) -> None:
    """Keep the photos; with "done" in the caption, complete the task."""
    files = [_file_id(one) for one in context.album]
    if await answers_step(context, target, files):
        await seen(context)
        return
    # Not the update's own source: a dialog that opens below asks for its move under that one.
    await add_photos(context, f"{context.source}-photo", target, files, caption)
    await seen(context)
    if asks is not None and asks.verb == Verb.COMPLETE:
        after = await task(context, target.assignment_id)
        await complete(context, f"{context.source}-done", after, asks.rest)


async def _say_why_not(context: SiagaContext) -> None:
    """Say that the photo is not kept, and what comes first: starting a task, or taking a completion back."""
    waiting = await fitting_tasks(context, AssignmentMove.START)
    undoable = await fitting_tasks(context, AssignmentMove.UNDO)
    async with context.transaction() as session:
        last = await last_task_of(session, context.me.user_id)
    over = last if last is not None and last.status == AssignmentStatus.COMPLETED else None
    await context.reply(
        "replies/no_task_for_photo",
        waiting=waiting[0] if waiting else None,
        over=over,
        undoable=bool(undoable),
    )


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
