"""Pharmacies: master data of the helpdesk, with the codes by which their people join."""

import dataclasses
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from db.helpdesk_audit import By
from db.pharmacy_records import (
    PharmacyFacts,
    change_pharmacy,
    create_pharmacy,
    delete_pharmacy,
    join_code,
    rotate_code,
)
from db.queries.pharmacies import PharmacyDetail, count_pharmacies, list_pharmacies, pharmacy_by_id
from domain.errors import NotFound
from domain.roles import Permission
from webhooks.auth import Caller, Reader, Writer
from webhooks.gate import PREFIX
from webhooks.idempotency import Move
from webhooks.inputs import (
    Identity,
    Input,
    Line,
    LongText,
    Name,
    Output,
    Page,
    Paged,
    PathId,
    QueryId,
    Search,
)
from webhooks.state import Web, WebState

router = APIRouter(prefix="/pharmacies", tags=["helpdesk"])
Short = Annotated[Line, StringConstraints(max_length=50)]


class PharmacyIn(Input):
    """A pharmacy."""

    name: Name = Field(examples=["Apotek Sehat Sentosa"])
    address: LongText | None = None
    phone: Short | None = None
    app_version: Short | None = None
    organization_id: Identity | None = Field(default=None, description="Whose helpdesk serves it.")


class PharmacyChange(Input):
    """What is to be different; what is left out stays."""

    name: Name | None = None
    address: LongText | None = None
    phone: Short | None = None
    app_version: Short | None = None
    pic_id: Identity | None = Field(default=None, description="The person in charge: a customer of it.")
    is_active: bool | None = Field(default=None, description="false: served no more; its code ends.")


class PharmacyOut(Output):
    """A pharmacy."""

    id: int = Field(validation_alias="pharmacy_id")
    organization_id: int
    name: str
    address: str | None
    phone: str | None
    app_version: str | None
    pic_id: int | None
    pic_name: str | None
    is_active: bool
    people: int = Field(description="Customers who have joined.")
    open_tickets: int
    created_at: datetime


class PharmacyMade(PharmacyOut):
    """A pharmacy with its join code, shown this once."""

    code: str


@router.get("", summary="Pharmacies that the caller sees")
async def list_all(
    web: Web, caller: Reader, paging: Paged, organization_id: QueryId = None, search: Search = ""
) -> Page[PharmacyOut]:
    """By name. Customers see their own."""
    within = _within(caller, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = await list_pharmacies(session, within, search=search, limit=paging.limit, offset=paging.offset)
        total = await count_pharmacies(session, within, search=search)
    items = [PharmacyOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("", summary="Add a pharmacy", status_code=201)
async def create(body: PharmacyIn, web: Web, caller: Writer, move: Move, response: Response) -> PharmacyMade:
    """The answer holds its join code; later only a new one can be had."""
    organization = caller.one_organization(Permission.MANAGE_HELPDESK, body.organization_id)
    facts = PharmacyFacts(body.name, body.address, body.phone, body.app_version)
    source = (await move.take()).text
    code = join_code(web.settings.cipher, body.name, source)
    by = By(caller.person.user_id, source)
    async with web.settings.database.transaction(caller.tenants) as session:
        number = await create_pharmacy(session, organization, facts, code, by)
    response.headers["Location"] = f"{PREFIX}/pharmacies/{number}"
    return _made(await _seen(web, caller, number), code)


@router.get("/{pharmacy_id}", summary="One pharmacy")
async def get_one(pharmacy_id: PathId, web: Web, caller: Reader) -> PharmacyOut:
    """404 also for what the caller does not see."""
    return PharmacyOut.model_validate(await _seen(web, caller, pharmacy_id))


@router.put("/{pharmacy_id}", summary="Change or suspend a pharmacy")
async def change(
    pharmacy_id: PathId, body: PharmacyChange, web: Web, caller: Writer, move: Move
) -> PharmacyOut:
    """Suspended: no new tickets, and its code ends."""
    await _managed(web, caller, pharmacy_id)
    wanted = body.model_dump(exclude_unset=True)
    changes = {name: value for name, value in wanted.items() if value is not None or name not in _KEPT}
    by = By(caller.person.user_id, (await move.take()).text)
    async with web.settings.database.transaction(caller.tenants) as session:
        await change_pharmacy(session, pharmacy_id, changes, by)
    return PharmacyOut.model_validate(await _seen(web, caller, pharmacy_id))


@router.delete("/{pharmacy_id}", summary="Take a pharmacy off the lists", status_code=204)
async def delete(pharmacy_id: PathId, web: Web, caller: Writer, move: Move) -> None:
    """Its tickets stay."""
    await _managed(web, caller, pharmacy_id)
    by = By(caller.person.user_id, (await move.take()).text)
    async with web.settings.database.transaction(caller.tenants) as session:
        await delete_pharmacy(session, pharmacy_id, by)


@router.post("/{pharmacy_id}/code", summary="A new join code", status_code=201)
async def new_code(pharmacy_id: PathId, web: Web, caller: Writer, move: Move) -> PharmacyMade:
    """The former code ends. The answer is the only place where the new one is seen."""
    found = await _managed(web, caller, pharmacy_id)
    source = (await move.take()).text
    code = join_code(web.settings.cipher, found.name, source)
    async with web.settings.database.transaction(caller.tenants) as session:
        await rotate_code(session, pharmacy_id, code, By(caller.person.user_id, source))
    return _made(await _seen(web, caller, pharmacy_id), code)


_KEPT = frozenset({"name", "is_active"})
"""What cannot be emptied."""


def _made(row: PharmacyDetail, code: str) -> PharmacyMade:
    return PharmacyMade.model_validate(dataclasses.asdict(row) | {"code": code})


def _within(caller: Caller, wanted: int | None) -> list[int]:
    sight = caller.sight
    served = {one.organization_id for one in caller.person.memberships if one.pharmacy_id is not None}
    found = {*sight.whole, *sight.forwarded, *served}
    return [number for number in found if wanted in (None, number)]


async def _seen(web: WebState, caller: Caller, pharmacy_id: int) -> PharmacyDetail:
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await pharmacy_by_id(session, pharmacy_id)
    if found is None or found.organization_id not in _within(caller, None):
        raise NotFound(noun="pharmacy")
    return found


async def _managed(web: WebState, caller: Caller, pharmacy_id: int) -> PharmacyDetail:
    found = await _seen(web, caller, pharmacy_id)
    caller.require(Permission.MANAGE_HELPDESK, found.organization_id)
    return found
