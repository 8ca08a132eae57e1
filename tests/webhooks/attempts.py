"""Attempts at the API that should be refused, each one line of a table."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx
from sqlalchemy import func, update

from db.models.core import SecretHandoff
from db.models.machines import RvmMachine
from db.people import suspend
from db.secrets import normal_code
from db.session import SYSTEM
from domain.assignments import AssignmentStatus
from domain.handshake import HandshakeState
from domain.signing import secret_hash
from tests.webhooks.boxes import beat
from tests.webhooks.conftest import API_KEY, Api

Try = Callable[[Api], Awaitable[httpx.Response]]

HARDWARE = {"hardware_id": "1424921054321", "hardware_config": {"cameras": [{"id": "front"}]}}


async def handshake(api: Api, key: str = API_KEY, **changes: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return await api.http.post("/api/v1/edge/handshake", json=HARDWARE | changes, headers=headers)


async def revoked_key(api: Api) -> httpx.Response:
    async with api.database.transaction(SYSTEM) as session:
        await session.execute(update(RvmMachine).values(api_key_revoked_at=func.now()))
    return await handshake(api)


async def refused_by_admin(api: Api) -> httpx.Response:
    api.gateway.handshake = HandshakeState.REFUSED
    return await handshake(api)


async def hand_off(api: Api, *, expired: bool = False, wiped: bool = False) -> str:
    """Write a key that waits and return its code."""
    handoff = uuid4()
    code = api.cipher.setup_code(handoff)
    async with api.database.transaction(SYSTEM) as session:
        session.add(
            SecretHandoff(
                id=handoff,
                organization_id=api.organizations["admin"],
                edge_server_id=api.box.edge_server_id,
                ciphertext=None if wiped else api.cipher.encrypt(API_KEY),
                code_hash=secret_hash(normal_code(code)),
                code_expires_at=func.now() + timedelta(hours=-1 if expired else 24),
            )
        )
    return code


async def setup(api: Api, code: str) -> httpx.Response:
    return await api.http.post("/api/v1/edge/setup", json={"code": code})


async def used_code(api: Api) -> httpx.Response:
    code = await hand_off(api)
    assert (await setup(api, code)).json()["api_key"] == API_KEY
    return await setup(api, code.lower().replace("-", " "))


async def expired_code(api: Api) -> httpx.Response:
    return await setup(api, await hand_off(api, expired=True))


async def replaced_code(api: Api) -> httpx.Response:
    return await setup(api, await hand_off(api, wiped=True))


async def skewed(api: Api, skew_s: int) -> httpx.Response:
    api.box.skew_s = skew_s
    return await api.box.beat(beat())


async def forged(api: Api, **changes: str | int) -> httpx.Response:
    for name, value in changes.items():
        setattr(api.box, name, value)
    return await api.box.beat(beat())


async def changed_header(api: Api, name: str, value: str | None) -> httpx.Response:
    path, body = "/api/v1/edge/heartbeat", b"{}"
    headers = api.box.headers("POST", path, body) | ({name: value} if value else {})
    if value is None:
        del headers[name]
    return await api.http.post(path, content=body, headers=headers)


async def replayed_config(api: Api) -> httpx.Response:
    path = "/api/v1/edge/config"
    headers = api.box.headers("GET", path, b"")
    assert (await api.http.get(path, headers=headers)).status_code == 200
    return await api.http.get(path, headers=headers)


async def photo(api: Api, content: bytes, person: str = "technician") -> httpx.Response:
    number = await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    path = f"/api/v1/technician/assignments/{number}/upload-photo"
    return await api.http.post(
        path, content=content, headers=api.as_(person) | {"Content-Type": "image/jpeg"}
    )


async def streamed(api: Api) -> httpx.Response:
    async def body() -> object:
        for _ in range(30):
            yield b"x" * 1024 * 1024

    number = await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    path = f"/api/v1/technician/assignments/{number}/upload-photo"
    return await api.http.post(path, content=body(), headers=api.as_("technician"))  # type: ignore[arg-type]


async def empty_form(api: Api) -> httpx.Response:
    number = await api.assignment(status=AssignmentStatus.IN_PROGRESS)
    path = f"/api/v1/technician/assignments/{number}/upload-photo"
    return await api.http.post(path, data={"caption": "x"}, files={}, headers=api.as_("technician"))


async def create(api: Api, person: str = "admin", **changes: object) -> httpx.Response:
    body = {
        "rvm_machine_id": api.machines[0],
        "task_type": "repair",
        "scheduled_date": "2126-01-12T09:00:00+07:00",
        "assigned_to": api.users["technician"],
    }
    path = "/api/v1/admin/assignments/create"
    return await api.http.post(path, json=body | changes, headers=api.as_(person))


async def register(api: Api, person: str = "admin", **changes: object) -> httpx.Response:
    body = {"name": "RVM", "latitude": -6.2, "longitude": 106.8} | changes
    return await api.http.post("/api/v1/rvm-machines", json=body, headers=api.as_(person))


async def change(api: Api, person: str, **changes: object) -> httpx.Response:
    path = f"/api/v1/admin/assignments/{await api.assignment()}"
    return await api.http.put(path, json=changes, headers=api.as_(person))


async def machine(api: Api, person: str, **changes: object) -> httpx.Response:
    path = f"/api/v1/rvm-machines/{api.machines[0]}"
    return await api.http.put(path, json=changes, headers=api.as_(person))


async def get(api: Api, path: str, person: str = "admin") -> httpx.Response:
    return await api.http.get(path, headers=api.as_(person))


async def as_suspended(api: Api) -> httpx.Response:
    async with api.database.transaction(SYSTEM) as session:
        await suspend(session, api.users["technician"], api.organizations["admin"], api.users["admin"])
    return await get(api, "/api/v1/technician/assignments", "technician")


async def broken_json(api: Api, path: str = "/api/v1/rvm-machines") -> httpx.Response:
    headers = api.as_("admin") | {"Content-Type": "application/json"}
    return await api.http.post(path, content=b'{"name": ', headers=headers)


async def webhook(api: Api, secret: str, body: bytes = b"{}") -> httpx.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    return await api.http.post("/api/v1/telegram/webhook", content=body, headers=headers)


async def invite(api: Api, person: str, role: str, of: str = "admin") -> httpx.Response:
    body = {"name": "Sari", "role": role, "organization_id": api.organizations[of]}
    return await api.http.post("/api/v1/admin/invites", json=body, headers=api.as_(person))


async def token_for(api: Api, person: str, owner: str) -> httpx.Response:
    body = {"name": "x", "user_id": api.users[owner]}
    return await api.http.post("/api/v1/admin/tokens", json=body, headers=api.as_(person))


def deep(levels: int) -> object:
    """Return nested lists."""
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value
