"""Eight tickets through a year of Indonesian days off: each timer fires when the calendar on the wall says.

Time is skipped; the reckoning (``tests/workflows/year.py``) counts minutes one by one and shares no code with
the clocks. What people do lies beside deadlines, never on them.
"""

import calendar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.retiming import retime_due
from db.helpdesk_audit import By
from db.promises import Promise, write_calendar, write_policy
from db.public_holidays import Holiday
from db.queries.promises import WorkingTime
from db.session import SYSTEM
from domain.business_time import Hours
from domain.priorities import Priority
from domain.tickets import TicketMove as Move
from domain.tickets import TicketView
from tests.waiting import eventually
from tests.workflows.desk import Desk
from tests.workflows.field import Field
from tests.workflows.year import WIB, Happened, Ledger, Office, Terms, Times, is_by_itself

PLAN = """
01-01 10.13 newyear    opens high       closed: the clocks begin on Saturday, at eight
01-04 14.23 newyear    take             late for both
01-04 14.31 newyear    comment
01-04 15.07 newyear    solve            Tuesday is off: silence would close it on Thursday
01-07 10.03 newyear    reopen           a quarter is given again
01-08 13.29 newyear    ask              Saturday closes at noon: reminded on Monday, twice
02-04 16.21 moon       opens medium     the long weekend of the lunar new year
02-08 09.33 moon       take
02-08 09.41 moon       comment
02-09 09.11 moon       ask
02-10 16.47 moon       answer           after one reminder
02-11 09.03 long       opens low        through Ramadan and three promises
02-11 10.19 long       take
02-11 10.27 long       comment
02-12 10.41 moon       solve            silence closes it on Monday
02-15 07.41 -          hours ramadan
02-16 11.39 -          promise low 60
02-24 10.07 -          promise low 100  it was broken, and holds again
03-02 14.19 long       solve
03-05 10.53 lebaran    opens medium     a short Friday
03-06 08.37 lebaran    take
03-06 09.49 lebaran    ask              silent over Nyepi and Lebaran
03-10 02.31 night      opens urgent     round the clock, on the day itself
03-10 02.53 night      take
03-10 06.47 night      ask              reminders wait for the office
03-16 07.43 -          hours normal
03-16 09.31 night      answer
03-16 10.13 night      solve
03-16 14.37 lebaran    answer
03-18 10.23 lebaran    solve
03-19 09.07 lebaran    reopen           warned at once: a quarter is left; a short Friday again
03-19 15.51 lebaran    solve
03-19 16.03 lebaran    confirm
05-31 14.11 pancasila  opens high       a day off follows
05-31 14.17 pancasila  take
05-31 14.21 pancasila  comment
06-02 09.29 -          promise high 4   broken from one second to the next
06-02 10.37 -          promise high 8   and kept again
06-02 11.31 pancasila  solve            closed on Friday after the prayer
08-14 11.37 flag       opens high       Saturday's last minutes
08-16 08.29 flag       take
08-16 08.31 flag       comment          in time
08-16 16.19 flag       ask              rests over Independence Day
08-18 16.51 flag       answer
08-19 09.41 flag       solve            late by less than the night
12-23 15.43 christmas  opens low        nobody comes until the year is over
12-31 10.59 christmas  close
"""
DAYS_OFF_2027 = """
01-01 01-05 02-05 02-06 03-08 03-09 03-10 03-11 03-12 03-15 03-25 03-26 03-28 05-01 05-06 05-17 05-18 05-19
05-20 06-01 06-06 08-15 08-17 12-24 12-25 12-26
"""
FULL, MORNING, AFTERNOON = ("08.00", "15.00"), ("08.00", "12.00"), ("13.00", "17.00")
NORMAL: Times = {
    **dict.fromkeys(range(4), (MORNING, AFTERNOON)),
    4: (("08.00", "11.30"), AFTERNOON),
    5: (MORNING,),
}
RAMADAN: Times = {**dict.fromkeys(range(4), (FULL,)), 4: (("08.00", "11.30"),), 5: (("08.00", "11.00"),)}
BY_HAND = {
    "newyear": "Sat 01-02 09.00 breach first_answer",
    "moon": "Mon 02-15 10.41 expire no_objection",
    "long": "Thu 02-25 09.03 warn solution",
    "lebaran": "Tue 03-16 09.49 remind silence",
    "night": "Wed 03-10 02.46 breach first_answer",
    "pancasila": "Fri 06-04 13.00 expire no_objection",
    "flag": "Thu 08-19 08.09 breach solution",
    "christmas": "Mon 12-27 15.43 breach first_answer",
}
"""One line of each as found with a calendar and a pencil, so that the reckoning is not believed either."""
HOUR = 3600.0
LATE = timedelta(seconds=15)
Line = tuple[datetime | None, str]
PROMISES = {
    Priority.URGENT: (HOUR / 4, 4 * HOUR),
    Priority.HIGH: (HOUR, 8 * HOUR),
    Priority.MEDIUM: (4 * HOUR, 16 * HOUR),
    Priority.LOW: (8 * HOUR, 40 * HOUR),
}
WORDS: dict[Move, dict[str, str]] = {
    Move.COMMENT: {"note": "Kami periksa"},
    Move.ASK: {"note": "Kasir yang mana?"},
    Move.ANSWER: {"note": "Kasir 2"},
}
BY_CUSTOMER = {Move.ANSWER, Move.REOPEN, Move.CONFIRM, Move.CLOSE}


def year_after(now: datetime) -> int:
    """Return the next year whose dates fall on the weekdays of 2027, the year of the days off."""
    start = date(2027, 1, 1).weekday()
    years = range(now.year + 1, now.year + 30)
    return next(year for year in years if date(year, 1, 1).weekday() == start and not calendar.isleap(year))


@dataclass
class DeskYear:
    """The helpdesk through its year: what holds, what was opened, what was changed."""

    desk: Desk
    year: int
    office: Office
    terms: dict[Priority, Terms] = field(default_factory=dict)
    tickets: dict[str, TicketView] = field(default_factory=dict)
    held: dict[str, list[Terms]] = field(default_factory=dict)
    """Of each ticket the terms it was opened under, then those it was told of."""

    def at(self, day: str, clock: str) -> datetime:
        """Return a moment of the plan."""
        month, number = (int(part) for part in day.split("-"))
        hour, minute = (int(part) for part in clock.split("."))
        return datetime(self.year, month, number, hour, minute, tzinfo=WIB)

    def reckon(self) -> None:
        """Put what holds together: urgent counts round the clock, silence by the office."""
        always = replace(self.office, always=True)
        for priority, promised in PROMISES.items():
            known = self.terms.get(priority)
            first_s, solution_s = (known.first_answer_s, known.solution_s) if known else promised
            counts = always if priority == Priority.URGENT else self.office
            self.terms[priority] = Terms(first_s, solution_s, counts, self.office)

    async def hours(self, times: Times) -> None:
        """Hang other opening hours on the door."""
        self.office = replace(self.office, times=times)
        self.reckon()
        hours = [
            Hours(day, *(60 * int(clock[:2]) + int(clock[3:]) for clock in span))
            for day, spans in times.items()
            for span in spans
        ]
        days = [Holiday(one, "Libur") for one in sorted(self.office.days_off)]
        async with self.desk.field.database.transaction(SYSTEM) as session:
            wanted = WorkingTime("Asia/Jakarta", tuple(hours), tuple(days))
            await write_calendar(session, self.desk.organization, wanted, self.by())
        await self.told(set(Priority))

    async def promise(self, priority: Priority, solution_h: float) -> None:
        """Promise another time for a solution."""
        terms = replace(self.terms[priority], solution_s=solution_h * HOUR)
        self.terms[priority] = terms
        promised = Promise(terms.first_answer_s, terms.solution_s)
        async with self.desk.field.database.transaction(SYSTEM) as session:
            await write_policy(session, self.desk.organization, priority, promised, self.by())
        await self.told({priority})

    def by(self) -> By:
        return By(self.desk.field.people["Maya"], self.desk.field.source())

    async def told(self, priorities: set[Priority]) -> None:
        """Let the live tickets hear of it."""
        live = {}
        for name, ticket in self.tickets.items():
            row = await self.desk.row(ticket)
            if row.status != "closed" and row.priority in priorities:
                live[name] = (await self.desk.moves(ticket)).count("retime") + 1
                self.held[name].append(self.terms[row.priority])
        settings = SimpleNamespace(database=self.desk.field.database, gateway=self.desk.field.gateway)
        parts = cast("Any", SimpleNamespace(settings=settings))
        for minutes in (0, 2):
            await retime_due(parts, datetime.now(UTC) + timedelta(minutes=minutes))

        async def retimed() -> dict[str, int]:
            return {name: (await self.desk.moves(self.tickets[name])).count("retime") for name in live}

        await eventually(retimed, lambda found: found == live)

    async def follow(self, line: str) -> None:
        """Wait for the moment of a line of the plan, and do what it says."""
        day, clock, name, verb, *more = line.split()
        await self.until(self.at(day, clock))
        if verb == "opens":
            priority = Priority(more[0])
            self.tickets[name] = await self.desk.a_ticket(priority)
            self.held[name] = [self.terms[priority]]
        elif verb == "hours":
            await self.hours(RAMADAN if more[0] == "ramadan" else NORMAL)
        elif verb == "promise":
            await self.promise(Priority(more[0]), float(more[1]))
        else:
            move = Move(verb)
            by = "Sari" if move in BY_CUSTOMER else "Rina"
            await self.desk.move(self.tickets[name], move, by, **WORDS.get(move, {}))

    async def until(self, at: datetime) -> None:
        """Let time pass until a moment."""
        await self.desk.field.temporal.sleep(at - await self.desk.field.now())

    async def compared(self, name: str) -> tuple[list[str], list[str]]:
        """Return what a ticket's timeline says that happened, and what is reckoned."""
        story = await self.desk.story(self.tickets[name])
        ledger = Ledger(story[0].at, self.held[name][0])
        people = [one for one in story if not is_by_itself(one.move)]
        acts = [Happened(one.at, one.move) for one in people[1:]]
        ledger.live(acts, iter(self.held[name][1:]), self.at("12-31", "23.59"))

        timers = [one for one in story if is_by_itself(one.move)]
        found: list[Line] = [(one.at, f"{one.move} {one.cause}") for one in timers]
        reckoned: list[Line] = [(one.at, f"{one.move} {one.cause}") for one in ledger.happened]
        for one, promised in zip(people, ledger.promised, strict=True):
            for clock, due in promised.items():
                if (said := one.details.get(f"{clock}_due")) is not None:
                    at = datetime.fromisoformat(said) if said else None
                    found.append((at, f"due after {one.move}: {clock}"))
                    reckoned.append((due, f"due after {one.move}: {clock}"))
        return written(found, reckoned), written(reckoned, reckoned)


def written(lines: list[Line], reckoned: list[Line]) -> list[str]:
    """Return lines to be read; what is only as late as a busy machine has the time that was reckoned."""
    told = []
    for (at, what), (due, _) in zip_longest(lines, reckoned[: len(lines)], fillvalue=(None, "")):
        is_late = at and due and timedelta() <= at - due < LATE
        moment = due if is_late else at
        told.append(f"{moment.astimezone(WIB):%a %m-%d %H.%M} {what}" if moment else f"{what} rests")
    return told


@pytest.fixture
async def desk_year(field: Field) -> DeskYear:
    """A helpdesk on New Year's Eve, with its hours and days off."""
    desk = await Desk.of(field)
    year = year_after(await field.now())
    days = frozenset(date.fromisoformat(f"{year}-{day}") for day in DAYS_OFF_2027.split())
    held = DeskYear(desk, year, Office(NORMAL, days))
    await held.until(held.at("01-01", "06.17"))
    await held.hours(NORMAL)
    return held


@pytest.mark.timeout(240)
async def test_through_a_year_every_timer_fires_when_the_wall_calendar_says(desk_year: DeskYear) -> None:
    for line in PLAN.strip().splitlines():
        await desk_year.follow(line)
    end = desk_year.at("12-31", "23.47")
    await desk_year.until(end)

    for name in desk_year.tickets:
        found, reckoned = await desk_year.compared(name)
        assert found == reckoned, name
        assert BY_HAND[name] in found
