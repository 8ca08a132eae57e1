"""The card of a maintenance plan: when it comes, whom it asks, what became of the last task."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.runs import Runs
from bot.content import CardView, Reader
from bot.keyboards import Button, button
from bot.notices import ABOUT_TASK
from db.queries.assignments import assignment_by_id
from db.queries.plans import PlanDetail, plan_by_id
from domain.chat import Thing
from domain.ids import plan_id
from domain.plans import LOOK_AHEAD, occurrences
from domain.roles import Permission

RUNS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PlanCard:
    """Builds the card of a plan for those who manage work there."""

    runs: Runs

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not manage the work or when the plan was deleted."""
        plan = await plan_by_id(session, thing_id)
        person = reader.person
        if plan is None or person is None:
            return None
        if not person.may(Permission.MANAGE_ASSIGNMENTS, plan.organization_id):
            return None
        now = datetime.now(UTC)
        coming = occurrences(plan.plan, now, now + LOOK_AHEAD)[:RUNS_SHOWN] if plan.active else []
        return CardView(
            template="cards/plan",
            row=plan,
            context={"coming": coming},
            keyboard=await self._keyboard(session, plan),
        )

    async def _keyboard(self, session: AsyncSession, plan: PlanDetail) -> list[list[Button]]:
        number = plan.plan_id
        switch = (
            button("pause_plan", Thing.PLAN, "pause", number)
            if plan.active
            else button("resume_plan", Thing.PLAN, "resume", number, style="success")
        )
        rows = [
            [switch, button("run_plan", Thing.PLAN, "run", number)],
            [button("delete_plan", Thing.PLAN, "delete", number, style="danger")],
        ]
        if plan.last_assignment_id is not None and plan.last_status is not None:
            task = await assignment_by_id(session, plan.last_assignment_id)
            words = {"task": task}
            rows.append([button("open_task", ABOUT_TASK, "open", plan.last_assignment_id, words=words)])
        if plan.active:
            rows.append(self.runs.schedule(plan_id(number)))
        return [row for row in rows if row]
