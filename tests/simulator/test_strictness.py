"""Refusals that real Telegram would not make (TELEGRAM 6), and how they are switched off."""

import json

import httpx
import pytest

from tests.simulator.conftest import Simulator

KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "a", "colour": "red"}]]}

IGNORED_BY_TELEGRAM = {
    "unknown parameter": ("sendMessage", {"text": "a", "colour": "red"}),
    "unknown key": ("sendMessage", {"text": "a", "reply_markup": json.dumps(KEYBOARD)}),
    "wrong type": ("sendMessage", {"text": "a", "disable_notification": "perhaps"}),
    "old parameter": ("sendMessage", {"text": "a", "reply_to_message_id": "1"}),
}


@pytest.mark.parametrize("case", IGNORED_BY_TELEGRAM)
async def test_what_telegram_ignores_is_refused_and_noted(simulator: Simulator, case: str) -> None:
    method, params = IGNORED_BY_TELEGRAM[case]
    person = await simulator.person()

    answer = await simulator.call(method, chat_id=person.id, **params)

    assert answer["status"] == 400
    assert answer["description"].startswith("SIM-STRICT: ")
    (violation,) = await simulator.get("/sim/violations")
    assert violation["method"] == method
    await simulator.http.delete("/sim/violations")
    assert await simulator.get("/sim/violations") == []


@pytest.mark.parametrize("case", IGNORED_BY_TELEGRAM)
async def test_strictness_can_be_switched_off(simulator: Simulator, case: str) -> None:
    method, params = IGNORED_BY_TELEGRAM[case]
    person = await simulator.person()
    await simulator.post("/sim/strict", on=False)

    answer = await simulator.call(method, chat_id=person.id, **params)

    assert answer["ok"]
    assert await simulator.get("/sim/violations") == []


REFUSED_BY_TELEGRAM = {
    "missing parameter": ({}, "Bad Request: message text is empty"),
    "missing field": (
        {"text": "a", "reply_markup": '{"inline_keyboard": [[{"callback_data": "a"}]]}'},
        'Can\'t find field "text"',
    ),
    "broken JSON": ({"text": "a", "reply_markup": "{"}, "can't parse reply markup JSON object"),
    "object for an array": (
        {"text": "a", "entities": '{"type": "bold"}'},
        "it must be of type Array",
    ),
    "no keyboard at all": ({"text": "a", "reply_markup": '{"foo": 1}'}, "can't parse"),
}


@pytest.mark.parametrize("case", REFUSED_BY_TELEGRAM)
async def test_what_telegram_refuses_is_no_violation(simulator: Simulator, case: str) -> None:
    params, text = REFUSED_BY_TELEGRAM[case]
    person = await simulator.person()

    answer = await simulator.call("sendMessage", chat_id=person.id, **params)

    assert answer["status"] == 400
    assert text in answer["description"]
    assert await simulator.get("/sim/violations") == []


async def send_album(simulator: Simulator, chat: int, parts: dict[str, bytes], *named: str) -> httpx.Response:
    media = json.dumps([{"type": "photo", "media": f"attach://{name}"} for name in named])
    files = {name: (f"{name}.jpg", data) for name, data in parts.items()}
    url = f"/bot{simulator.settings.token}/sendMediaGroup"
    return await simulator.http.post(url, data={"chat_id": str(chat), "media": media}, files=files)


async def test_attached_parts_match_both_ways(simulator: Simulator, jpeg: bytes) -> None:
    person = await simulator.person()
    parts = {"one": jpeg, "two": jpeg, "three": jpeg}

    missing = await send_album(simulator, person.id, parts, "one", "four")
    unused = await send_album(simulator, person.id, parts, "one", "two")
    right = await send_album(simulator, person.id, parts, "one", "two", "three")

    assert "attach://four" in missing.json()["description"]
    assert unused.json()["description"].startswith("SIM-STRICT: ")
    assert len(right.json()["result"]) == 3


async def test_an_album_of_one_is_a_violation(simulator: Simulator, jpeg: bytes) -> None:
    person = await simulator.person()

    answer = await send_album(simulator, person.id, {"one": jpeg}, "one")

    assert answer.json()["description"].startswith("SIM-STRICT: ")


async def test_lengths_of_commands_and_answers(simulator: Simulator) -> None:
    long_name = json.dumps([{"command": "a" * 33, "description": "a"}])
    long_text = json.dumps([{"command": "a", "description": "a" * 257}])

    assert (await simulator.call("setMyCommands", commands=long_name))["description"].endswith(
        "COMMAND_INVALID"
    )
    assert (await simulator.call("setMyCommands", commands=long_text))["description"].endswith(
        "DESCRIPTION_INVALID"
    )
