"""Calls, violations, faults, limits, clock: what a test or the page's drawer looks at and turns."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from siaga.simulator.faults import Fault
from siaga.simulator.journal import Json
from siaga.simulator.refusals import refuse
from siaga.simulator.settings import LimitMode
from siaga.simulator.state import World

router = APIRouter(prefix="/sim")


def the_world(request: Request) -> World:
    """The world of this application."""
    world: World = request.app.state.world
    return world


TheWorld = Annotated[World, Depends(the_world)]


class FaultIn(BaseModel):
    """See `faults.Fault`."""

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    code: int | None = None
    description: str | None = None
    retry_after: int | None = None
    times: int | None = 1
    contains: str | None = None
    delay_ms: int = 0
    drop_connection: bool = False
    drop_after_apply: bool = False


class LimitsIn(BaseModel):
    """Which rate limits hold."""

    mode: LimitMode


class ClockIn(BaseModel):
    """How far the clock moves, in seconds."""

    advance_s: float


class JumpIn(BaseModel):
    """By how much the next update id is raised."""

    by: int


class ResetIn(BaseModel):
    """Whether commands, webhook, limits and what else the bot or a test has set up stays."""

    keep_bot: bool = True


class StrictIn(BaseModel):
    """Whether requests real Telegram would tolerate are refused."""

    on: bool


@router.get("/calls")
async def calls(world: TheWorld, after: int = 0, method: str = "") -> list[Json]:
    """Every Bot API call after that sequence number, oldest first."""
    wanted = method.lower()
    return [
        one
        for one in world.journal.calls
        if one["seq"] > after and (not wanted or one["method"].lower() == wanted)
    ]


@router.get("/updates")
async def updates(world: TheWorld, after: int = 0) -> list[Json]:
    """Every update made, as `{seq, update}`."""
    return [one for one in world.updates.history if one["seq"] > after]


@router.get("/violations")
async def violations(world: TheWorld) -> list[Json]:
    """Refusals that real Telegram would not have made."""
    return world.journal.violations


@router.delete("/violations")
async def forget_violations(world: TheWorld) -> list[Json]:
    """Empties the list."""
    world.journal.violations.clear()
    return []


@router.get("/faults")
async def faults(world: TheWorld) -> list[Json]:
    """The faults still to come."""
    return world.faults.shown()


@router.post("/faults")
async def add_fault(world: TheWorld, fault: FaultIn) -> list[Json]:
    """Queues a fault."""
    if fault.code is None and fault.retry_after is not None:
        fault.code = 429
    if fault.times is not None and fault.times < 1:
        refuse("times is at least 1, or null for every call")
    world.faults.add(Fault(**fault.model_dump()))
    return world.faults.shown()


@router.delete("/faults")
async def clear_faults(world: TheWorld) -> list[Json]:
    """Forgets all faults."""
    world.faults.waiting.clear()
    return []


@router.get("/limits")
async def limits(world: TheWorld) -> Json:
    """Which rate limits hold."""
    return {"mode": world.limits.mode}


@router.post("/limits")
async def set_limits(world: TheWorld, wanted: LimitsIn) -> Json:
    """Switches the rate limits."""
    world.limits.mode = wanted.mode
    return {"mode": wanted.mode}


@router.post("/strict")
async def set_strict(world: TheWorld, wanted: StrictIn) -> Json:
    """Switches the refusals of TELEGRAM 6 on or off."""
    world.strict = wanted.on
    return {"on": wanted.on}


@router.post("/clock")
async def advance_clock(world: TheWorld, wanted: ClockIn) -> Json:
    """Moves the simulator's time forward: dates, limits, expiries."""
    world.clock.advance(wanted.advance_s)
    return {"now": world.clock.now()}


@router.post("/jump")
async def jump(world: TheWorld, wanted: JumpIn) -> Json:
    """The next update id is higher by that much."""
    world.updates.jump(wanted.by)
    return {"next_update_id": world.updates.next_id}


@router.post("/push")
async def push(world: TheWorld, update: Annotated[object, Body()]) -> Json:
    """Delivers any JSON as an update.

    An object without an `update_id` gets one; so `{"update_id": null}` is how to send a broken one.
    """
    if isinstance(update, dict) and "update_id" not in update:
        update = {"update_id": world.updates.next_id} | update
    world.updates.push_raw(update)
    return {"next_update_id": world.updates.next_id}


@router.post("/reset")
async def reset(request: Request, world: TheWorld, wanted: ResetIn | None = None) -> Json:
    """Forgets people, chats, updates, calls and faults; ids go on rising."""
    fresh = World(world.settings)
    fresh.continue_after(world, keep_bot=wanted is None or wanted.keep_bot)
    request.app.state.world = fresh
    world.close()
    await world.webhook.ended()
    fresh.journal.event("people")
    return {"ok": True}


@router.get("/files/{file_id}")
async def file(world: TheWorld, file_id: str) -> Response:
    """A file's bytes for the page."""
    found = world.files.find(file_id)
    return Response(found.data, media_type=found.mime_type)
