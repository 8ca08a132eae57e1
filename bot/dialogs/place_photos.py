"""The question which task a photo is for, when several are in progress (WORDS 5)."""

from collections.abc import Sequence

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, Option, PhotosField, PickerField
from bot.photos import add_photos
from bot.task_moves import task
from db.queries.assignments import open_assignments_of
from domain.assignments import AssignmentStatus

NAME = "place_photos"


async def in_progress(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:  # noqa: ARG001
    """Return the person's tasks in progress."""
    async with context.transaction() as session:
        held = await open_assignments_of(session, context.me.user_id)
    running = [one for one in held if one.status == AssignmentStatus.IN_PROGRESS]
    return [
        Option(one.assignment_id, one.machine_name, f"#{one.assignment_id}")
        for one in running
        if search.casefold() in one.machine_name.casefold()
    ]


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Attach the photos to the chosen task."""
    found = await task(context, answers["task"].id)
    files = [photo.file_id for photo in answers["photos"]]
    view = await add_photos(context, source, found, files, answers["photos"][0].caption)
    await context.reply("replies/photos_added", machine=view.machine_name, photos=view.photos)


PLACE_PHOTOS = Dialog(
    NAME, fields=(PhotosField(name="photos"), PickerField(name="task", options=in_progress)), finish=finish
)
