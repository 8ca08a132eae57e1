"""Maintenance plans: work that returns, and the days on which it does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.assignments import AssignmentState, TaskType
from domain.errors import InvalidInput
from domain.priorities import Priority

PLANS_LIMIT = 200
"""Active plans of one organization."""
LAST = -1
"""The last day, or the last such weekday, of a month."""
LONGEST_EVERY_DAYS = 366
LATEST_MONTH_DAY = 28
"""Every month has it; what is meant by a later one is said by ``LAST``."""
WEEKS_OF_MONTH = 4
MOST_AHEAD_DAYS = 14
LOOK_AHEAD = timedelta(days=400)
"""How far plans are compared with each other: more than a year."""
SHOWN = timedelta(days=62)
"""The longest span of one look at the calendar."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_WEEKDAYS = range(1, 8)
_NEARLY_DAILY = 2


class RuleKind(StrEnum):
    """In which manner work returns."""

    EVERY_DAYS = "every_days"
    """Every so many days, counted from the first."""
    WEEKDAYS = "weekdays"
    MONTH_DAY = "month_day"
    """A day of the month, or its last."""
    MONTH_WEEKDAY = "month_weekday"
    """The first, second … or last such weekday of the month."""


class PlanAsks(StrEnum):
    """Whom a plan's tasks are offered to."""

    NOBODY = "nobody"
    """The dispatcher chooses each time."""
    PERSON = "person"
    LIST = "list"
    """Several people at once; the first accept wins."""
    ACCESS = "access"
    """Everyone with access to the machine on that day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """On which days; each kind reads its part: ``every``, ``weekdays`` (Monday is 1), ``day``, ``nth``."""

    kind: RuleKind
    starts_on: date
    """Never before; "every so many days" counts from it."""
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 1
    nth: int = 1

    def falls_on(self, day: date) -> bool:
        """Return whether a day is one of the rule's."""
        if day < self.starts_on:
            return False
        match self.kind:
            case RuleKind.EVERY_DAYS:
                return (day - self.starts_on).days % self.every == 0
            case RuleKind.WEEKDAYS:
                return day.isoweekday() in self.weekdays
            case RuleKind.MONTH_DAY:
                return (day + _DAY).day == 1 if self.day == LAST else day.day == self.day
            case RuleKind.MONTH_WEEKDAY:
                return day.isoweekday() in self.weekdays and self._is_nth(day)

    def _is_nth(self, day: date) -> bool:
        if self.nth == LAST:
            return (day + _WEEK).month != day.month
        return (day.day - 1) // _WEEK.days + 1 == self.nth


@dataclass(frozen=True, slots=True)
class Plan:
    """What calendar and Schedule are computed from."""

    plan_id: int
    organization_id: int
    machine_id: int
    machine_name: str
    task_type: TaskType
    priority: Priority
    rule: Rule
    at: time
    """On the clocks at the machine."""
    zone: str
    """IANA name of the machine's zone."""
    ahead_days: int = 0
    """So many days before, at the same time of day, the task is created and offered."""
    version: int = 0


def moment_on(plan: Plan, day: date) -> datetime:
    """Return when the clocks at the machine show the plan's time on a day, in UTC.

    A time that is skipped when clocks go forward is an hour later; of one that comes twice when they go back
    it is the second, which is the one Temporal takes.
    """
    local = datetime.combine(day, plan.at, ZoneInfo(plan.zone))
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def days_between(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Yield the rule's days from ``first`` to ``last``, both included."""
    for number in range((last - first).days + 1):
        if rule.falls_on(day := first + number * _DAY):
            yield day


def occurrences(plan: Plan, since: datetime, until: datetime) -> list[datetime]:
    """Return when the plan's work is due, from ``since`` on and before ``until``, in UTC."""
    zone = ZoneInfo(plan.zone)
    days = days_between(plan.rule, since.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY)
    return [moment for day in days if since <= (moment := moment_on(plan, day)) < until]


def offers(plan: Plan, since: datetime, until: datetime) -> list[datetime]:
    """Return when the plan's tasks are created, from ``since`` on, before ``until``: the Schedule's runs."""
    zone, ahead = ZoneInfo(plan.zone), plan.ahead_days * _DAY
    first, last = since.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY
    days = days_between(plan.rule, first + ahead, last + ahead)
    return [moment for day in days if since <= (moment := moment_on(plan, day - ahead)) < until]


def due_of(plan: Plan, offered_at: datetime) -> datetime:
    """Return when the work is due whose task is created at a moment."""
    return moment_on(plan, offered_at.astimezone(ZoneInfo(plan.zone)).date() + plan.ahead_days * _DAY)


def closest_days(rule: Rule) -> int:
    """Return the fewest days between two of the rule's days; a task offered earlier meets the last one."""
    days = days_between(rule, rule.starts_on, rule.starts_on + 2 * LOOK_AHEAD)
    return min(((late - early).days for early, late in pairwise(days)), default=LONGEST_EVERY_DAYS)


def usual_ahead_days(rule: Rule) -> int:
    """Return how early a plan offers when nobody said: the day before, unless it comes nearly daily."""
    return 1 if closest_days(rule) > _NEARLY_DAILY else 0


def check_plan(plan: Plan, others: Iterable[Plan], today: date) -> None:
    """Refuse a plan that makes no sense beside the active ``others`` of its organization.

    Raises:
        InvalidInput: the rule names no days, the organization has too many plans, or two plans would bring
            work to one machine on one day.
    """
    _check_rule(plan.rule, today)
    known = [other for other in others if other.plan_id != plan.plan_id]
    if len(known) >= PLANS_LIMIT:
        raise InvalidInput(field="rule", problem="plan_limit", limit=PLANS_LIMIT)
    if not 0 <= plan.ahead_days <= min(MOST_AHEAD_DAYS, closest_days(plan.rule) - 1):
        raise InvalidInput(field="ahead_days", problem="range")
    days = list(days_between(plan.rule, max(today, plan.rule.starts_on), today + 2 * LOOK_AHEAD))
    for other in known:
        if other.machine_id != plan.machine_id:
            continue
        both = next((day for day in days if other.rule.falls_on(day)), None)
        if both is not None:
            raise InvalidInput(field="rule", problem="same_day", day=both.isoformat(), other=other.plan_id)


def _check_rule(rule: Rule, today: date) -> None:
    weekdays = set(rule.weekdays)
    right = {
        RuleKind.EVERY_DAYS: 1 <= rule.every <= LONGEST_EVERY_DAYS,
        RuleKind.WEEKDAYS: bool(weekdays) and weekdays <= set(_WEEKDAYS),
        RuleKind.MONTH_DAY: rule.day == LAST or 1 <= rule.day <= LATEST_MONTH_DAY,
        RuleKind.MONTH_WEEKDAY: len(weekdays) == 1
        and weekdays <= set(_WEEKDAYS)
        and (rule.nth == LAST or 1 <= rule.nth <= WEEKS_OF_MONTH),
    }
    if not right[rule.kind]:
        raise InvalidInput(field="rule", problem="range")
    if not today - LOOK_AHEAD <= rule.starts_on <= today + LOOK_AHEAD:
        raise InvalidInput(field="starts_on", problem="range")


@dataclass(frozen=True, slots=True)
class PlanRun:
    """Input of the workflow ``maintenance-run``; a Schedule starts it without ``at`` and ``source``."""

    plan_id: int
    title: str
    at: datetime | None = None
    """When somebody wants a task now; None: at the Schedule's time."""
    source: str = ""


class RunOutcome(StrEnum):
    """What became of one run of a plan."""

    CREATED = "created"
    SKIPPED = "skipped"
    """The task of an earlier run is still open."""
    INACTIVE = "inactive"
    STOPPED = "stopped"
    """The machine is gone, so the plan was paused."""


@dataclass(frozen=True, slots=True)
class PlanDue:
    """Input of ``next_task``: which plan, and when it wants a task."""

    plan_id: int
    offered_at: datetime
    source: str
    forced: bool = False
    """A person wants it now: also of a paused plan, and due at once."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """What a run is to do: start ``task``, or nothing."""

    outcome: RunOutcome
    assignment_id: int | None = None
    """The task that was created, or the open one that stands in the way."""
    task: AssignmentState | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """How a run of a plan ended."""

    plan_id: int
    outcome: RunOutcome
    assignment_id: int | None
