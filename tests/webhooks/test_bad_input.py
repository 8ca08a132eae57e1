"""One table: input → refusal code → status (the issue's "bad input gets a clear answer")."""

import asyncio

import pytest

from tests.webhooks.attempts import (
    HARDWARE,
    Try,
    as_suspended,
    broken_json,
    change,
    changed_header,
    create,
    deep,
    empty_form,
    expired_code,
    forged,
    get,
    hand_off,
    handshake,
    invite,
    machine,
    photo,
    refused_by_admin,
    register,
    replaced_code,
    replayed_config,
    revoked_key,
    setup,
    skewed,
    streamed,
    token_for,
    used_code,
    webhook,
)
from tests.webhooks.boxes import beat
from tests.webhooks.conftest import Api
from tests.webhooks.pictures import bomb, jpeg

TABLE: dict[str, tuple[Try, str, int]] = {
    # a box's first contact
    "wrong key": (lambda api: handshake(api, "rvm_wrong"), "key_unknown", 401),
    "no key": (lambda api: api.http.post("/api/v1/edge/handshake", json=HARDWARE), "key_unknown", 401),
    "revoked key": (revoked_key, "key_revoked", 401),
    "refused hardware": (refused_by_admin, "hardware_conflict", 409),
    "no hardware id": (lambda api: handshake(api, hardware_id=""), "invalid_input", 422),
    "hardware nested too deep": (lambda api: handshake(api, hardware_config={"x": deep(40)}),
                      "invalid_input", 422),
    "unknown code": (lambda api: setup(api, "AAAAA-AAAAA"), "code_unknown", 404),
    "no code": (lambda api: setup(api, ""), "code_unknown", 404),
    "used code": (used_code, "code_used", 410),
    "expired code": (expired_code, "code_expired", 410),
    "replaced code": (replaced_code, "code_expired", 410),
    # signed requests
    "bad signature": (lambda api: forged(api, secret="other"), "signature_invalid", 401),
    "unknown box": (lambda api: forged(api, edge_key="ek_none"), "signature_invalid", 401),
    "no signature": (lambda api: changed_header(api, "X-Edge-Signature", None), "signature_invalid", 401),
    "odd timestamp": (lambda api: changed_header(api, "X-Edge-Timestamp", "noon"), "malformed", 400),
    "odd nonce": (lambda api: changed_header(api, "X-Edge-Nonce", "a b"), "malformed", 400),
    "clock an hour behind": (lambda api: skewed(api, -3600), "clock_off", 401),
    "clock an hour ahead": (lambda api: skewed(api, 3600), "clock_off", 401),
    "clock off and forged": (lambda api: forged(api, secret="other", skew_s=-3600), "signature_invalid", 401),
    "replayed": (replayed_config, "replayed", 409),
    "beat is no JSON": (lambda api: api.box.beat(b"{"), "malformed", 400),
    "beat is a list": (lambda api: api.box.beat(b"[]"), "malformed", 400),
    "beat without status": (lambda api: api.box.beat({"at": "2026-01-10T09:00:00Z"}), "malformed", 400),
    "sequence zero": (lambda api: api.box.beat(beat(0)), "malformed", 400),
    "sequence beyond bigint": (lambda api: api.box.beat(beat(2**63)), "malformed", 400),
    "time without zone": (lambda api: api.box.beat(beat(at="2026-01-10T09:00:00")), "malformed", 400),
    "time before time": (lambda api: api.box.beat(beat(at="0001-01-01T00:00:00+14:00")), "malformed", 400),
    "201 entries": (lambda api: api.box.beat(beat(*range(1, 202))), "malformed", 400),
    "oversized beat": (lambda api: api.box.beat(beat(pad="x" * 300_000)), "too_large", 413),
    "frame is no picture": (lambda api: api.box.upload(b"not a picture"), "not_a_photo", 422),
    "frame is a bomb": (lambda api: api.box.upload(bomb()), "image_too_large", 422),
    "frame of 30 MB": (lambda api: api.box.upload(b"x" * 30_000_000), "file_too_big", 413),
    "frame with a wrong hash": (lambda api: api.box.upload(jpeg(), "0" * 64), "malformed", 400),
    # photos of people
    "photo is text": (lambda api: photo(api, b"hello"), "not_a_photo", 422),
    "photo is empty": (lambda api: photo(api, b""), "not_a_photo", 422),
    "photo is a bomb": (lambda api: photo(api, bomb()), "image_too_large", 422),
    "photo of 30 MB": (lambda api: photo(api, b"x" * 30_000_000), "file_too_big", 413),
    "photo of 30 MB in pieces": (streamed, "too_large", 413),
    "form without a photo": (empty_form, "not_a_photo", 422),
    "photo at another's task": (lambda api: photo(api, jpeg(), "operator"), "not_yours", 403),
    # people
    "unknown token": (lambda api: api.http.get("/api/v1/rvm-machines", headers={"Authorization": "Bearer x"}),
                      "not_signed_in", 401),
    "suspended": (as_suspended, "suspended", 403),
    "technician dispatches": (lambda api: create(api, "technician"), "not_allowed", 403),
    "user registers": (lambda api: register(api, "john"), "not_allowed", 403),
    "user lists machines": (lambda api: get(api, "/api/v1/rvm-machines", "john"), "not_allowed", 403),
    "admin does a task": (lambda api: get(api, "/api/v1/technician/assignments"), "not_allowed", 403),
    "admin invites a super admin": (lambda api: invite(api, "admin", "super_admin"), "not_allowed", 403),
    "technician invites": (lambda api: invite(api, "technician", "user"), "not_allowed", 403),
    "invite for another tenant": (lambda api: invite(api, "admin", "user", "tenant"), "not_found", 404),
    "token of a super admin": (lambda api: token_for(api, "admin", "super_admin"), "not_allowed", 403),
    "token of another tenant": (lambda api: token_for(api, "admin", "john"), "not_found", 404),
    "technician makes another's token": (lambda api: token_for(api, "technician", "operator"),
                      "not_allowed", 403),
    "machine of another tenant": (lambda api: machine(api, "tenant", name="x"), "not_found", 404),
    "registering elsewhere": (lambda api: register(api, organization_id=api.organizations["tenant"]),
                              "not_found", 404),
    "assignment of another tenant": (lambda api: change(api, "john", status="cancelled"), "not_found", 404),
    "no such assignment": (lambda api: get(api, "/api/v1/admin/assignments/4711"), "not_found", 404),
    "no such file": (lambda api: get(api, "/api/v1/files/4711"), "not_found", 404),
    # words and values
    "bad JSON": (broken_json, "malformed", 400),
    "unknown task type": (lambda api: create(api, task_type="dance"), "invalid_input", 422),
    "unknown field": (lambda api: create(api, colour="red"), "invalid_input", 422),
    "unknown person": (lambda api: create(api, assigned_to=4711), "invalid_input", 422),
    "person without the role": (lambda api: create(api, assigned_to=api.users["admin"]),
                      "invalid_input", 422),
    "date without zone": (lambda api: create(api, scheduled_date="2026-01-12T09:00:00"),
                      "invalid_input", 422),
    "NUL in a name": (lambda api: register(api, name="a\x00b"), "invalid_input", 422),
    "off the globe": (lambda api: register(api, latitude=91), "invalid_input", 422),
    "id beyond bigint": (lambda api: get(api, f"/api/v1/files/{2**63}"), "invalid_input", 422),
    "id is a word": (lambda api: get(api, "/api/v1/files/abc"), "invalid_input", 422),
    "status without a verb": (lambda api: change(api, "admin", status="completed"), "not_possible_now", 409),
    "nothing to change": (lambda api: change(api, "admin"), "invalid_input", 422),
    "machine status without a verb": (lambda api: machine(api, "admin", status="maintenance"),
                      "not_possible_now", 409),
    "serial number taken": (lambda api: machine(api, "admin", serial_number="RVM-JKT-002"),
                      "invalid_input", 422),
    # routes
    "no such route": (lambda api: get(api, "/api/v1/nothing"), "not_found", 404),
    "wrong method": (lambda api: get(api, "/api/v1/edge/setup"), "method_not_allowed", 405),
    "webhook without its secret": (lambda api: webhook(api, "wrong"), "not_signed_in", 401),
    "webhook with broken JSON": (lambda api: webhook(api, "the-webhook-secret", b"{"), "malformed", 400),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
async def test_bad_input_gets_a_clear_answer(api: Api, name: str) -> None:
    attempt, code, status = TABLE[name]

    answer = await attempt(api)

    assert (answer.json().get("code"), answer.status_code) == (code, status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_a_clock_that_is_off_is_told_by_how_much(api: Api) -> None:
    told = (await skewed(api, -3600)).json()

    assert abs(told["off_by_s"] + 3600) <= 2
    assert "server_time" in told


async def test_of_two_who_use_a_code_at_once_one_gets_the_key(api: Api) -> None:
    code = await hand_off(api)

    answers = await asyncio.gather(*(setup(api, code) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [200, 410, 410, 410]
