"""What is gone for a while comes back, and in between nothing is lost and nothing is done twice."""

import asyncio

import pytest

from db.demo import MACHINES
from siaga.demo import box
from siaga.simulator.person import Message, Person
from tests.e2e.conftest import PATIENCE_S, Outage, Site, cards_with, same, says
from tests.waiting import eventually

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="session")]

BURST = 20


async def test_a_tap_while_temporal_is_gone_is_noted_and_done_once_when_it_is_back(site: Site) -> None:
    task = await site.field.a_task()
    technician = site.people["technician"]
    card = await technician.wait_for("Bisa Anda kerjakan?", PATIENCE_S)

    with Outage(site.stack, "temporal").lasts():
        answer = await technician.tap("Terima", card)

    assert "Dicatat" in answer["text"]
    await technician.wait_for(same(card, "Diterima"), 2 * PATIENCE_S)
    assert await site.times_recorded("accept", [task]) == [1]


async def test_a_tap_while_postgresql_is_gone_is_delivered_again_and_done_once(site: Site) -> None:
    task = await site.field.a_task()
    technician = site.people["technician"]
    card = await technician.wait_for("Bisa Anda kerjakan?", PATIENCE_S)
    await eventually(site.unacknowledged, lambda count: count == 0, timeout_s=PATIENCE_S)

    with Outage(site.stack, "postgres").lasts():
        tapped = asyncio.create_task(technician.tap("Terima", card, answer_within_s=4))
        await eventually(site.unacknowledged, lambda count: count == 1)
        await tapped
        assert await site.unacknowledged() == 1, "an update that could not be stored was acknowledged"

    await technician.wait_for(same(card, "Diterima"), 2 * PATIENCE_S)
    assert await site.times_recorded("accept", [task]) == [1]
    assert await site.unacknowledged() == 0


async def test_twenty_taps_have_one_effect_each_though_worker_and_bot_are_killed(site: Site) -> None:
    takers = (("technician", "Technician"), ("operator", "Operator"))
    people = [site.people[key] for key, _ in takers]
    before = [len(await cards_with(person, "Mulai kerja")) for person in people]
    tasks = [await site.field.a_task(takers[number % 2][1]) for number in range(BURST)]
    cards = [(person, card) for person in people for card in await _offered(person, BURST // 2)]

    taps = [asyncio.create_task(person.tap("Terima", card)) for person, card in cards]
    await asyncio.wait(taps, return_when=asyncio.FIRST_COMPLETED)
    Outage(site.stack, "bot").strike()
    Outage(site.stack, "worker").strike()
    await site.end_leases()
    await asyncio.wait(taps)

    done = await eventually(
        lambda: site.times_recorded("accept", tasks), lambda found: min(found) > 0, timeout_s=2 * PATIENCE_S
    )
    assert set(done) == {1}
    for person, earlier in zip(people, before, strict=True):
        await eventually(
            lambda person=person: cards_with(person, "Mulai kerja"),  # type: ignore[misc]
            lambda found, earlier=earlier: len(found) == earlier + BURST // 2,  # type: ignore[misc]
            timeout_s=2 * PATIENCE_S,
        )


async def _offered(person: Person, count: int) -> list[Message]:
    return await eventually(
        lambda: cards_with(person, "Terima"), lambda found: len(found) == count, timeout_s=PATIENCE_S
    )


async def test_a_box_that_is_switched_off_is_shown_offline_and_then_online_again(site: Site) -> None:
    machine = await site.field.a_machine(0)
    folder = box.prepare(site.stack.settings.data_dir / "edge", "JETSON-SIM-0001", seed=1)
    box.give_key(site.stack, folder, site.keys[MACHINES[0].serial_number])
    await box.switch_on(site.stack, "edge", folder)
    admin = site.people["admin"]
    await admin.send("/mesin")
    await admin.tap(machine.name, timeout_s=PATIENCE_S)
    await admin.wait_for(says(machine.name, "Online sejak"), PATIENCE_S)

    await site.stack.supervisor.stop("edge")
    await admin.wait_for(says(machine.name, "Offline sejak", "Terakhir terdengar"), PATIENCE_S)

    await box.switch_on(site.stack, "edge", folder)
    await admin.wait_for(says(machine.name, "Online sejak"), PATIENCE_S)
