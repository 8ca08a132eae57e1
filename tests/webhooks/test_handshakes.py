"""Handshakes by HTTP: the row answers what it knows, the workflow decides the rest."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from db.models.machines import EdgeDevice
from db.session import SYSTEM
from domain.handshake import HandshakeState
from tests.webhooks.attempts import HARDWARE, handshake
from tests.webhooks.conftest import Api


async def bind(api: Api, **columns: object) -> None:
    async with api.database.transaction(SYSTEM) as session:
        of_box = update(EdgeDevice).where(EdgeDevice.edge_server_id == api.box.edge_server_id)
        await session.execute(of_box.values(columns))


async def test_a_first_handshake_goes_to_the_workflow_and_answers_the_secret(api: Api) -> None:
    api.gateway.binds = lambda presented: bind(api, hardware_id=presented.hardware_id)

    answer = await handshake(api)

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["status"], body["edge_key"], body["edge_secret"]) == (
        "bound",
        api.box.edge_key,
        api.box.secret,
    )
    assert body["queue"] == f"edge-{body['edge_id']}"
    start, hardware = api.gateway.calls[0].given
    assert (start.machine_name, hardware.hardware_id) == ("RVM Mall Grand Indonesia", HARDWARE["hardware_id"])
    assert api.box.secret not in repr(api.gateway.calls)


async def test_the_secret_is_not_told_to_a_box_whose_place_was_taken_in_that_moment(api: Api) -> None:
    api.gateway.binds = lambda _presented: bind(api, hardware_id="another")

    answer = await handshake(api)

    assert (answer.status_code, answer.json()["code"]) == (409, "hardware_conflict")
    assert api.box.secret not in answer.text


async def test_a_reboot_is_answered_from_the_row_and_keeps_what_the_box_says(api: Api) -> None:
    await bind(api, hardware_id=HARDWARE["hardware_id"], bound_at=datetime.now(UTC))

    answer = await handshake(api, version="1.2", hardware_config={"cameras": [], "note": "a\x00b"})

    assert answer.json()["status"] == "bound"
    assert api.gateway.calls == []
    async with api.database.transaction(SYSTEM) as session:
        query = select(EdgeDevice).where(EdgeDevice.edge_server_id == api.box.edge_server_id)
        assert (await session.scalars(query)).one().hardware_config == {"cameras": [], "note": "ab"}


async def test_a_conflict_says_come_back_and_asks_the_workflow_once(api: Api) -> None:
    api.gateway.handshake = HandshakeState.PENDING
    first = await handshake(api)
    conflict = {"kind": "other_hardware", "hardware_id": HARDWARE["hardware_id"], "with": "x"}
    await bind(api, conflict=conflict)
    again = await handshake(api)

    assert (first.status_code, again.status_code) == (202, 202)
    assert (again.json()["conflict"], "retry-after" in again.headers) == ("other_hardware", True)
    assert "edge_secret" not in again.json()
    assert len(api.gateway.calls) == 1


async def test_with_temporal_gone_the_box_is_told_to_come_back(api: Api) -> None:
    api.gateway.silent = True
    answer = await handshake(api)

    assert answer.status_code == 202
    assert "retry-after" in answer.headers
