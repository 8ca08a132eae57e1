"""Exports as files: tasks, machines, uptime by month, as CSV or XLSX."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from db.papers.exports import Export, Reader
from db.papers.orders import Order, write_export
from db.papers.spreadsheets import MEDIA_TYPES, Kind
from db.queries.exports import organization_zone
from domain.roles import Permission
from webhooks import auth
from webhooks.days import Wanted
from webhooks.inputs import QueryId
from webhooks.state import Web

router = APIRouter(prefix="/admin/export", tags=["organization"])

IN_MEMORY = 1024 * 1024
"""A larger file waits on the disk; bytes."""
CHUNK = 64 * 1024

_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}
    }
}


@router.get(
    "/{export}.{kind}",
    summary="A file of tasks, machines or uptime",
    response_class=StreamingResponse,
    responses=_FILES,
)
async def export_file(  # noqa: PLR0913 - each is one thing the file is
    *,
    export: Export,
    kind: Kind,
    web: Web,
    caller: auth.Reader,
    organization_id: QueryId = None,
    wanted: Wanted,
) -> StreamingResponse:
    """Days in the zone of most of the organization's machines, both included; without them this month.

    Tasks by the day they are scheduled for. Headings in the caller's language. Texts that a spreadsheet would
    compute are defused.
    """
    number = caller.one_organization(Permission.SEE_FIGURES, organization_id)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        async with web.settings.database.transaction(caller.tenants) as session:
            reader = Reader(caller.person.language, await organization_zone(session, number))
            days = wanted.within(reader.zone)
            order = Order(export, kind, number, *days, reader)
            await write_export(session, order, file)
    except BaseException:
        file.close()
        raise
    headers = {"Content-Disposition": f'attachment; filename="{order.file_name}"'}
    return StreamingResponse(_sent(file), media_type=MEDIA_TYPES[kind], headers=headers)


async def _sent(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Yield a file's bytes, then close it."""
    try:
        await asyncio.to_thread(file.seek, 0)
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        file.close()
