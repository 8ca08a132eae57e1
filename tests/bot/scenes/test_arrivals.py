"""Being there: by the machine's code, a live location, a chosen point, or a reason."""

import pytest

from domain.assignments import AssignmentPolicy, AssignmentStatus
from siaga.simulator.person import labels
from tests.bot.scenes.field_day import (
    FAR,
    NEAR,
    an_accepted_task,
    an_old_position,
    keys,
    move_live,
    picture,
    taps,
    without_steps,
)
from tests.bot.scenes.world import World
from tests.waiting import eventually


async def test_an_accepted_task_costs_a_tap_for_the_pin_and_one_for_the_end(world: World) -> None:
    technician = await world.player("technician")
    await without_steps(world)
    machine = await world.field.a_machine(0)
    task = await an_accepted_task(world, policy=AssignmentPolicy(offer_stands_s=3600))
    await technician.wait_for("Pindai QR di mesin")

    await technician.start(f"m_{machine.uuid.hex}")
    await technician.wait_for("Mulai: Perawatan RVM Mall Grand Indonesia (#1) · QR mesin")
    await technician.photo(picture(1), caption="sebelum")
    await technician.photo(picture(2), picture(3), caption="sesudah dilap")
    await technician.wait_for("3 foto (sebelum 1, sesudah 2)")
    assert await taps(world) == 0
    await technician.tap("PIN")
    await technician.wait_for("Ketik di layar PIN mesin")
    assert await taps(world) == 1
    told = await technician.tap("Selesaikan")
    assert await taps(world) == 2

    done = await technician.wait_for("Terima kasih")
    assert told["answered"]
    assert done["reply_markup"] == {"remove_keyboard": True} or not keys(done)
    card = await technician.wait_for("Bisa dibatalkan sampai")
    assert "↩️ Batalkan selesai (2 menit)" in list(labels(card))
    assert (await world.field.row(task)).status == AssignmentStatus.COMPLETED

    # A photo that comes after the end is not lost without a word; the end can be taken back.
    await technician.photo(picture(4))
    await technician.wait_for("Tulis “batalkan selesai”")
    await technician.tap("Batalkan selesai")
    await technician.wait_for("dibuka lagi")
    await technician.photo(picture(4))
    await technician.wait_for("4 foto")
    await technician.send("selesai #1: engsel baru")
    await technician.wait_for("Terima kasih")
    await technician.send("selesai")
    await technician.wait_for("sekarang Selesai sejak")
    assert (await world.field.row(task)).completion_notes == "engsel baru"


async def test_arrival_is_shown_by_a_live_location_or_refused_with_what_to_do(world: World) -> None:
    technician = await world.player("technician")
    task = await an_accepted_task(world)
    await technician.wait_for("Pindai QR di mesin")

    # Nothing is known: asked. Too far: how far, and what helps.
    await technician.tap("Mulai kerja")
    await technician.wait_for("Anda sudah di lokasi?")
    await technician.location(*FAR)
    told = await technician.wait_for("dari mesin; paling jauh")
    assert "pindai kode QR" in told["text"]
    # The key under the text field is no answer to the question: it asks again.
    await technician.send("▶️ Mulai")
    await technician.wait_for("Dibatalkan")
    await world.settled()
    await technician.tap("Batal")
    # An hour old: not even looked at.
    await an_old_position(world, technician)
    await world.settled()
    seen = await technician.last()
    await technician.tap("Mulai kerja")
    await technician.wait_for("Anda sudah di lokasi?", after=seen)
    await world.settled()
    await technician.tap("Batal")
    await world.settled()
    # A live location is followed; only its last point is kept.
    sent = await technician.location(*FAR, live_period=3600, horizontal_accuracy=20)
    await technician.wait_for("saya ikuti sampai perawatan")
    await move_live(world, technician, sent, NEAR)
    looking = "select is_live, latitude, accuracy_m from last_positions"
    await eventually(lambda: world.rows(looking), lambda found: found == [(True, NEAR[0], 12.0)])

    answer = await technician.tap("Mulai kerja")

    assert "lokasi langsung" in answer["text"]
    row = await world.field.row(task)
    assert row.status == AssignmentStatus.IN_PROGRESS
    assert row.arrival is not None
    assert row.arrival.method == "live"
    assert row.arrival.distance_m is not None
    assert row.arrival.distance_m < 100
    # Once the work has begun, nobody is followed any more.
    await move_live(world, technician, sent, FAR)
    await technician.send("/saya")
    await technician.wait_for("Anda memegang")
    assert await world.rows(looking) == [(True, NEAR[0], 12.0)]


@pytest.mark.parametrize("how", ["point", "reason"])
async def test_arrival_by_a_point_or_with_a_reason(world: World, how: str) -> None:
    technician = await world.player("technician")
    task = await an_accepted_task(world)
    await technician.wait_for("Pindai QR di mesin")
    await technician.send("Mulai!")
    await technician.wait_for("Anda sudah di lokasi?")

    if how == "point":
        await technician.location(*NEAR)
        await technician.wait_for("titik lokasi")
    else:
        await technician.tap("Tanpa bukti")
        await technician.send("GPS mati di basemen")
        await technician.wait_for("· tanpa bukti lokasi")

    arrival = (await world.field.row(task)).arrival
    assert arrival is not None
    assert (arrival.method, arrival.reason) == (
        ("point", "") if how == "point" else ("none", "GPS mati di basemen")
    )


async def test_the_code_of_a_machine_shows_each_what_is_theirs(world: World) -> None:
    technician, admin = await world.player("technician"), await world.player("admin")
    machine = await world.field.a_machine(0)
    code = f"m_{machine.uuid.hex}"

    await technician.start(code)
    await technician.wait_for("Tidak ada tugas untuk Anda di mesin ini")
    await admin.start(code)
    await admin.wait_for("RVM Mall Grand Indonesia · Menunggu perangkat")
    stranger = await world.stranger("Tamu")
    await stranger.start(code)
    await stranger.wait_for("Apa masalahnya?")
    await technician.start("m_" + "0" * 32)
    await technician.wait_for("Tidak ditemukan")
    await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")
    await technician.start(code)
    await technician.wait_for("Kartu ini ada di pesan yang lebih baru")


async def test_the_first_task_brings_the_keyboard_and_the_next_ones_a_toast_alone(world: World) -> None:
    technician = await world.player("technician")

    told = []
    for number in (1, 2):
        await world.field.a_task()
        await technician.wait_for(f"#{number}")
        told.append((await technician.tap("Terima"))["text"])
        await world.settled()

    assert all(text.startswith("Diterima") for text in told)
    brought = [one["text"] for one in await technician.messages() if one.get("text", "").startswith("👍")]
    assert len(brought) == 1
    assert "#1" in brought[0]
