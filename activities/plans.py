"""What a run of a maintenance plan does to the world: the next task, or the reason why there is none."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.refusals import refusals
from db.chat.cards import touch_cards
from db.chat.deliveries import announce
from db.models.plans import MaintenancePlan
from db.moves import plans as moves
from db.queries.new_assignments import NewAssignment, new_assignment
from db.queries.plans import plan_by_id
from db.session import SYSTEM, Database
from domain.assignments import AssignmentState
from domain.chat import Thing
from domain.notices import NOTICES
from domain.plans import PlanDue, PlanStep, RunOutcome, due_of


class PlanActivities:
    """Database activities of maintenance plans."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def next_task(self, due: PlanDue) -> PlanStep:
        """Reserve the run's task and return what it starts from; a repeat returns the same one."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                plan = await moves.plan_for_update(session, due.plan_id)
                if plan is None:
                    return PlanStep(RunOutcome.INACTIVE)
                known = await moves.former_run(session, due)
                if known is not None:
                    made = known[0] == RunOutcome.CREATED
                    return PlanStep(*known, await self._task(session, plan, due) if made else None)
                step = await self._step(session, plan, due)
                await moves.record_run(session, plan, due, step.outcome, step.assignment_id)
                await session.flush()
                await touch_cards(session, (Thing.PLAN, plan.id))
                return step

    async def _step(self, session: AsyncSession, plan: MaintenancePlan, due: PlanDue) -> PlanStep:
        if not (plan.active or due.forced):
            return PlanStep(RunOutcome.INACTIVE)
        if not await moves.machine_in_service(session, plan.rvm_machine_id):
            plan.active = False
            await self._tell(session, plan, due, "plan_stopped", f"stopped-{plan.version}")
            return PlanStep(RunOutcome.STOPPED)
        still_open = await moves.open_task(session, plan)
        if still_open is not None:
            # Told once for each task that stays open, however many runs it lasts.
            await self._tell(session, plan, due, "plan_skipped", f"open-{still_open}", still_open)
            return PlanStep(RunOutcome.SKIPPED, still_open)
        task = await self._task(session, plan, due)
        plan.last_assignment_id, plan.last_run_at = task.assignment_id, due.offered_at
        return PlanStep(RunOutcome.CREATED, task.assignment_id, task)

    async def _task(self, session: AsyncSession, plan: MaintenancePlan, due: PlanDue) -> AssignmentState:
        detail = await plan_by_id(session, plan.id)
        at = due.offered_at if due.forced or detail is None else due_of(detail.plan, due.offered_at)
        order = NewAssignment(
            machine_id=plan.rvm_machine_id,
            assigned_by=await moves.dispatcher(session, plan, due.offered_at),
            task_type=plan.task_type,
            priority=plan.priority,
            scheduled_date=at,
            offer=await moves.offer_of(session, plan),
            description=plan.description,
            expected_minutes=plan.expected_minutes,
        )
        return await new_assignment(session, order, due.source)

    async def _tell(  # noqa: PLR0913, PLR0917 - each is one thing the notice is
        self,
        session: AsyncSession,
        plan: MaintenancePlan,
        due: PlanDue,
        template: str,
        once: str,
        task: int | None = None,
    ) -> None:
        """Tell the dispatcher, once for each ``once``."""
        await announce(
            session,
            template=template,
            user_id=await moves.dispatcher(session, plan, due.offered_at),
            organization_id=plan.organization_id,
            source=f"plan-{plan.id}-{once}",
            context={"assignment_id": task},
            loudness=NOTICES[template].loudness,
            delivery_class=NOTICES[template].delivery_class,
            thing=Thing.PLAN,
            thing_id=plan.id,
        )
