"""Machines (seed 000) and the narrow public list."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response

from db.machine_details import change_details
from db.queries.grants import list_machines_of_technician
from db.queries.machines import (
    MachineDetail,
    count_machines,
    count_public_machines,
    list_machines,
    machine_by_id,
    public_machines,
)
from db.queries.people import PersonRow, field_people
from db.queries.settings import setting
from db.session import SYSTEM
from domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from domain.ids import uuid_from_source
from domain.machines import MACHINE, Connection, MachineCommand, MachineMove, MachineStatus
from domain.onboarding import OnboardingPolicy, OnboardingState
from domain.roles import Permission, Reach
from webhooks.answers import settled
from webhooks.auth import Caller, Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Page, Paged, PathId, QueryId, Reason, Search
from webhooks.machine_shapes import (
    EdgeDeviceOut,
    MachineChange,
    MachineIn,
    MachineOut,
    MachineViewOut,
    PublicMachineOut,
    RegisteredOut,
)
from webhooks.state import Web, WebState

router = APIRouter(tags=["machines"])

ConnectionFilter = Annotated[Connection | None, Query()]
StatusFilter = Annotated[MachineStatus | None, Query()]


@router.get("/public/rvm-machines", summary="Machines in service, for everyone")
async def list_public(web: Web, paging: Paged) -> Page[PublicMachineOut]:
    """No token: name, address, position and status only."""
    async with web.settings.database.transaction(SYSTEM) as session:
        rows = await public_machines(session, limit=paging.limit, offset=paging.offset)
        total = await count_public_machines(session)
    items = [PublicMachineOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/rvm-machines", summary="Machines the caller may see")
async def list_all(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    status: StatusFilter = None,
    connection: ConnectionFilter = None,
    search: Search = "",
) -> Page[MachineOut]:
    """Admins see their organization's machines, technicians those at which they have open work."""
    rows, total = await _visible(
        web=web,
        caller=caller,
        paging=paging,
        organization_id=organization_id,
        status=status,
        connection=connection,
        search=search,
    )
    items = [MachineOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get("/edge-devices", summary="The boxes of machines")
async def list_devices(  # noqa: PLR0913 - each is one filter
    *,
    web: Web,
    caller: Reader,
    paging: Paged,
    organization_id: QueryId = None,
    connection: ConnectionFilter = None,
    search: Search = "",
) -> Page[EdgeDeviceOut]:
    """For admins: hardware, addresses, versions and waiting conflicts."""
    within = caller.organizations_with(Permission.REPLACE_DEVICE, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        rows = await list_machines(
            session,
            organizations=within,
            connection=connection,
            search=search,
            limit=paging.limit,
            offset=paging.offset,
        )
        total = await count_machines(session, organizations=within, connection=connection, search=search)
    items = [EdgeDeviceOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("/rvm-machines", summary="Register a machine", status_code=201)
async def register(
    body: MachineIn, web: Web, caller: Writer, move: Move, response: Response
) -> RegisteredOut:
    """Starts its onboarding: key, stub device and, with an installer, the installation assignment."""
    organization_id = caller.one_organization(Permission.REGISTER_MACHINE, body.organization_id)
    installer = await _installer(web, organization_id, body.installer_id)
    source = await move.take()
    state = await _onboarding(
        web=web,
        caller=caller,
        body=body,
        organization_id=organization_id,
        installer=installer,
        source=source.text,
    )
    call = web.settings.gateway.register_machine(source.text, state)
    view = await settled(call, see="/api/v1/rvm-machines")
    response.headers["Location"] = f"/api/v1/rvm-machines/{view.machine_id}"
    answer = RegisteredOut.model_validate(view)
    if view.key_handoff is not None:
        answer.setup_code = web.settings.cipher.setup_code(view.key_handoff)
    return answer


@router.get("/rvm-machines/{machine_id}", summary="One machine")
async def get_one(machine_id: PathId, web: Web, caller: Reader) -> MachineOut:
    """404 also for a machine of another organization."""
    return MachineOut.model_validate(await seen_machine(web, caller, machine_id))


@router.put("/rvm-machines/{machine_id}", summary="Change a machine")
async def change(machine_id: PathId, body: MachineChange, web: Web, caller: Writer, move: Move) -> MachineOut:
    """Descriptive columns are written at once; `status` is a verb of the table or 409."""
    machine = await seen_machine(web, caller, machine_id)
    columns = body.columns()
    if columns:
        caller.require(Permission.REGISTER_MACHINE, machine.organization_id)
    verb = None if body.status in (None, machine.status) else _verb(caller, machine, body.status)
    source = await move.take()
    if columns:
        async with web.settings.database.transaction(SYSTEM) as session:
            await change_details(
                session, machine_id, columns, actor_id=caller.person.user_id, source=source.text
            )
    if verb is not None:
        command = MachineCommand(caller.person.user_id, verb, body.reason)
        call = web.settings.gateway.move_machine(source.text, machine.uuid, command)
        await settled(call, see=f"/api/v1/rvm-machines/{machine_id}")
    async with web.settings.database.transaction(caller.tenants) as session:
        return MachineOut.model_validate(await machine_by_id(session, machine_id) or machine)


@router.delete("/rvm-machines/{machine_id}", summary="Retire a machine")
async def retire(
    machine_id: PathId, web: Web, caller: Writer, move: Move, reason: Reason = ""
) -> MachineViewOut:
    """Its key stops at once, its history stays."""
    machine = await seen_machine(web, caller, machine_id)
    caller.require(Permission.REGISTER_MACHINE, machine.organization_id)
    source = await move.take()
    command = MachineCommand(caller.person.user_id, MachineMove.RETIRE, reason)
    call = web.settings.gateway.move_machine(source.text, machine.uuid, command)
    return MachineViewOut.model_validate(await settled(call, see=f"/api/v1/rvm-machines/{machine_id}"))


async def seen_machine(web: WebState, caller: Caller, machine_id: int) -> MachineDetail:
    """Return a machine this person may see, as far as the right reaches.

    Raises:
        NotFound: no such machine, or none that they may see.
        NotAllowed: the role sees only the public list.
    """
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, machine_id)
        if machine is None:
            raise NotFound(noun="machine")
        if caller.require(Permission.SEE_MACHINES, machine.organization_id) == Reach.OWN:
            own = await list_machines_of_technician(session, caller.person.user_id)
            if machine_id not in {one.machine_id for one in own}:
                raise NotFound(noun="machine")
    return machine


async def _visible(  # noqa: PLR0913 - each is one filter
    *,
    web: WebState,
    caller: Caller,
    paging: Paged,
    organization_id: int | None,
    status: MachineStatus | None,
    connection: Connection | None,
    search: str,
) -> tuple[Sequence[MachineDetail], int]:
    reaches = {caller.person.reach(Permission.SEE_MACHINES, number) for number in caller.organizations}
    async with web.settings.database.transaction(caller.tenants) as session:
        if reaches & {Reach.EVERYWHERE, Reach.OWN_ORGANIZATION}:
            within = caller.organizations_with(Permission.SEE_MACHINES, organization_id)
            rows = await list_machines(
                session,
                organizations=within,
                status=status,
                connection=connection,
                search=search,
                limit=paging.limit,
                offset=paging.offset,
            )
            total = await count_machines(
                session, organizations=within, status=status, connection=connection, search=search
            )
            return rows, total
        if Reach.OWN not in reaches:
            raise NotAllowed(permission=Permission.SEE_MACHINES.value)
        own = [
            row
            for row in await list_machines_of_technician(session, caller.person.user_id)
            if organization_id in (None, row.organization_id)
            and status in (None, row.status)
            and connection in (None, row.connection)
            and search.lower() in f"{row.name} {row.address} {row.serial_number}".lower()
        ]
    return own[paging.offset : paging.offset + paging.limit], len(own)


async def _installer(web: WebState, organization_id: int, user_id: int | None) -> PersonRow | None:
    if user_id is None:
        return None
    async with web.settings.database.transaction(SYSTEM) as session:
        people = await field_people(session, organization_id)
    found = next((row for row in people if row.user_id == user_id), None)
    if found is None:
        raise InvalidInput(field="installer_id", problem="no_such_technician")
    return found


async def _onboarding(  # noqa: PLR0913 - each is told to the workflow
    *,
    web: WebState,
    caller: Caller,
    body: MachineIn,
    organization_id: int,
    installer: PersonRow | None,
    source: str,
) -> OnboardingState:
    async with web.settings.database.transaction(caller.tenants) as session:
        policy = OnboardingPolicy(
            remind_after_s=await setting(session, organization_id, "handshake_remind_s"),
            key_expires_s=await setting(session, organization_id, "key_expires_s"),
        )
    return OnboardingState(
        machine_uuid=uuid_from_source(source),
        organization_id=organization_id,
        registered_by=caller.person.user_id,
        registered_by_name=caller.person.name,
        machine=body.details(),
        installer_id=installer.user_id if installer else None,
        installer_name=installer.name if installer else "",
        installation_at=body.installation_at,
        policy=policy,
    )


def _verb(caller: Caller, machine: MachineDetail, status: MachineStatus) -> MachineMove:
    """Return the move by which a person brings the machine to a status (WORDS 7)."""
    for start, verb in MACHINE.leads_to(status):
        who = MACHINE.permission(start, verb)
        if start == machine.status and who is not None:
            caller.require(who, machine.organization_id)
            return verb
    raise NotPossibleNow(noun="machine", status=machine.status.value, move=status.value)
