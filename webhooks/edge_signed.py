"""Signed requests of a box beside its heartbeat: its configuration, its pictures."""

import asyncio
import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from db.files import record_picture
from db.images import verify as verified_picture
from db.ingest.beats import spend_nonce
from db.session import SYSTEM
from domain.errors import Malformed
from domain.pins import Roster
from domain.queues import edge_queue
from webhooks.documentation import SIGNED, raw_body
from webhooks.edge import MachineName, TemporalOut, machine_of, temporal_of
from webhooks.inputs import Output
from webhooks.signatures import Box, verify
from webhooks.state import Web

router = APIRouter(prefix="/edge", tags=["device"])

HASH_HEADER = "X-File-SHA256"


class SlotOut(Output):
    """Whose PINs begin with which two digits."""

    slot: int
    name: str


class RevokedOut(Output):
    """A PIN that no longer counts although its window is still to come or open."""

    slot: int
    window: int


class KeypadOut(Output):
    """What the keypad needs beside the box's secret: names to show, and PINs to refuse (WORDS 4)."""

    people: list[SlotOut]
    revoked: list[RevokedOut]


class ConfigOut(Output):
    """What a box goes by; ``config_version`` changes with any of it."""

    edge_id: str
    machine: MachineName | None
    beat_s: float
    missed_after_s: float
    temporal: TemporalOut | None
    queue: str
    keypad: KeypadOut
    config_version: int


class EdgeFileOut(Output):
    """A stored picture; size in pixels."""

    file_id: int
    sha256: str
    width: int
    height: int


async def _signed(request: Request, web: Web) -> Box:
    """Verify the request and use up its nonce."""
    signed = await verify(request.scope, await request.body(), web.boxes)
    async with web.settings.database.transaction(SYSTEM) as session:
        await spend_nonce(session, signed.box.device.edge_server_id, signed.nonce)
    return signed.box


Signed = Annotated[Box, Depends(_signed)]


@router.get("/config", summary="What the box goes by", openapi_extra={"parameters": SIGNED})
async def config(box: Signed, web: Web) -> ConfigOut:
    """Signed."""
    device = box.device
    return ConfigOut(
        edge_id=device.edge_id,
        machine=machine_of(device),
        beat_s=device.beat_s,
        missed_after_s=device.missed_after_s,
        temporal=temporal_of(web),
        queue=edge_queue(device.edge_id),
        keypad=_keypad(box.roster),
        config_version=box.config_version,
    )


def _keypad(roster: Roster) -> KeypadOut:
    return KeypadOut(
        people=[SlotOut(slot=slot, name=name) for slot, name in roster.people.items()],
        revoked=[RevokedOut.model_validate(pin) for pin in sorted(roster.revoked)],
    )


_FILE_HEADERS = [
    *SIGNED,
    {"name": HASH_HEADER, "in": "header", "required": True, "schema": {"type": "string"}},
]


@router.post(
    "/files",
    summary="Store a picture",
    status_code=201,
    responses={200: {"model": EdgeFileOut, "description": "These bytes were stored before."}},
    openapi_extra=raw_body("image/jpeg", "image/png", parameters=_FILE_HEADERS),
)
async def upload(request: Request, box: Signed, web: Web, response: Response) -> EdgeFileOut:
    """Signed. Raw bytes, at most 20 MB; decoded to prove that it is a picture, and stored as it is."""
    content = await request.body()
    sha256 = hashlib.sha256(content).hexdigest()
    if request.headers.get(HASH_HEADER, "").lower() != sha256:
        raise Malformed(problem="sha256")
    async with web.pictures:
        picture = await asyncio.to_thread(verified_picture, content)
    await asyncio.to_thread(web.settings.store.put, content)
    async with web.settings.database.transaction(SYSTEM) as session:
        stored, is_new = await record_picture(
            session,
            picture,
            sha256=sha256,
            organization_id=box.device.organization_id,
            original_sha256=sha256,
            edge_server_id=box.device.edge_server_id,
        )
    response.status_code = 201 if is_new else 200
    return EdgeFileOut(file_id=stored.file_id, sha256=sha256, width=picture.width, height=picture.height)
