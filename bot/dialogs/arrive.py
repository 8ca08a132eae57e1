"""The question where the technician is, before a task starts (WORDS 5: arrival)."""

from bot.arriving import ARRIVE, proof_of, start
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, LocationField, NumberField, TextField
from bot.task_moves import task
from db.positions import note_position
from db.queries.positions import Seen

REASON_LENGTH = 300
REASON_LEAST = 3


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Start with what was shown; a position that proves nothing leaves the question open."""
    found = await task(context, answers["task"])
    place = answers.get("place")
    if place is None:
        await start(context, source, found, reason=answers.get("reason") or "")
        return
    seen = Seen(place.latitude, place.longitude, place.accuracy_m, place.how == "live", context.said_at)
    async with context.transaction() as session:
        await note_position(session, context.me.user_id, seen)
    await start(context, source, found, proof=proof_of(seen))


ARRIVAL = Dialog(
    ARRIVE,
    fields=(
        NumberField(name="task"),
        LocationField(name="place", own=True, optional=True, skip="no_proof"),
        TextField(
            name="reason",
            min_length=REASON_LEAST,
            max_length=REASON_LENGTH,
            when=lambda answers: answers.get("place") is None,
        ),
    ),
    finish=finish,
    hours_open=2.0,
)
"""Opened with the task, its type and its machine as known answers."""
