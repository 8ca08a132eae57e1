"""A helpdesk's year reckoned by hand: every minute is looked up, with nothing of the product's arithmetic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from domain.tickets import TicketMove as Move
from domain.tickets import TicketStatus as Status

WIB = timezone(timedelta(hours=7))
MINUTE = timedelta(minutes=1)
Times = dict[int, tuple[tuple[str, str], ...]]
FIRST_ANSWER, SOLUTION = "first_answer", "solution"
_BY_ITSELF = frozenset({Move.WARN, Move.BREACH, Move.REMIND, Move.EXPIRE})
_STATUS = {Move.ASK: Status.WAITING_CUSTOMER, Move.SOLVE: Status.SOLVED, Move.CONFIRM: Status.CLOSED}
_STATUS |= {Move.CLOSE: Status.CLOSED, Move.EXPIRE: Status.CLOSED}
_STATUS |= dict.fromkeys((Move.TAKE, Move.ANSWER, Move.REOPEN), Status.IN_REVIEW)
_REACHES_CUSTOMER = frozenset({Move.COMMENT, Move.ASK, Move.SOLVE})


@dataclass(frozen=True)
class Office:
    """Opening hours as they hang on the door: clock times by weekday (Monday is 0), less the days off."""

    times: Times
    days_off: frozenset[date] = frozenset()
    always: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works in the minute of ``at``."""
        local = at.astimezone(WIB)
        if self.always:
            return True
        clock = f"{local.hour:02}.{local.minute:02}"
        times = () if local.date() in self.days_off else self.times.get(local.weekday(), ())
        return any(opens <= clock < closes for opens, closes in times)

    def after(self, at: datetime, seconds: float) -> datetime:
        """Return when so much working time is used up: minute by minute."""
        while seconds > 0:
            until = _next_minute(at)
            if self.is_open(at):
                length = (until - at).total_seconds()
                if length >= seconds:
                    return at + timedelta(seconds=seconds)
                seconds -= length
            at = until
        return at

    def same_time_after(self, at: datetime, days: int) -> datetime:
        """Return the same time of day so many working days later, or when it opens after that."""
        while days:
            at += timedelta(days=1)
            midnight = at.astimezone(WIB).replace(hour=0, minute=0)
            days -= any(self.is_open(midnight + minute * MINUTE) for minute in range(24 * 60))
        while not self.is_open(at):
            at = _next_minute(at)
        return at


@dataclass(frozen=True)
class Terms:
    """What is promised, in seconds of working time; the office that counts, and the one for silence."""

    first_answer_s: float
    solution_s: float
    counts: Office
    service: Office


@dataclass(frozen=True)
class Happened:
    """A line of a timeline, as far as it is reckoned."""

    at: datetime
    move: Move
    cause: str = ""


@dataclass
class _Clock:
    target_s: float
    used_s: float = 0.0
    runs: bool = True
    is_met: bool = False
    warned: bool = False
    breached: bool = False


@dataclass
class Ledger:
    """One ticket's life: what people did is given, what had to happen by itself and when comes out."""

    opened_at: datetime
    terms: Terms
    happened: list[Happened] = field(default_factory=list)
    promised: list[dict[str, datetime | None]] = field(default_factory=list)
    """When each clock was due after each thing that somebody did, the opening first; None: it rests."""
    _clocks: dict[str, _Clock] = field(default_factory=dict)
    _status: Status = Status.OPEN
    _silent_since: datetime | None = None
    _reminded: int = 0
    _silence_ends: Happened | None = None

    def __post_init__(self) -> None:
        self._clocks = {
            FIRST_ANSWER: _Clock(self.terms.first_answer_s),
            SOLUTION: _Clock(self.terms.solution_s),
        }
        self._promise(self.opened_at)

    def live(self, people: Sequence[Happened], changes: Iterator[Terms], until: datetime) -> None:
        """Let every minute pass until the end or ``until``; ``changes``: the new terms of each retiming."""
        at, waiting = self.opened_at, list(people)
        while at < until and (waiting or self._status != Status.CLOSED):
            step = min(_next_minute(at), waiting[0].at if waiting else until, until)
            self._pass(at, step)
            while waiting and waiting[0].at <= step:
                self._do(waiting.pop(0), changes)
            at = step

    def _pass(self, at: datetime, until: datetime) -> None:
        """Let at most a minute pass: what is used up, and what silence brings, in the order of time."""
        ends = self._silence_ends
        found = [ends] if ends is not None and at <= ends.at < until else []
        counts = self.terms.counts.is_open(at)
        for name, clock in self._clocks.items():
            before = clock.used_s
            if clock.runs and counts and not clock.is_met:
                clock.used_s += (until - at).total_seconds()
            for share, move in ((0.75, Move.WARN), (1.0, Move.BREACH)):
                mark = share * clock.target_s
                if before < mark <= clock.used_s:
                    found.append(Happened(at + timedelta(seconds=mark - before), move, name))
        for one in sorted(found, key=lambda one: one.at):
            self._note(one)

    def _wait(self) -> None:
        """Look up what comes next of a customer's silence."""
        if self._silent_since is None:
            self._silence_ends = None
            return
        solved = self._status == Status.SOLVED
        move = Move.EXPIRE if solved or self._reminded == len((1, 2)) else Move.REMIND
        days = 2 if solved else self._reminded + 1
        due = self.terms.service.same_time_after(self._silent_since, days)
        self._silence_ends = Happened(due, move, "no_objection" if solved else "silence")

    def _note(self, one: Happened) -> None:
        self.happened.append(one)
        if one.move == Move.WARN:
            self._clocks[one.cause].warned = True
        elif one.move == Move.BREACH:
            self._clocks[one.cause].breached = True
        elif one.move == Move.REMIND:
            self._reminded += 1
            self._wait()
        else:
            self._enter(Status.CLOSED, one.at)

    def _do(self, one: Happened, changes: Iterator[Terms]) -> None:
        """Do what somebody did, then what is overdue by that already."""
        if one.move == Move.RETIME:
            self._change(next(changes))
        if one.move in _REACHES_CUSTOMER:
            self._clocks[FIRST_ANSWER].is_met = True
        solution = self._clocks[SOLUTION]
        if one.move == Move.REOPEN:
            left = min(solution.used_s, 0.75 * solution.target_s)
            self._clocks[SOLUTION] = _Clock(solution.target_s, left)
        if one.move in _STATUS:
            self._enter(_STATUS[one.move], one.at)
        for name, clock in self._clocks.items():
            for share, move in ((0.75, Move.WARN), (1.0, Move.BREACH)):
                known = clock.warned if move == Move.WARN else clock.breached
                if clock.runs and not clock.is_met and not known and clock.used_s >= share * clock.target_s:
                    self._note(Happened(one.at, move, name))
        self._promise(one.at)

    def _promise(self, at: datetime) -> None:
        counts = self.terms.counts
        self.promised.append(
            {
                name: counts.after(at, clock.target_s - clock.used_s)
                if clock.runs and not clock.is_met
                else None
                for name, clock in self._clocks.items()
            }
        )

    def _change(self, terms: Terms) -> None:
        self.terms = terms
        for name, target_s in ((FIRST_ANSWER, terms.first_answer_s), (SOLUTION, terms.solution_s)):
            clock = self._clocks[name]
            clock.target_s = target_s
            clock.warned = clock.warned and clock.used_s >= 0.75 * target_s
            clock.breached = clock.breached and clock.used_s >= target_s
        self._wait()

    def _enter(self, status: Status, at: datetime) -> None:
        if status == self._status:
            return
        self._status, self._reminded = status, 0
        self._silent_since = at if status in (Status.WAITING_CUSTOMER, Status.SOLVED) else None
        waits, is_over = status == Status.WAITING_CUSTOMER, status in (Status.SOLVED, Status.CLOSED)
        self._clocks[SOLUTION].runs = not waits
        self._clocks[SOLUTION].is_met |= is_over
        self._clocks[FIRST_ANSWER].runs = not is_over
        self._wait()


def is_by_itself(move: Move) -> bool:
    """Return whether a move happens without anybody doing anything."""
    return move in _BY_ITSELF


def _next_minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0) + MINUTE
