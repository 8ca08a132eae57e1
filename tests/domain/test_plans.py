"""On which days work returns, also where clocks jump, and which plans are refused."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignments import TaskType
from domain.errors import InvalidInput
from domain.plans import (
    LAST,
    PLANS_LIMIT,
    Plan,
    Rule,
    RuleKind,
    check_plan,
    days_between,
    due_of,
    moment_on,
    occurrences,
    offers,
)
from domain.priorities import Priority

TODAY = date(2026, 12, 1)
BERLIN = "Europe/Berlin"


def a_plan(rule: Rule, *, at: time = time(9), zone: str = "Asia/Jakarta", **changes: Any) -> Plan:  # noqa: ANN401
    given_: dict[str, Any] = {"plan_id": 1, "machine_id": 3, **changes}
    return Plan(
        organization_id=1,
        machine_name="RVM",
        task_type=TaskType.MAINTENANCE,
        priority=Priority.MEDIUM,
        rule=rule,
        at=at,
        zone=zone,
        **given_,
    )


def every(days: int, starts_on: date = TODAY) -> Rule:
    return Rule(RuleKind.EVERY_DAYS, starts_on, every=days)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (every(10), ["2026-12-01", "2026-12-11", "2026-12-21", "2026-12-31", "2027-01-10"]),
        (
            Rule(RuleKind.WEEKDAYS, date(2026, 12, 3), weekdays=(1, 4)),
            ["2026-12-03", "2026-12-07", "2026-12-10", "2026-12-14", "2026-12-17"],
        ),
        (Rule(RuleKind.MONTH_DAY, TODAY, day=28), ["2026-12-28", "2027-01-28", "2027-02-28"]),
        (Rule(RuleKind.MONTH_DAY, TODAY, day=LAST), ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]),
        (
            Rule(RuleKind.MONTH_WEEKDAY, TODAY, weekdays=(2,), nth=2),
            ["2026-12-08", "2027-01-12", "2027-02-09"],
        ),
        (
            Rule(RuleKind.MONTH_WEEKDAY, TODAY, weekdays=(5,), nth=LAST),
            ["2026-12-25", "2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"],
        ),
    ],
)
def test_a_rule_falls_on_its_days(rule: Rule, days: list[str]) -> None:
    found = days_between(rule, date(2026, 1, 1), date(2027, 12, 31))
    assert [day.isoformat() for day, _ in zip(found, days, strict=False)] == days


def test_nine_stays_nine_when_clocks_change() -> None:
    plan = a_plan(every(1), zone=BERLIN)
    around = occurrences(plan, datetime(2027, 3, 27, tzinfo=UTC), datetime(2027, 3, 30, tzinfo=UTC))
    assert [at.hour for at in around] == [8, 7, 7]
    assert {at.astimezone(ZoneInfo(BERLIN)).hour for at in around} == {9}


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2027, 3, 27), "01:30"),
        (date(2027, 3, 28), "01:30"),  # 02.30 does not exist: 03.30
        (date(2027, 3, 29), "00:30"),
        (date(2027, 10, 31), "01:30"),  # it comes twice: the second
    ],
)
def test_a_time_that_is_skipped_or_comes_twice(day: date, utc: str) -> None:
    assert f"{moment_on(a_plan(every(1), at=time(2, 30), zone=BERLIN), day):%H:%M}" == utc


RULES = st.one_of(
    st.builds(every, st.integers(1, 366), st.dates(date(2026, 6, 1), date(2027, 6, 1))),
    st.builds(
        lambda days: Rule(RuleKind.WEEKDAYS, TODAY, weekdays=tuple(days)),
        st.sets(st.integers(1, 7), min_size=1),
    ),
    st.builds(lambda day: Rule(RuleKind.MONTH_DAY, TODAY, day=day), st.sampled_from([LAST, *range(1, 29)])),
    st.builds(
        lambda nth, day: Rule(RuleKind.MONTH_WEEKDAY, TODAY, nth=nth, weekdays=(day,)),
        st.sampled_from([LAST, 1, 2, 3, 4]),
        st.integers(1, 7),
    ),
)
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", BERLIN, "America/New_York", "Africa/Cairo"])
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(rule=RULES, zone=ZONES, at=CLOCKS, cut=st.integers(1, 500), ahead=st.integers(0, 14))
def test_looking_in_parts_finds_the_same_and_each_offer_belongs_to_one_day(
    rule: Rule, zone: str, at: time, cut: int, ahead: int
) -> None:
    plan = a_plan(rule, at=at, zone=zone, ahead_days=ahead)
    since = datetime(2026, 11, 1, tzinfo=UTC)
    middle, until = since + timedelta(days=cut), since + timedelta(days=600)
    for look in (occurrences, offers):
        whole = look(plan, since, until)
        assert look(plan, since, middle) + look(plan, middle, until) == whole
        assert whole == sorted(set(whole))
    dues = [due_of(plan, offered) for offered in offers(plan, since, until)]
    zone_days = [due.astimezone(ZoneInfo(zone)).date() for due in dues]
    assert all(rule.falls_on(day) for day in zone_days)
    assert dues == occurrences(
        plan, *((dues[0], dues[-1] + timedelta(seconds=1)) if dues else (since, since))
    )


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        (a_plan(every(0)), "range"),
        (a_plan(every(367)), "range"),
        (a_plan(Rule(RuleKind.WEEKDAYS, TODAY)), "range"),
        (a_plan(Rule(RuleKind.WEEKDAYS, TODAY, weekdays=(0,))), "range"),
        (a_plan(Rule(RuleKind.MONTH_DAY, TODAY, day=31)), "range"),
        (a_plan(Rule(RuleKind.MONTH_WEEKDAY, TODAY, weekdays=(1, 2))), "range"),
        (a_plan(every(7, date(2030, 1, 1))), "range"),
        (a_plan(every(2), ahead_days=2), "range"),  # the next would be skipped for the one before
        (a_plan(every(3), plan_id=2), "same_day"),
        (a_plan(Rule(RuleKind.MONTH_DAY, TODAY, day=5), plan_id=2), "same_day"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(plan: Plan, problem: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_plan(plan, [a_plan(every(2))], TODAY)
    assert refused.value.details["problem"] == problem


def test_a_plan_is_measured_by_the_others_only() -> None:
    mine = a_plan(every(2))
    check_plan(mine, [mine, a_plan(every(1), plan_id=2, machine_id=4)], TODAY)
    check_plan(a_plan(every(2, date(2026, 12, 2)), plan_id=2), [mine], TODAY)
    many = [a_plan(every(2), plan_id=number, machine_id=number) for number in range(10, 10 + PLANS_LIMIT)]
    with pytest.raises(InvalidInput) as refused:
        check_plan(mine, many, TODAY)
    assert refused.value.details["problem"] == "plan_limit"
