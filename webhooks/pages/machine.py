"""``/m/<uuid>``: what a machine's QR opens. Anybody reports a problem; its technician goes on to the bot."""

import asyncio
import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from db.files import record_picture
from db.images import reencode
from db.problems import count_attempt, report_problem
from db.queries.machines import MachineDetail, machine_by_code
from db.queries.problems import problem_under_way
from db.session import SYSTEM
from domain.errors import NotFound, Refusal, TooManyReports
from domain.machine_codes import short_code
from domain.machines import Connection, MachineStatus
from domain.problems import ProblemKind, ProblemReport, Reporter
from webhooks.pages.reading import Filled, read_form
from webhooks.pages.rendering import STYLE, PageRoute, language_of, new_token, page, said
from webhooks.state import Web, WebState

router = APIRouter(prefix="/m", route_class=PageRoute, include_in_schema=False)

Code = Annotated[str, Path(max_length=64)]


@router.get("/page.css")
async def style() -> Response:
    """Return the look; its address changes with its content."""
    return Response(
        STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


@router.get("/{code}")
async def show(code: Code, request: Request, web: Web) -> Response:
    """Show the machine and the form; a short code as it stands on the label works too."""
    return await _form(web, request, await _machine(web, code))


@router.post("/{code}")
async def report(code: Code, request: Request, web: Web) -> Response:
    """Take a report. The same form, or the same content within minutes, is the same report."""
    machine = await _machine(web, code)
    language = language_of(request.headers, request.query_params)
    origin = f"ip-{request.client.host if request.client else 'unknown'}"
    filled = await read_form(request)
    if filled.trapped:
        return page("thanks", language, machine=machine, number=None)
    async with web.settings.database.transaction(SYSTEM) as session:
        exceeded = await count_attempt(session, machine.machine_id, origin)
    try:
        if exceeded is not None:
            raise TooManyReports(minutes=exceeded.minutes)
        number = await _write(web, machine, filled, Reporter(origin, language))
    except Refusal as refusal:
        return await _form(web, request, machine, filled, refusal)
    return page("thanks", language, machine=machine, number=number)


async def _machine(web: WebState, code: str) -> MachineDetail:
    async with web.settings.database.transaction(SYSTEM) as session:
        machine = await machine_by_code(session, code)
    if machine is None:
        raise NotFound(noun="machine")
    return machine


async def _form(
    web: WebState,
    request: Request,
    machine: MachineDetail,
    filled: Filled | None = None,
    refusal: Refusal | None = None,
) -> Response:
    language = language_of(request.headers, request.query_params)
    async with web.settings.database.transaction(SYSTEM) as session:
        known = await problem_under_way(session, machine.machine_id)
    return page(
        "machine",
        language,
        refusal.status if refusal else 200,
        machine=machine,
        code=short_code(machine.uuid),
        condition=_condition(machine),
        known=known,
        kinds=tuple(ProblemKind),
        filled=filled or Filled("", "", "", "", trapped=False),
        token=(filled.token if filled else "") or new_token(),
        problem=said(refusal, language) if refusal else "",
        chat=web.settings.addresses.chat(machine.uuid),
    )


def _condition(machine: MachineDetail) -> str:
    """Return the key of the words for how the machine is."""
    if machine.status == MachineStatus.ACTIVE and machine.connection != Connection.ONLINE:
        return "unconnected"
    return machine.status.value


async def _write(web: WebState, machine: MachineDetail, filled: Filled, reporter: Reporter) -> int:
    kind = filled.chosen()
    file_id = await _keep(web, machine, filled.photo) if filled.photo is not None else None
    report = ProblemReport(
        machine_id=machine.machine_id,
        organization_id=machine.organization_id,
        kind=kind,
        source=f"web-{machine.machine_id}-{filled.token or new_token()}",
        reporter=reporter,
        description=filled.description,
        contact=filled.contact,
        file_id=file_id,
    )
    async with web.settings.database.transaction(SYSTEM) as session:
        return await report_problem(session, report)


async def _keep(web: WebState, machine: MachineDetail, content: bytes) -> int:
    async with web.pictures:
        picture = await asyncio.to_thread(reencode, content)
    sha256 = await asyncio.to_thread(web.settings.store.put, picture.content)
    async with web.settings.database.transaction(SYSTEM) as session:
        stored, _ = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=machine.organization_id,
            original_sha256=hashlib.sha256(content).hexdigest(),
        )
    return stored.file_id
