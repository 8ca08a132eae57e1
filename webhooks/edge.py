"""First contact of a box: setup code and handshake (seed 000, step 2)."""

import hashlib
import time
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from db.ingest.devices import Device, device_by_api_key, refresh_hardware, take_setup_code
from db.secrets import normal_code
from db.session import SYSTEM
from domain.errors import HardwareConflict, KeyRevoked, KeyUnknown
from domain.handshake import ConflictKind, HandshakeInput, HandshakeState, PresentedHardware
from domain.ids import edge_source
from domain.queues import edge_queue
from domain.signing import secret_hash
from webhooks.answers import settled
from webhooks.auth import Bearer
from webhooks.inputs import Input, Line, Name, Output
from webhooks.state import Web, WebState
from webhooks.storable import Json

router = APIRouter(prefix="/edge", tags=["device"])

PENDING_RETRY_S = 30
SECONDS_OF_ONE_TRY = 60
"""A box that repeats its handshake within a minute repeats the same update; later it asks anew."""


class SetupIn(Input):
    """A setup code as the card shows it; case, dashes and spaces do not matter."""

    code: Line = Field(examples=["K7QM2-9XRTD"])


class MachineName(Output):
    """Which machine a box sits in."""

    uuid: UUID
    name: str


class SetupOut(Output):
    """The API key, told once."""

    api_key: str
    edge_id: str
    machine: MachineName
    server_time: datetime


class HandshakeIn(Input):
    """Who the box is and what it is made of (``hardware_config`` of seed 000)."""

    hardware_id: Name = Field(examples=["1424921054321"])
    hardware_config: dict[str, Json] = Field(
        examples=[
            {
                "cameras": [{"id": "front", "path": "/dev/video0"}],
                "sensors": [],
                "actuators": [],
                "firmware": {"controller": "2.1"},
                "host": {"model": "Jetson Orin Nano", "cores": 6, "memory_gib": 8},
            }
        ]
    )
    processor_type: Line = ""
    version: Annotated[Line, Field(max_length=50)] = ""
    ip_address_local: Annotated[Line, Field(max_length=45)] | None = None
    ip_address_vpn: Annotated[Line, Field(max_length=45)] | None = None

    def presented(self) -> PresentedHardware:
        """Return it as the workflow takes it."""
        return PresentedHardware(
            hardware_id=self.hardware_id,
            config=dict(self.hardware_config),
            processor_type=self.processor_type,
            ip_address_local=self.ip_address_local,
            ip_address_vpn=self.ip_address_vpn,
            version=self.version,
        )


class TemporalOut(Output):
    """Where the box finds Temporal."""

    address: str
    namespace: str
    tls: bool


class BoundOut(Output):
    """What a bound box needs to sign, to beat and to work."""

    status: Literal["bound"] = "bound"
    edge_id: str
    edge_key: str
    edge_secret: str
    machine: MachineName | None
    beat_s: float
    bound_at: datetime | None
    server_time: datetime
    temporal: TemporalOut | None
    queue: str


class PendingOut(Output):
    """A conflict waits for an admin: come back with the same request after ``Retry-After``."""

    status: Literal["pending"] = "pending"
    conflict: ConflictKind | None = None


def machine_of(device: Device) -> MachineName | None:
    """Return the machine a box sits in."""
    return (
        None
        if device.machine_uuid is None
        else MachineName(uuid=device.machine_uuid, name=device.machine_name)
    )


def temporal_of(web: WebState) -> TemporalOut | None:
    """Return where boxes find Temporal; None: they work without."""
    place = web.settings.edge_temporal
    return None if place is None else TemporalOut.model_validate(place)


@router.post("/setup", summary="Exchange a setup code for the machine's API key")
async def setup(body: SetupIn, web: Web) -> SetupOut:
    """Single use: 404 `code_unknown`, 410 `code_used` or `code_expired`."""
    async with web.settings.database.transaction(SYSTEM) as session:
        taken = await take_setup_code(session, secret_hash(normal_code(body.code)))
        api_key = web.settings.cipher.decrypt(taken.ciphertext)
    return SetupOut(
        api_key=api_key,
        edge_id=taken.edge_id,
        machine=MachineName(uuid=taken.machine_uuid, name=taken.machine_name),
        server_time=datetime.now(UTC),
    )


@router.post(
    "/handshake", summary="Bind the box, or greet it after a reboot", responses={202: {"model": PendingOut}}
)
async def handshake(body: HandshakeIn, web: Web, bearer: Bearer, response: Response) -> BoundOut | PendingOut:
    """Authenticate with the machine's API key as bearer token; repeating the request repeats the answer."""
    device = await _device(web, bearer.credentials if bearer else "")
    hardware = body.presented()
    if device.hardware_id == hardware.hardware_id:
        async with web.settings.database.transaction(SYSTEM) as session:
            await refresh_hardware(session, device.edge_server_id, hardware)
        return _bound(web, device)
    waiting = device.conflict or {}
    if waiting.get("hardware_id") == hardware.hardware_id:
        return _pending(response, waiting.get("kind"))
    call = web.settings.gateway.present_hardware(_source(device, hardware), _start(device), hardware)
    answer = await settled(call, see="/api/v1/edge/handshake")
    if answer.state == HandshakeState.BOUND:
        bound = await _device(web, bearer.credentials if bearer else "")
        if bound.hardware_id != hardware.hardware_id:  # another box took the place in this very moment
            raise HardwareConflict(conflict=ConflictKind.OTHER_HARDWARE)
        return _bound(web, bound)
    if answer.state == HandshakeState.REFUSED:
        raise HardwareConflict(conflict=answer.conflict)
    return _pending(response, answer.conflict)


async def _device(web: WebState, api_key: str) -> Device:
    async with web.settings.database.transaction(SYSTEM) as session:
        device = await device_by_api_key(session, secret_hash(api_key))
    if device is None:
        raise KeyUnknown
    if device.key_revoked or not device.is_active:
        raise KeyRevoked
    return device


def _start(device: Device) -> HandshakeInput:
    return HandshakeInput(
        edge_server_id=device.edge_server_id,
        edge_id=device.edge_id,
        organization_id=device.organization_id,
        machine_id=device.machine_id,
        machine_uuid=device.machine_uuid,
        machine_name=device.machine_name,
    )


def _source(device: Device, hardware: PresentedHardware) -> str:
    digest = hashlib.sha256(hardware.hardware_id.encode()).hexdigest()[:16]
    return edge_source(device.edge_id, f"handshake-{digest}-{int(time.time() // SECONDS_OF_ONE_TRY)}")


def _bound(web: WebState, device: Device) -> BoundOut:
    return BoundOut(
        edge_id=device.edge_id,
        edge_key=device.edge_key,
        edge_secret=web.settings.cipher.decrypt(device.secret_ciphertext),
        machine=machine_of(device),
        beat_s=device.beat_s,
        bound_at=device.bound_at,
        server_time=datetime.now(UTC),
        temporal=temporal_of(web),
        queue=edge_queue(device.edge_id),
    )


def _pending(response: Response, conflict: Any) -> PendingOut:  # noqa: ANN401 - from JSON of the row
    response.status_code = 202
    response.headers["Retry-After"] = str(PENDING_RETRY_S)
    return PendingOut(conflict=ConflictKind(conflict) if conflict else None)
