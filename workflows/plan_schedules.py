"""Maintenance plans as Temporal Schedules: one per active plan, in step with its row (decision 30)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from domain import ids, search_attributes
from domain.plans import Plan, PlanRun, offers
from domain.priorities import temporal_priority
from domain.queues import SIAGA_QUEUE
from workflows.maintenance_run import MaintenanceRun

CATCH_UP = timedelta(days=1)
"""After an outage a run of the last day is made good; what is older would only pile up."""
_MONTHS = 24
_QUARTER = 3
_TIMEOUT = timedelta(seconds=3)


def title_of(plan: Plan) -> str:
    """Return what admins read in the Temporal UI."""
    return f"{plan.task_type.capitalize()} at {plan.machine_name}, plan {plan.plan_id}"


def spec_of(plan: Plan, today: date) -> ScheduleSpec:
    """Return the days of the coming two years as calendar entries in the machine's zone, a few a month.

    Every rule becomes days by the same function as the calendar people see, so both agree; a rule of Temporal
    knows neither "every ten days" on the clocks of a zone nor "the last Friday".
    """
    zone = ZoneInfo(plan.zone)
    first, until = _horizon(today)
    since = datetime.combine(first, datetime.min.time(), zone).astimezone(UTC)
    moments = [at.astimezone(zone) for at in offers(plan, since, since + (until - first))]
    entries = groupby(moments, key=lambda at: (at.year, at.month, at.hour, at.minute))
    return ScheduleSpec(
        calendars=[
            ScheduleCalendarSpec(
                year=[ScheduleRange(year)],
                month=[ScheduleRange(month)],
                day_of_month=list(_ranges(at.day for at in found)),
                hour=[ScheduleRange(hour)],
                minute=[ScheduleRange(minute)],
            )
            for (year, month, hour, minute), found in entries
        ],
        time_zone_name=plan.zone,
    )


def _horizon(today: date) -> tuple[date, date]:
    """Return the span a Schedule holds: from this quarter on, so that it is renewed four times a year."""
    first = date(today.year, (today.month - 1) // _QUARTER * _QUARTER + 1, 1)
    return first, date(first.year + _MONTHS // 12, first.month, 1)


def _ranges(days: Iterable[int]) -> Iterator[ScheduleRange]:
    """Yield days of a month as ranges without gaps."""
    for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        found = [day for _, day in run]
        yield ScheduleRange(found[0], found[-1])


def note_of(plan: Plan, today: date) -> str:
    """Return what tells one state of a plan's Schedule from another; admins read it in the Temporal UI."""
    rule = plan.rule
    _, until = _horizon(today)
    return (
        f"{rule.kind} at {plan.at:%H:%M} {plan.zone}, from {rule.starts_on}"
        f" (version {plan.version}, planned until {until:%Y-%m})"
    )


def schedule_of(plan: Plan, today: date) -> Schedule:
    """Return the Schedule of an active plan."""
    action = ScheduleActionStartWorkflow(
        MaintenanceRun.run,
        PlanRun(plan.plan_id, title_of(plan)),
        id=f"{ids.plan_id(plan.plan_id)}-run",
        task_queue=SIAGA_QUEUE,
        static_summary=title_of(plan),
        typed_search_attributes=search_attributes.of(plan.organization_id, plan.machine_id, plan.priority),
        priority=temporal_priority(plan.priority, plan.organization_id),
    )
    return Schedule(
        action=action,
        spec=spec_of(plan, today),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
        state=ScheduleState(note=note_of(plan, today)),
    )


async def keep_schedule(client: Client, plan: Plan) -> None:
    """Make the Schedule of an active plan, or bring it in step."""
    schedule = schedule_of(plan, datetime.now(UTC).date())
    try:
        await client.create_schedule(
            ids.plan_id(plan.plan_id),
            schedule,
            search_attributes=search_attributes.of(plan.organization_id, plan.machine_id),
            rpc_timeout=_TIMEOUT,
        )
    except ScheduleAlreadyRunningError:

        def anew(_: ScheduleUpdateInput) -> ScheduleUpdate:
            return ScheduleUpdate(schedule)

        await client.get_schedule_handle(ids.plan_id(plan.plan_id)).update(anew, rpc_timeout=_TIMEOUT)


async def drop_schedule(client: Client, plan_id: int) -> None:
    """Delete a plan's Schedule; there may be none."""
    try:
        await client.get_schedule_handle(ids.plan_id(plan_id)).delete(rpc_timeout=_TIMEOUT)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise


async def mend_schedules(client: Client, plans: Sequence[Plan]) -> list[int]:
    """Make missing Schedules, renew outdated ones, delete those without a plan.

    Returns the plans whose Schedule somebody paused in the Temporal UI: their rows have to follow.
    """
    today, prefix = datetime.now(UTC).date(), ids.plan_id(0).removesuffix("0")
    wanted = {ids.plan_id(plan.plan_id): plan for plan in plans}
    paused = []
    async for found in await client.list_schedules():
        plan = wanted.pop(found.id, None)
        if plan is None:
            if found.id.startswith(prefix):
                await drop_schedule(client, int(found.id.removeprefix(prefix)))
        elif found.schedule is not None and found.schedule.state.paused:
            paused.append(plan.plan_id)
        elif found.schedule is None or found.schedule.state.note != note_of(plan, today):
            await keep_schedule(client, plan)
    for plan in wanted.values():
        await keep_schedule(client, plan)
    return paused
