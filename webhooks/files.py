"""Stored files for those who may see them."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response

from db.files import StoredFile, file_by_id
from db.queries.files import has_own_file
from db.queries.ticket_files import sees_file
from domain.errors import NotFound
from domain.roles import Permission, Reach
from domain.ticket_sight import sight_of
from webhooks.attached import disposition
from webhooks.auth import Caller, Reader
from webhooks.inputs import PathId
from webhooks.state import Web, WebState

router = APIRouter(prefix="/files", tags=["files"])

_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/{file_id}", summary="The bytes of a file", response_class=Response, responses=_BYTES)
async def fetch(file_id: PathId, web: Web, caller: Reader) -> Response:
    """Admins: their organization's files. Others: what they sent, of their tasks, of tickets they see."""
    stored = await _seen(web, caller, file_id)
    try:
        content = await asyncio.to_thread(web.settings.store.get, stored.sha256)
    except FileNotFoundError as error:
        raise NotFound(noun="file") from error
    headers = {
        "Cache-Control": "private, max-age=86400, immutable",
        "Content-Disposition": disposition(stored.media_type),
        "ETag": f'"{stored.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=stored.media_type, headers=headers)


async def _seen(web: WebState, caller: Caller, file_id: int) -> StoredFile:
    async with web.settings.database.transaction(caller.tenants) as session:
        stored = await file_by_id(session, file_id)
        if stored is None:
            raise NotFound(noun="file")
        reach = caller.person.reach(Permission.SEE_MACHINES, stored.organization_id)
        if reach in (Reach.EVERYWHERE, Reach.OWN_ORGANIZATION):
            return stored
        sight = sight_of(caller.person, caller.organizations)
        if await sees_file(session, file_id, sight):
            return stored
        if not await has_own_file(session, file_id, caller.person.user_id):
            raise NotFound(noun="file")
        return stored
