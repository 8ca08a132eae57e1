"""Maintenance plans and their Schedules, compared every few minutes on whichever replica."""

from temporalio.client import Client

from db.plans import switch_plan
from db.queries.plans import list_plans
from db.session import SYSTEM, Database
from workflows.client import Gateway


async def mend_plans(client: Client, database: Database) -> None:
    """Let Schedules follow the rows; one that was paused in the Temporal UI pauses its plan (decision 30)."""
    async with database.transaction(SYSTEM) as session:
        plans = [found.plan for found in await list_plans(session, active=True)]
    versions = {plan.plan_id: plan.version for plan in plans}
    for plan_id in await Gateway(client).plans.mend(plans):
        source = f"temporal-ui-{versions[plan_id]}"
        async with database.transaction(SYSTEM) as session:
            await switch_plan(session, plan_id, active=False, actor_id=None, source=source)
