"""A technician's day on the phone: asked with others, arrived by code, steps ticked, a mistake taken back."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import insert

from db.chat.cards import ensure_card
from db.models.access import LastPosition
from db.models.assignments import Checklist
from db.session import SYSTEM
from domain.assignments import AssignmentMove, AssignmentPolicy, AssignmentStatus, AssignmentView, TaskType
from domain.chat import Loudness, Thing
from domain.checklists import CheckOutcome
from siaga.simulator.person import Message, Person, labels
from tests.bot.scenes.world import World
from tests.waiting import eventually

NEAR, FAR = (-6.1953, 106.8210), (-6.2040, 106.8300)
"""30 metres and 1.4 km from the machine in the mall."""
STEPS = [
    {"code": "door", "label_id": "Pintu servis bersih", "label_en": "Service door clean"},
    {"code": "camera", "label_id": "Kamera jernih", "label_en": "Camera clear", "critical": True},
    {
        "code": "volt",
        "label_id": "Tegangan",
        "label_en": "Voltage",
        "kind": "number",
        "minimum": 11,
        "maximum": 13,
        "unit": "V",
    },
    {"code": "note", "label_id": "Temuan", "label_en": "Findings", "kind": "text"},
    {"code": "plate", "label_id": "Foto pelat", "label_en": "Photo of the plate", "kind": "photo"},
]
FULL = {"kind": "tick", "critical": False, "minimum": None, "maximum": None, "unit": ""}


async def a_checklist(world: World, task_type: TaskType = TaskType.MAINTENANCE) -> None:
    """Give the organization steps for a type of task."""
    async with world.field.database.transaction(SYSTEM) as session:
        await session.execute(
            insert(Checklist).values(
                organization_id=world.field.organization,
                task_type=task_type,
                items=[FULL | step for step in STEPS],
            )
        )


async def an_accepted_task(world: World, **changes: object) -> AssignmentView:
    task = await world.field.a_task(**changes)
    await world.field.move(task, AssignmentMove.ACCEPT)
    return task


async def taps(world: World) -> int:
    """Count the callback queries the bot has been sent."""
    found = await world.rows("select count(*) from telegram_updates where payload ? 'callback_query'")
    return int(found[0][0])


async def move_live(world: World, who: Person, sent: Message, place: tuple[float, float]) -> None:
    """Let a live location move."""
    url = f"/sim/people/{who.id}/location/{sent['message_id']}"
    body = {"latitude": place[0], "longitude": place[1], "horizontal_accuracy": 12}
    (await world.http.put(url, json=body)).raise_for_status()


def keys(message: Message) -> list[str]:
    """Return the labels of the keyboard under the text field that a message brought."""
    markup = message.get("sim", {}).get("reply_markup") or message.get("reply_markup") or {}
    return [key["text"] for row in markup.get("keyboard", ()) for key in row]


def picture(number: int) -> bytes:
    """Return a picture like no other."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (number * 20 % 256, number * 7 % 256, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


async def test_a_pool_is_asked_the_first_has_it_and_the_others_are_told_silently(world: World) -> None:
    admin = await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    await world.field.a_machine(0)
    await admin.send("/tugaskan")
    await admin.tap("Grand Indonesia")
    await admin.tap("Perawatan")
    await admin.tap("Tinggi")
    await admin.tap("Beberapa orang")
    await admin.wait_for("Ketuk nama satu per satu")
    await admin.tap("Technician")
    await admin.wait_for(lambda one: any("✅ 1. Technician" in label for label in labels(one)))
    await admin.tap("Operator")
    await admin.tap("Tanya sekaligus (2)")
    await admin.tap("Besok")
    await admin.tap("09")
    await admin.tap("Lewati")
    asks = await admin.wait_for("Kirim tugas ini?")
    assert "siapa cepat" in asks["text"]
    await admin.tap("Kirim tugas")
    offered = await technician.wait_for("Ditanyakan juga kepada 1 orang lain")
    assert list(labels(offered)) == ["Terima", "Tolak", "📍 Peta"]
    await operator.wait_for("Bisa Anda kerjakan?")
    assert "Technician, Operator" in (await admin.wait_for("Menunggu jawaban"))["text"]
    before = len(await technician.messages())

    accepted = await operator.tap("Terima")

    assert "Diterima" in accepted["text"]
    await technician.wait_for("Diambil oleh Operator")
    assert len(await technician.messages()) == before
    late = await world.http.post(
        f"/sim/people/{technician.id}/tap",
        json={"message_id": offered["message_id"], "data": _data(offered, "Terima"), "stale": True},
    )
    assert "lebih dulu diterima oleh Operator" in late.json()["text"]


async def test_the_dispatcher_changes_time_priority_and_person_and_the_holder_postpones(world: World) -> None:
    admin = await world.player("admin")
    technician, operator = await world.player("technician"), await world.player("operator")
    task = await world.field.a_task("Operator")
    await world.field.move(task, AssignmentMove.ACCEPT, "Operator")
    async with world.field.database.transaction(SYSTEM) as session:
        dispatcher = world.field.people["Admin"]
        await ensure_card(
            session,
            Thing.ASSIGNMENT,
            task.assignment_id,
            dispatcher,
            loudness=Loudness.SOUND,
            source="test",
        )

    await admin.tap("Ubah waktu")
    await admin.tap("Besok")
    await admin.tap("14")
    await admin.wait_for("14.00")
    await operator.wait_for("dijadwalkan ulang ke")
    await admin.tap("Ubah prioritas")
    await admin.tap("Mendesak")
    await admin.wait_for("prioritas 🔴 mendesak")
    await admin.tap("Pilih orang lain")
    await admin.tap("Technician")
    await admin.wait_for("ditawarkan kepada Technician")
    await technician.send("terima")
    held = await technician.wait_for("untuk Anda")
    assert keys(held) == ["▶️ Mulai", "📍 Lokasi saya", "✅ Selesai", "⚠️ Masalah"]

    await technician.send("tunda besok 16")
    await technician.tap("Jalan macet")
    await technician.wait_for("ditunda sampai")
    await admin.wait_for("Technician menunda")
    await technician.send("kembalikan ban bocor")
    await technician.wait_for("Anda kembalikan")
    await admin.wait_for("mengembalikan")


def _data(card: Message, label: str) -> str:
    buttons = [button for row in card["reply_markup"]["inline_keyboard"] for button in row]
    return str(next(button["callback_data"] for button in buttons if button["text"] == label))


async def test_an_accepted_task_costs_one_tap_from_the_code_to_the_end(world: World) -> None:
    technician = await world.player("technician")
    machine = await world.field.a_machine(0)
    task = await an_accepted_task(world, policy=AssignmentPolicy(offer_stands_s=3600))
    await technician.wait_for("Pindai QR di mesin")

    await technician.start(f"m_{machine.uuid.hex}")
    await technician.wait_for("Mulai: Perawatan RVM Mall Grand Indonesia (#1) · QR mesin")
    await technician.photo(picture(1), caption="sebelum")
    await technician.photo(picture(2), picture(3), caption="sesudah dilap")
    await technician.wait_for("3 foto (sebelum 1, sesudah 2)")
    assert await taps(world) == 0
    told = await technician.tap("Selesaikan")
    assert await taps(world) == 1

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

    await technician.tap("Mulai kerja")

    await technician.wait_for("lokasi langsung")
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


async def an_old_position(world: World, who: Person) -> None:
    """Let a person's last position be an hour old."""
    user_id = world.field.people[who.name]
    at = datetime.now(UTC) - timedelta(hours=1)
    async with world.field.database.transaction(SYSTEM) as session:
        await session.merge(
            LastPosition(
                user_id=user_id, latitude=NEAR[0], longitude=NEAR[1], accuracy_m=5.0, is_live=True, at=at
            )
        )


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


async def test_a_checklist_is_one_message_and_only_the_rest_is_asked(world: World) -> None:
    technician = await world.player("technician")
    await a_checklist(world)
    task = await an_accepted_task(world)
    await world.field.move(task, AssignmentMove.START)
    card = await technician.wait_for("Daftar periksa · RVM Mall Grand Indonesia · #1 · 0/5")
    assert "⬜ 2. Kamera jernih" in list(labels(card))
    await technician.photo(picture(1))
    await technician.wait_for("1 foto")
    refused = await technician.tap("Selesaikan")
    assert "5 langkah" in refused["text"]

    await technician.send("semua ok")
    await technician.wait_for("Tulis angkanya (11-13 V)")
    await technician.send("14,5")
    await technician.wait_for("Temuan")
    await technician.send("Kabel longgar")
    await technician.wait_for("Foto pelat")
    await technician.photo(picture(2))
    await technician.wait_for("· 5/5")
    await technician.tap("2. Kamera jernih")

    card = await technician.wait_for("❌ 2. Kamera jernih ❗")
    assert "❌ 3. Tegangan: 14,5 V" in card["text"]
    assert "tugas lanjutan dibuat" in card["text"]
    answers = {one.code: one.outcome for one in (await world.field.row(task)).answers}
    assert answers["volt"] == answers["camera"] == CheckOutcome.FAILED
    assert len((await world.field.row(task)).photos) == 2


async def test_a_phone_that_was_offline_sends_its_queue_and_the_state_is_right(world: World) -> None:
    technician = await world.player("technician")
    machine = await world.field.a_machine(0)
    task = await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")

    await technician.offline()
    await technician.send("Terima 👍")
    await technician.start(f"m_{machine.uuid.hex}")
    await technician.photo(*(picture(number) for number in range(10)), caption="sebelum")
    await technician.photo(*(picture(number) for number in (10, 11, 11)))
    await technician.send("masalah")
    await technician.send("semua ok")
    await technician.send("DONE, all clean")
    await technician.online()

    await technician.wait_for("Terima kasih")
    row = await world.field.row(task)
    assert row.status == AssignmentStatus.COMPLETED
    assert row.completion_notes == "all clean"
    assert len(row.photos) == 12
    shown = [one.get("text", "") for one in await technician.messages()]
    assert any("persis sama" in one for one in shown)
    assert any("Pilih yang menolong" in one for one in shown)


async def test_access_by_hand_shows_where_one_may_enter_nearest_first(world: World) -> None:
    boss, technician = await world.player("super_admin"), await world.player("technician")
    await technician.send("/mesinsaya")
    await technician.wait_for("Belum ada mesin yang boleh Anda masuki")
    for number, name in ((0, "Grand Indonesia"), (1, "Stasiun Gambir")):
        await boss.send("/grant")
        await boss.tap("Siaga Daur Ulang")
        await boss.tap("Technician")
        await boss.tap(name)
        await boss.tap("Tomorrow" if number else "Skip")
        if number:
            await boss.tap("09")
        await boss.wait_for("WIB" if number else "Without an end")
        await boss.tap("Grant access")
        await boss.wait_for("may enter RVM " + ("Stasiun" if number else "Mall"))
        await technician.wait_for(f"Anda boleh masuk RVM {'Stasiun' if number else 'Mall'}")

    await technician.location(-6.1770, 106.8300)

    listed = await technician.wait_for("terdekat dulu")
    assert listed["text"].index("Gambir") < listed["text"].index("Grand Indonesia")
    await technician.tap("📍 1")
    await technician.wait_for(lambda one: "venue" in one and "Gambir" in one["venue"]["title"])
    await boss.send("/revoke")
    await boss.tap("Siaga Daur Ulang")
    await boss.tap("Technician · RVM Stasiun")
    await boss.tap("Yes, take it back")
    await technician.wait_for("Akses Anda ke RVM Stasiun Gambir sudah dicabut")
    refused = await technician.tap("📍 1", listed)
    assert refused["show_alert"]


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
    await stranger.wait_for("Saya belum mengenal Anda")
    await technician.start("m_" + "0" * 32)
    await technician.wait_for("Tidak ditemukan")
    await world.field.a_task()
    await technician.wait_for("Bisa Anda kerjakan?")
    await technician.start(code)
    await technician.wait_for("Kartu ini ada di pesan yang lebih baru")


async def test_a_word_for_one_of_two_tasks_is_asked_by_buttons(world: World) -> None:
    technician = await world.player("technician")
    await technician.send("selesai")
    await technician.wait_for("Tidak ada tugas untuk Anda saat ini")
    first, second = await world.field.a_task(), await world.field.a_task()
    await technician.wait_for("#2")
    await technician.send("mulai")
    await technician.wait_for("sekarang Menunggu: terima dulu")
    await technician.send("tolak motor mogok")
    await technician.wait_for("Untuk tugas yang mana?")
    await technician.tap("#2")
    await technician.wait_for("#2 RVM Mall Grand Indonesia Anda tolak")
    await technician.send("terima #2")
    await technician.wait_for("Tidak ditemukan")
    await technician.send("terima")
    await technician.wait_for("#1 RVM Mall Grand Indonesia untuk Anda")

    assert (await world.field.row(first)).status == AssignmentStatus.ACCEPTED
    assert (await world.field.row(second)).status == AssignmentStatus.PENDING
