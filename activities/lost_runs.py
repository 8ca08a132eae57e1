"""Open rows without a running workflow: found each minute and offered to an admin (WORDS 2)."""

import logging

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from db.chat.calls import call_off
from db.chat.cards import ensure_card, touch_cards
from db.moves import escalations, lost_runs
from db.queries.people import admin_ids
from db.session import SYSTEM, Database
from domain.chat import Loudness, Thing
from domain.ids import escalation_id
from domain.queues import ASSIGNMENT_WORKFLOW, ESCALATION_WORKFLOW, MACHINE_WORKFLOW, ONBOARDING_WORKFLOW

logger = logging.getLogger(__name__)

_QUERY = (
    f"ExecutionStatus = 'Running' and WorkflowType in "
    f"('{ASSIGNMENT_WORKFLOW}', '{MACHINE_WORKFLOW}', '{ONBOARDING_WORKFLOW}', '{ESCALATION_WORKFLOW}')"
)


async def find_lost_runs(client: Client, database: Database) -> int:
    """Compare open rows with running workflows; return how many are newly lost.

    Housekeeping that may be missed: the next minute finds the same. Visibility lags behind, so rows that
    changed in the last minute are left out, and what it does not list is looked up before it counts as lost.
    """
    running = {run.id async for run in client.list_workflows(_QUERY, page_size=1000)}
    async with database.transaction(SYSTEM) as session:
        rows = await lost_runs.open_rows(session)
        for number in await lost_runs.resolve(session, running, {row.workflow_id for row in rows}):
            await touch_cards(session, (Thing.LOST_RUN, number))
    missing = [row for row in rows if row.is_settled and row.workflow_id not in running]
    lost = [row for row in missing if not await _runs(client, row.workflow_id)]
    await _end_ladders(client, database, running)
    async with database.transaction(SYSTEM) as session:
        return sum([await _report(session, row) for row in lost])


async def _end_ladders(client: Client, database: Database, running: set[str]) -> None:
    """End ladders whose run is gone: nothing waits for one, and its owner, watched itself, begins the next.

    They are not offered for repair: whoever terminated a ladder silenced it.
    """
    async with database.transaction(SYSTEM) as session:
        ladders = await escalations.running(session)
    for number, owner in ladders:
        run = escalation_id(owner)
        if run in running or await _runs(client, run):
            continue
        async with database.transaction(SYSTEM) as session:
            await escalations.end_lost(session, number)
            await call_off(session, Thing.ESCALATION, number)
            await touch_cards(session, (Thing.ESCALATION, number))


async def _runs(client: Client, workflow_id: str) -> bool:
    try:
        found = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return False
    return found.status == WorkflowExecutionStatus.RUNNING


async def _report(session: AsyncSession, row: lost_runs.OpenRow) -> bool:
    """Offer a lost run to the organization's admins; return whether it was unknown until now."""
    number = await lost_runs.record(session, row)
    if number is None:
        return False
    logger.warning("%s is open but its workflow is gone", row.workflow_id)
    for admin in await admin_ids(session, row.organization_id):
        await ensure_card(
            session, Thing.LOST_RUN, number, admin, loudness=Loudness.SOUND, source=f"lost-run-{number}"
        )
    return True
