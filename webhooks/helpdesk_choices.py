"""Modules, categories and canned answers of the helpdesk."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from db.helpdesk_choices import (
    Canned,
    ChoiceKind,
    ChoiceWords,
    add_choice,
    change_choice,
    delete_canned,
    write_canned,
)
from db.queries.helpdesk import CannedRow, canned_answers, categories, modules
from domain.errors import NotFound
from domain.roles import Permission
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move, SourceOfMove
from webhooks.inputs import Identity, Input, Line, LongText, Output, PathId, QueryId
from webhooks.state import Web, WebState

router = APIRouter(tags=["helpdesk"])

Named = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
CannedName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9_-]{1,50}$")]
Words = Annotated[LongText, StringConstraints(min_length=1)]
_READ = {ChoiceKind.MODULE: modules, ChoiceKind.CATEGORY: categories}


class ChoiceIn(Input):
    """A module or a category."""

    name: Named = Field(examples=["Penjualan"])
    name_en: Annotated[Line, StringConstraints(max_length=100)] = ""
    keywords: list[Named] = Field(default=[], max_length=100, description="Words that suggest it.")
    organization_id: Identity | None = None


class ChoiceOut(Output):
    """A module or a category; ``organization_id`` null: it holds for all."""

    id: int
    name: str
    name_en: str
    keywords: tuple[str, ...]
    organization_id: int | None


class CannedIn(Input):
    """An answer that staff sends by its name."""

    name: CannedName = Field(examples=["restart"])
    text_id: Words
    text_en: LongText = ""
    organization_id: Identity | None = None


class CannedOut(Output):
    """A canned answer."""

    id: int
    name: str
    text_id: str
    text_en: str


@router.get("/ticket-modules", summary="Modules of the till system")
async def list_modules(web: Web, caller: Reader, organization_id: QueryId = None) -> list[ChoiceOut]:
    """Those that hold in the caller's organization."""
    return await _choices(web, caller, ChoiceKind.MODULE, organization_id)


@router.post("/ticket-modules", summary="Add a module", status_code=201)
async def add_module(body: ChoiceIn, web: Web, caller: Writer, move: Move) -> ChoiceOut:
    """One of that name that was switched off holds again."""
    return await _add(web, caller, ChoiceKind.MODULE, body, move)


@router.put("/ticket-modules/{module_id}", summary="Rename a module")
async def change_module(module_id: PathId, body: ChoiceIn, web: Web, caller: Writer, move: Move) -> ChoiceOut:
    """A shared one is replaced in this organization: the answer has the new number."""
    return await _change(web, caller, ChoiceKind.MODULE, module_id, body, move)


@router.delete("/ticket-modules/{module_id}", summary="Switch a module off", status_code=204)
async def drop_module(
    module_id: PathId, web: Web, caller: Writer, move: Move, organization_id: QueryId = None
) -> None:
    """Tickets keep it; new ones cannot name it."""
    await _switch_off(web, caller, ChoiceKind.MODULE, module_id, organization_id, move)


@router.get("/ticket-categories", summary="Kinds of trouble")
async def list_categories(web: Web, caller: Reader, organization_id: QueryId = None) -> list[ChoiceOut]:
    """Those that hold in the caller's organization."""
    return await _choices(web, caller, ChoiceKind.CATEGORY, organization_id)


@router.post("/ticket-categories", summary="Add a category", status_code=201)
async def add_category(body: ChoiceIn, web: Web, caller: Writer, move: Move) -> ChoiceOut:
    """One of that name that was switched off holds again."""
    return await _add(web, caller, ChoiceKind.CATEGORY, body, move)


@router.put("/ticket-categories/{category_id}", summary="Rename a category")
async def change_category(
    category_id: PathId, body: ChoiceIn, web: Web, caller: Writer, move: Move
) -> ChoiceOut:
    """A shared one is replaced in this organization: the answer has the new number."""
    return await _change(web, caller, ChoiceKind.CATEGORY, category_id, body, move)


@router.delete("/ticket-categories/{category_id}", summary="Switch a category off", status_code=204)
async def drop_category(
    category_id: PathId, web: Web, caller: Writer, move: Move, organization_id: QueryId = None
) -> None:
    """Tickets keep it; new ones cannot name it."""
    await _switch_off(web, caller, ChoiceKind.CATEGORY, category_id, organization_id, move)


@router.get("/canned-answers", summary="Canned answers")
async def list_canned(web: Web, caller: Reader, organization_id: QueryId = None) -> list[CannedOut]:
    """By name, for those who work on tickets."""
    number = caller.one_organization(Permission.REVIEW_TICKETS, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        return [CannedOut.model_validate(row) for row in await canned_answers(session, number)]


@router.post("/canned-answers", summary="Write a canned answer", status_code=201)
async def add_canned(body: CannedIn, web: Web, caller: Writer, move: Move) -> CannedOut:
    """One of that name is written anew."""
    return await _write(web, caller, body, None, move)


@router.put("/canned-answers/{answer_id}", summary="Change a canned answer")
async def change_canned(answer_id: PathId, body: CannedIn, web: Web, caller: Writer, move: Move) -> CannedOut:
    """422 when another answer has the name."""
    return await _write(web, caller, body, answer_id, move)


@router.delete("/canned-answers/{answer_id}", summary="Delete a canned answer", status_code=204)
async def drop_canned(
    answer_id: PathId, web: Web, caller: Writer, move: Move, organization_id: QueryId = None
) -> None:
    """One that is gone stays gone."""
    number = caller.one_organization(Permission.MANAGE_HELPDESK, organization_id)
    await move.take()
    async with web.settings.database.transaction(caller.tenants) as session:
        await delete_canned(session, number, answer_id)


async def _choices(web: WebState, caller: Caller, kind: ChoiceKind, wanted: int | None) -> list[ChoiceOut]:
    number = _served(caller, wanted)
    async with web.settings.database.transaction(caller.tenants) as session:
        return [ChoiceOut.model_validate(one) for one in await _READ[kind](session, number)]


def _served(caller: Caller, wanted: int | None) -> int:
    """Return the helpdesk that is meant: the named one, else the first that is something to the caller."""
    sight = caller.sight
    customers = [one.organization_id for one in caller.person.memberships if one.pharmacy_id is not None]
    found = [number for number in (*sight.whole, *sight.forwarded, *customers) if wanted in (None, number)]
    if not found:
        raise NotFound(noun="organization")
    own = {one.organization_id for one in caller.person.memberships}
    return next((number for number in found if number in own), found[0])


async def _add(
    web: WebState, caller: Caller, kind: ChoiceKind, body: ChoiceIn, move: SourceOfMove
) -> ChoiceOut:
    organization = caller.one_organization(Permission.MANAGE_HELPDESK, body.organization_id)
    await move.take()
    words = ChoiceWords(body.name, body.name_en, body.keywords)
    async with web.settings.database.transaction(caller.tenants) as session:
        number = await add_choice(session, kind, organization, words)
        return await _one(session, kind, organization, number)


async def _change(  # noqa: PLR0913, PLR0917 - the dependencies of a change
    web: WebState, caller: Caller, kind: ChoiceKind, number: int, body: ChoiceIn, move: SourceOfMove
) -> ChoiceOut:
    organization = caller.one_organization(Permission.MANAGE_HELPDESK, body.organization_id)
    await move.take()
    words = ChoiceWords(body.name, body.name_en, body.keywords)
    async with web.settings.database.transaction(caller.tenants) as session:
        new = await change_choice(session, kind, organization, number, words)
        return await _one(session, kind, organization, new)


async def _one(session: AsyncSession, kind: ChoiceKind, organization: int, number: int) -> ChoiceOut:
    found = next((one for one in await _READ[kind](session, organization) if one.id == number), None)
    if found is None:
        raise NotFound(noun=kind.value)
    return ChoiceOut.model_validate(found)


async def _switch_off(  # noqa: PLR0913, PLR0917 - the dependencies of a change
    web: WebState, caller: Caller, kind: ChoiceKind, number: int, wanted: int | None, move: SourceOfMove
) -> None:
    organization = caller.one_organization(Permission.MANAGE_HELPDESK, wanted)
    await move.take()
    async with web.settings.database.transaction(caller.tenants) as session:
        await change_choice(session, kind, organization, number, active=False)


async def _write(
    web: WebState, caller: Caller, body: CannedIn, number: int | None, move: SourceOfMove
) -> CannedOut:
    organization = caller.one_organization(Permission.MANAGE_HELPDESK, body.organization_id)
    await move.take()
    canned = Canned(body.name, body.text_id, body.text_en)
    async with web.settings.database.transaction(caller.tenants) as session:
        made = await write_canned(session, organization, canned, number)
        rows: list[CannedRow] = await canned_answers(session, organization)
    return CannedOut.model_validate(next(row for row in rows if row.id == made))
