"""What the helpdesk promises, and when it works; open tickets follow a change within a minute."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from db.helpdesk_audit import By
from db.promises import HOLIDAYS_MOST, LONGEST_S, Promise, confirm_year, write_calendar, write_policy
from db.public_holidays import Holiday
from db.queries.promises import WorkingTime, promise, working_time
from domain.business_time import Hours
from domain.priorities import Priority
from domain.roles import Permission
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move, SourceOfMove
from webhooks.inputs import Input, Line, Output, QueryId
from webhooks.state import Web, WebState

router = APIRouter(tags=["helpdesk"])
_SEE, _CHANGE = Permission.REVIEW_TICKETS, Permission.MANAGE_HELPDESK
Seconds = Annotated[float, Field(gt=0, le=LONGEST_S, allow_inf_nan=False, description="Of business time.")]
Minute = Annotated[int, Field(ge=0, le=24 * 60, description="Since local midnight.")]
Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 1, 1))]


class PromiseIn(Input):
    """The promised times of a priority."""

    first_answer_s: Seconds = Field(examples=[3600])
    solution_s: Seconds = Field(examples=[28800])
    is_always: bool = Field(default=False, description="Counts round the clock instead of by the calendar.")


class PromiseOut(Output):
    """The promised times of a priority."""

    priority: Priority
    first_answer_s: float
    solution_s: float
    is_always: bool
    is_own: bool = Field(description="false: the default holds.")


class HoursIn(Input):
    """Open hours on a weekday; a day may have several."""

    weekday: int = Field(ge=0, le=6, description="Monday is 0")
    from_minute: Minute
    to_minute: Minute


class HolidayIn(Input):
    """A day off."""

    day: Day
    name: Line = ""


class CalendarIn(Input):
    """When a helpdesk works, the whole of it."""

    time_zone: Line = Field(examples=["Asia/Jakarta"])
    hours: list[HoursIn] = Field(min_length=1, max_length=70)
    holidays: list[HolidayIn] = Field(default=[], max_length=HOLIDAYS_MOST)


class HoursOut(Output):
    """Open hours on a weekday."""

    weekday: int
    from_minute: int
    to_minute: int


class HolidayOut(Output):
    """A day off."""

    day: dt.date
    name: str


class CalendarOut(Output):
    """When a helpdesk works."""

    time_zone: str
    hours: list[HoursOut]
    holidays: list[HolidayOut]
    confirmed_year: int | None = Field(description="The last year whose holidays an admin confirmed.")
    is_own: bool = Field(description="false: the default holds, with the public holidays.")


@router.get("/sla-policies", summary="The promised times")
async def list_policies(web: Web, caller: Reader, organization_id: QueryId = None) -> list[PromiseOut]:
    """One for each priority, the most urgent first."""
    number = caller.one_organization(_SEE, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = [await promise(session, number, one) for one in reversed(Priority)]
    return [PromiseOut.model_validate(row) for row in rows]


@router.put("/sla-policies/{priority}", summary="Promise other times")
async def change_policy(  # noqa: PLR0913 - the dependencies of a change
    *,
    priority: Priority,
    body: PromiseIn,
    web: Web,
    caller: Writer,
    move: Move,
    organization_id: QueryId = None,
) -> PromiseOut:
    """Open tickets of the priority are re-timed; their timelines say from when to when."""
    wanted = Promise(body.first_answer_s, body.solution_s, body.is_always)
    return await _promised(web, caller, priority, wanted, (await _by(caller, move)), organization_id)


@router.delete("/sla-policies/{priority}", summary="Go back to the default times")
async def reset_policy(
    *, priority: Priority, web: Web, caller: Writer, move: Move, organization_id: QueryId = None
) -> PromiseOut:
    """Open tickets of the priority follow."""
    return await _promised(web, caller, priority, None, (await _by(caller, move)), organization_id)


@router.get("/business-calendars", summary="When the helpdesk works")
async def show_calendar(web: Web, caller: Reader, organization_id: QueryId = None) -> CalendarOut:
    """The organization's own calendar, else the default."""
    number = caller.one_organization(_SEE, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        return CalendarOut.model_validate(await working_time(session, number))


@router.put("/business-calendars", summary="Set when the helpdesk works")
async def change_calendar(
    body: CalendarIn, web: Web, caller: Writer, move: Move, organization_id: QueryId = None
) -> CalendarOut:
    """All open tickets are re-timed."""
    number = caller.one_organization(_CHANGE, organization_id)
    by = await _by(caller, move)
    hours = tuple(Hours(one.weekday, one.from_minute, one.to_minute) for one in body.hours)
    named = {one.day: one.name for one in body.holidays}
    days = tuple(Holiday(day, named[day]) for day in sorted(named))
    async with web.settings.database.transaction(caller.tenants) as session:
        before = await working_time(session, number)
        wanted = WorkingTime(body.time_zone, hours, days, before.confirmed_year)
        await write_calendar(session, number, wanted, by)
        return CalendarOut.model_validate(await working_time(session, number))


@router.post("/business-calendars/holidays/{year}", summary="Take over a year's public holidays")
async def take_holidays(
    year: Annotated[int, Path(ge=2020, le=2100)],
    web: Web,
    caller: Writer,
    move: Move,
    organization_id: QueryId = None,
) -> CalendarOut:
    """Indonesia's public and government holidays; this confirms the year. Own days stay."""
    number = caller.one_organization(_CHANGE, organization_id)
    by = await _by(caller, move)
    async with web.settings.database.transaction(caller.tenants) as session:
        await confirm_year(session, number, year, by)
        return CalendarOut.model_validate(await working_time(session, number))


async def _by(caller: Caller, move: SourceOfMove) -> By:
    return By(caller.person.user_id, (await move.take()).text)


async def _promised(  # noqa: PLR0913, PLR0917 - the dependencies of a change
    web: WebState,
    caller: Caller,
    priority: Priority,
    wanted: Promise | None,
    by: By,
    organization_id: int | None,
) -> PromiseOut:
    number = caller.one_organization(_CHANGE, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        await write_policy(session, number, priority, wanted, by)
        return PromiseOut.model_validate(await promise(session, number, priority))
