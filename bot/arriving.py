"""The start of work: shown by the machine's code, by a position, or without proof for a reason (WORDS 5)."""

from datetime import datetime

from bot.context import SiagaContext
from bot.task_moves import about, move
from bot.work_keyboard import work_keyboard
from db.queries.assignments import AssignmentDetail
from db.queries.positions import Seen, fresh_position
from db.queries.settings import settings
from domain.arrivals import ArrivalMethod, Proof, distance_m
from domain.assignments import AssignmentMove
from domain.errors import LocationTooOld, TooFarAway

ARRIVE = "arrive"
"""The dialog that asks where the person is."""


async def begin_work(context: SiagaContext, source: str, found: AssignmentDetail, at: datetime) -> None:
    """Start on a position shown just before ``at``; without one, or a bad one, ask where the person is.

    A point that was chosen elsewhere says nothing about now; a live location that is elsewhere does.
    """
    async with context.statements() as session:
        seen = await fresh_position(session, context.me.user_id, found.organization_id, at)
    if seen is not None and (seen.is_live or await within_radius(context, found, seen)):
        try:
            # Not the update's own source: after a refusal the dialog asks for its move under that one.
            await start(context, f"{source}-seen", found, proof=proof_of(seen))
        except (TooFarAway, LocationTooOld) as refusal:
            await context.refuse(refusal)
        else:
            return
    await ask_where(context, found)


async def ask_where(context: SiagaContext, found: AssignmentDetail) -> None:
    """Ask for the arrival: position, code, or the reason why there is no proof."""
    await context.open_dialog(ARRIVE, **about(found))


async def start(
    context: SiagaContext,
    source: str,
    found: AssignmentDetail,
    *,
    proof: Proof | None = None,
    reason: str = "",
) -> None:
    """Start a task and say so: by a toast on a tap, else by a message with the keyboard of the work.

    Raises:
        TooFarAway, LocationTooOld: the position proves nothing.
        Refusal: the workflow refuses.
    """
    view = await move(context, source, found.assignment_id, AssignmentMove.START, proof=proof, reason=reason)
    method = proof.method if proof else ArrivalMethod.NONE
    await context.answer("toasts/start", machine=found.machine_name, method=method, steps=view.steps_open)
    await context.close_dialog(ARRIVE)
    if context.handling.tap is not None:
        return
    await context.reply(
        "replies/started",
        keyboard=await work_keyboard(context),
        task=found,
        method=method,
        steps=view.steps_open,
    )


def proof_of(seen: Seen) -> Proof:
    """Return a shown position as a proof of arrival."""
    method = ArrivalMethod.LIVE if seen.is_live else ArrivalMethod.POINT
    return Proof(method, seen.at, seen.latitude, seen.longitude, seen.accuracy_m)


async def within_radius(context: SiagaContext, found: AssignmentDetail, seen: Seen) -> bool:
    """Return whether a position would prove the arrival at a task's machine; the workflow judges it."""
    async with context.statements() as session:
        own = await settings(session, found.organization_id)
    radius = own["arrival_radius_m"] if found.arrival_radius_m is None else found.arrival_radius_m
    allowed = radius + min(seen.accuracy_m or 0.0, own["arrival_accuracy_most_m"])
    return distance_m(seen.latitude, seen.longitude, found.latitude, found.longitude) <= allowed
