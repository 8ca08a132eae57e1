"""Maintenance PINs by API: the same right and the same log as in chat (WORDS 4)."""

from datetime import datetime

from fastapi import APIRouter, Response

from db.pins import PinWish, issue_pin
from db.queries.machines import machine_by_id
from db.session import SYSTEM
from domain.errors import NotFound
from domain.roles import Permission
from webhooks.assignment_rows import visible_assignment
from webhooks.auth import Caller, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Output, PathId
from webhooks.state import Web, WebState

router = APIRouter(prefix="/technician", tags=["technician"])


class PinOut(Output):
    """A PIN for the machine's keypad, and when the machine takes it."""

    pin: str
    machine_id: int
    machine_name: str
    valid_from: datetime
    valid_to: datetime


@router.post("/assignments/{assignment_id}/pin", summary="A PIN for the visit of an accepted assignment")
async def for_assignment(
    assignment_id: PathId, web: Web, caller: Writer, move: Move, response: Response
) -> PinOut:
    """403 `no_access` when the machine is not the caller's. Each issue is logged; asking again is free."""
    detail = await visible_assignment(web, caller, assignment_id)
    caller.require(Permission.MAINTENANCE_PIN, detail.organization_id)
    source = await move.take()
    wish = PinWish(caller.person.user_id, detail.machine_id, source.text, assignment_id)
    return await _issued(web, wish, response)


@router.post("/rvm-machines/{machine_id}/pin", summary="A PIN for a machine the caller has access to")
async def for_machine(machine_id: PathId, web: Web, caller: Writer, move: Move, response: Response) -> PinOut:
    """Without a task in hand the visit begins now."""
    await _require(web, caller, machine_id)
    source = await move.take()
    return await _issued(web, PinWish(caller.person.user_id, machine_id, source.text), response)


async def _require(web: WebState, caller: Caller, machine_id: int) -> None:
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, machine_id)
    if machine is None:
        raise NotFound(noun="machine")
    caller.require(Permission.MAINTENANCE_PIN, machine.organization_id)


async def _issued(web: WebState, wish: PinWish, response: Response) -> PinOut:
    async with web.settings.database.transaction(SYSTEM) as session:
        issued = await issue_pin(session, wish, web.settings.cipher)
    response.headers["Cache-Control"] = "no-store"
    return PinOut(
        pin=issued.digits,
        machine_id=issued.machine_id,
        machine_name=issued.machine_name,
        valid_from=issued.valid_from,
        valid_to=issued.valid_to,
    )
