"""Open rows without a running workflow: found each minute and offered to an admin (WORDS 2)."""

import logging

from temporalio.client import Client

from db.chat.cards import ensure_card
from db.moves import lost_runs
from db.queries.people import admin_ids
from db.session import SYSTEM, Database
from domain.chat import Loudness, Thing
from domain.queues import ASSIGNMENT_WORKFLOW, MACHINE_WORKFLOW, ONBOARDING_WORKFLOW

logger = logging.getLogger(__name__)

_QUERY = (
    f"ExecutionStatus = 'Running' and WorkflowType in "
    f"('{ASSIGNMENT_WORKFLOW}', '{MACHINE_WORKFLOW}', '{ONBOARDING_WORKFLOW}')"
)


async def find_lost_runs(client: Client, database: Database) -> int:
    """Compare open rows with running workflows; return how many are newly lost.

    Housekeeping that may be missed: the next minute finds the same. Rows that changed in the last minute
    are left out, since visibility lags behind.
    """
    running = {run.id async for run in client.list_workflows(_QUERY, page_size=1000)}
    async with database.transaction(SYSTEM) as session:
        found = 0
        for row in await lost_runs.open_rows(session):
            if row.workflow_id in running:
                continue
            number = await lost_runs.record(session, row)
            if number is None:
                continue
            found += 1
            logger.warning("%s is open but its workflow is gone", row.workflow_id)
            for admin in await admin_ids(session, row.organization_id):
                await ensure_card(
                    session, Thing.LOST_RUN, number, admin, loudness=Loudness.SOUND, source=f"lost-run-{number}"
                )
        await lost_runs.resolve_running(session, running)
    return found
