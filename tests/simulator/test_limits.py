"""Rate limits as buckets, on the simulator's own clock."""

import pytest

from siaga.simulator.clock import Clock
from siaga.simulator.limits import Limits
from siaga.simulator.refusals import RefusalError
from tests.simulator.conftest import Simulator

GROUP = -100


class StoppedClock(Clock):
    """Stands still but for `advance`."""

    def now(self) -> float:
        return self._advanced


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


def retry_after(limits: Limits, chat: int) -> object:
    with pytest.raises(RefusalError) as refused:
        limits.spend(chat)
    assert refused.value.code == 429
    return refused.value.parameters["retry_after"]


def test_a_private_chat_takes_three_and_then_one_a_second(clock: StoppedClock) -> None:
    limits = Limits(clock, "strict")
    for _ in range(3):
        limits.spend(1)

    assert retry_after(limits, 1) == 1
    limits.spend(2)
    clock.advance(1)
    limits.spend(1)
    assert retry_after(limits, 1) == 1


def test_a_group_takes_twenty_in_any_minute(clock: StoppedClock) -> None:
    limits = Limits(clock, "strict")
    for _ in range(20):
        limits.spend(GROUP)
        clock.advance(1)

    assert retry_after(limits, GROUP) == 40
    clock.advance(40)
    limits.spend(GROUP)


def test_a_group_counts_every_message_of_an_album_and_a_private_chat_the_call(clock: StoppedClock) -> None:
    limits = Limits(clock, "strict")
    limits.spend(GROUP, 10)
    limits.spend(GROUP, 9)
    with pytest.raises(RefusalError):
        limits.spend(GROUP, 2)
    limits.spend(GROUP)

    for _ in range(3):
        limits.spend(1, 10)
    assert retry_after(limits, 1) == 1


def test_the_token_takes_thirty_in_any_second(clock: StoppedClock) -> None:
    limits = Limits(clock, "strict")
    for chat in range(1, 31):
        limits.spend(chat)

    assert retry_after(limits, 99) == 1
    clock.advance(1.001)
    limits.spend(99)


def test_off_means_off(clock: StoppedClock) -> None:
    limits = Limits(clock, "off")
    for _ in range(100):
        limits.spend(1)


async def test_edits_count_and_the_bot_is_told_how_long_to_wait(simulator: Simulator) -> None:
    person = await simulator.person()
    await simulator.post("/sim/limits", mode="strict")
    message = await simulator.bot.send_message(person.id, "0")
    to = {"chat_id": person.id, "message_id": message.message_id}

    answers = [await simulator.call("editMessageText", text=str(number), **to) for number in range(1, 30)]

    refused = next(one for one in answers if not one["ok"])
    assert refused["status"] == 429
    assert refused["description"] == f"Too Many Requests: retry after {refused['parameters']['retry_after']}"
    await simulator.post("/sim/clock", advance_s=60)
    assert (await simulator.call("editMessageText", text="later", **to))["ok"]
