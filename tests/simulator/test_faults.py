"""Faults a test queues for the bot's calls."""

import pytest
from telegram.error import BadRequest, NetworkError, TimedOut

from tests.simulator.conftest import Simulator


async def queue(simulator: Simulator, **fault: object) -> None:
    (await simulator.post("/sim/faults", **fault)).raise_for_status()


async def texts(simulator: Simulator, chat: int) -> list[str]:
    messages = await simulator.get(f"/sim/people/{chat}/chats/{chat}/messages")
    return [one["text"] for one in messages if one["from"]["is_bot"]]


async def test_a_code_with_its_description_once(simulator: Simulator) -> None:
    person = await simulator.person()
    await queue(simulator, method="sendMessage", code=400, description="Bad Request: bad luck")

    with pytest.raises(BadRequest, match=r"^Bad luck$"):
        await simulator.bot.send_message(person.id, "satu")

    assert (await simulator.bot.send_message(person.id, "dua")).text == "dua"
    assert await texts(simulator, person.id) == ["dua"]


async def test_retry_after(simulator: Simulator) -> None:
    person = await simulator.person()
    await queue(simulator, method="*", retry_after=7)

    answer = await simulator.call("sendMessage", chat_id=person.id, text="a")

    assert (answer["status"], answer["parameters"]) == (429, {"retry_after": 7})
    assert answer["description"] == "Too Many Requests: retry after 7"


async def test_a_server_error_for_some_calls(simulator: Simulator) -> None:
    person = await simulator.person()
    await queue(simulator, method="sendmessage", code=502, times=2, contains="rusak")

    assert (await simulator.bot.send_message(person.id, "baik")).text == "baik"
    for _ in range(2):
        with pytest.raises(NetworkError):
            await simulator.bot.send_message(person.id, "rusak")
    assert (await simulator.bot.send_message(person.id, "rusak")).text == "rusak"


async def test_a_dropped_connection_has_no_effect(simulator: Simulator) -> None:
    person = await simulator.person()
    await queue(simulator, method="sendMessage", drop_connection=True)

    with pytest.raises(NetworkError):
        await simulator.bot.send_message(person.id, "satu")

    assert await texts(simulator, person.id) == []


async def test_a_lost_answer_leaves_the_effect(simulator: Simulator) -> None:
    """The case behind duplicate messages."""
    person = await simulator.person()
    await queue(simulator, method="sendMessage", drop_after_apply=True)

    with pytest.raises(NetworkError):
        await simulator.bot.send_message(person.id, "satu")

    assert await texts(simulator, person.id) == ["satu"]


async def test_a_slow_answer(simulator: Simulator) -> None:
    person = await simulator.person()
    await queue(simulator, method="sendMessage", delay_ms=5000)

    with pytest.raises(TimedOut):
        await simulator.bot.send_message(person.id, "satu", read_timeout=0.05)


async def test_faults_are_listed_and_cleared(simulator: Simulator) -> None:
    await queue(simulator, method="getMe", code=500, times=None)
    for _ in range(3):
        assert (await simulator.call("getMe"))["status"] == 500
    (waiting,) = await simulator.get("/sim/faults")
    assert waiting["hits"] == 3

    await simulator.http.delete("/sim/faults")

    assert (await simulator.call("getMe"))["ok"]


async def test_every_call_is_on_record(simulator: Simulator, jpeg: bytes) -> None:
    person = await simulator.person()
    await simulator.bot.send_photo(person.id, jpeg, caption="foto")
    await simulator.call("sendMessage", chat_id=1, text="a")

    (photo,) = await simulator.get("/sim/calls?method=sendPhoto")
    (refused,) = await simulator.get("/sim/calls?method=sendMessage")
    assert photo["params"]["caption"] == "foto"
    assert photo["params"]["photo"].endswith(f"{len(jpeg)} bytes>")
    assert (refused["status"], refused["response"]["description"]) == (400, "Bad Request: chat not found")
    assert await simulator.get(f"/sim/calls?after={refused['seq']}") == []
