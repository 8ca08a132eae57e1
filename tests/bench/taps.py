"""A tap on a card: until the callback is answered, and until the card is edited (DESIGN 11, rows 1 and 2)."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from sqlalchemy import text

from bot.callbacks import CallbackSigner, Tap
from db.positions import note_position
from db.queries.positions import Seen
from db.session import SYSTEM
from domain.assignments import AssignmentMove
from domain.chat import Thing
from tests.bench.by_hand import QUEUE, Bare
from tests.bench.cpu import CpuMeter
from tests.bench.figures import Bar, Row, percentile
from tests.bench.furnish import LATITUDE, LONGITUDE
from tests.bench.world import World

PAUSE_S = 0.15
"""Between single taps and between single bare updates alike: what the one before left behind is over."""
EDITED_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a card."""

    chat_id: int
    message_id: int
    data: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap: when (seconds since 1970), where, and after how many milliseconds it was answered.

    One without an answer counts with the 15 s that the phone waits.
    """

    at: float
    button: Button
    answered_ms: float


async def measure(world: World) -> list[Row]:
    """Measure rounds of: bare updates one by one, taps one by one, null bot, taps at the rate."""
    costs = ""
    await world.start_bot()
    single, bare, null, loaded_p50, loaded_p95, edited = [], [], [], [], [], []
    plan = world.plan
    try:
        async with httpx.AsyncClient(base_url=world.simulator, timeout=60, trust_env=False) as phone:
            await world.chat_is_quiet()
            for _ in range(plan.rounds):
                buttons = await _new_buttons(world, plan.single_taps)
                bare.append(percentile(await _bare_updates(world), 0.5))
                single.append(percentile(await _one_by_one(phone, buttons), 0.5))
                null.append(percentile(await _null_bot(world), 0.5))
                buttons = await _new_buttons(world, int(plan.tap_rate * plan.tap_load_s))
                meter = CpuMeter(world.stack)
                taps, edits = await _at_rate(world, phone, buttons)
                costs = meter.per(len(taps), "tap")
                answered = [tap.answered_ms for tap in taps]
                loaded_p50.append(percentile(answered, 0.5))
                loaded_p95.append(percentile(answered, 0.95))
                edited.append(percentile(edits, 0.95))
    finally:
        await world.stop_bot()
    rate = f"{plan.tap_rate:g} taps/s"
    return [
        Row(
            "tap → callback answered, p50",
            "ms",
            single,
            "bare Temporal update, p50",
            bare,
            Bar("ratio", "≤", 3),
        ),
        Row("the same through a null handler, p50", "ms", null, "bare Temporal update, p50", bare),
        Row(f"tap → callback answered, p50 at {rate}", "ms", loaded_p50),
        Row(
            f"tap → callback answered, p95 at {rate}",
            "ms",
            loaded_p95,
            bar=Bar("figure", "≤", 300),
            note=costs,
        ),
        Row(f"tap → card edited, p95 at {rate}", "ms", edited, bar=Bar("figure", "≤", 1000)),
    ]


async def _new_buttons(world: World, many: int) -> list[Button]:
    """Offer assignments, wait for their cards, and return their buttons: all to accept, then all to start."""
    slots = asyncio.Semaphore(20)

    async def offer(place: int) -> int:
        async with slots:
            return (await world.new_assignment(place)).assignment_id

    offered = await asyncio.gather(*(offer(place) for place in range((many + 1) // 2)))
    await world.chat_is_quiet()
    async with world.database.transaction(SYSTEM) as session:
        rows = await session.execute(
            text(
                "select thing_id, chat_id, message_id from cards"
                " where thing = 'assignment' and thing_id = any(:ids) order by thing_id"
            ),
            {"ids": list(offered)},
        )
        cards = list(rows)
        # Everybody stands at the machines and shows it: a start is one tap then.
        for one in world.technicians:
            here = Seen(LATITUDE, LONGITUDE, 10.0, is_live=True, at=datetime.now(UTC))
            await note_position(session, one.user_id, here)
    signer = CallbackSigner(world.stack.settings.secret_key)
    found = [
        Button(
            card.chat_id,
            card.message_id,
            signer.encode(Tap(Thing.ASSIGNMENT, move, card.thing_id), card.chat_id),
        )
        for move in (AssignmentMove.ACCEPT, AssignmentMove.START)
        for card in cards
    ]
    return found[:many]


async def _tap(phone: httpx.AsyncClient, button: Button) -> Tapped:
    wanted = {"message_id": button.message_id, "data": button.data, "stale": True}
    at = time.time()
    answer = (await phone.post(f"/sim/people/{button.chat_id}/tap", json=wanted)).raise_for_status().json()
    if answer["show_alert"]:
        message = f"the tap {button.data} was refused: {answer['text']}"
        raise RuntimeError(message)
    return Tapped(at, button, answer["elapsed_ms"])


async def _one_by_one(phone: httpx.AsyncClient, buttons: Sequence[Button]) -> list[float]:
    found = []
    for button in buttons:
        found.append((await _tap(phone, button)).answered_ms)
        await asyncio.sleep(PAUSE_S)
    return found


async def _bare_updates(world: World) -> list[float]:
    handle = await world.client.start_workflow(Bare.run, id=world.source(), task_queue=QUEUE)
    await handle.execute_update(Bare.nothing, arg=False)
    found = []
    for _ in range(world.plan.single_taps):
        begun = time.perf_counter()
        await handle.execute_update(Bare.nothing, arg=False, id=world.source())
        found.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(PAUSE_S)
    await handle.execute_update(Bare.nothing, arg=True)
    return found


async def _null_bot(world: World) -> list[float]:
    async with httpx.AsyncClient(base_url=world.null_simulator, timeout=60, trust_env=False) as phone:
        person = (await phone.post("/sim/people", json={"first_name": "Null"})).json()["id"]
        await phone.post(f"/sim/people/{person}/start", json={"payload": ""})
        shown: list[int] = []
        while not shown:
            await asyncio.sleep(0.1)
            messages = (await phone.get(f"/sim/people/{person}/chats/{person}/messages")).json()
            shown = [one["message_id"] for one in messages if "reply_markup" in one]
        return await _one_by_one(phone, [Button(person, shown[0], "tap")] * world.plan.single_taps)


async def _at_rate(
    world: World, phone: httpx.AsyncClient, buttons: Sequence[Button]
) -> tuple[list[Tapped], list[float]]:
    """Tap at the plan's rate without waiting for answers; return the taps and the edits' milliseconds."""
    calls = (await phone.get("/sim/calls")).json()
    before = calls[-1]["seq"] if calls else 0
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def at_its_time(place: int, button: Button) -> Tapped:
        await asyncio.sleep(max(0.0, begun + place / world.plan.tap_rate - loop.time()))
        return await _tap(phone, button)

    taps = await asyncio.gather(*(at_its_time(place, button) for place, button in enumerate(buttons)))
    await world.chat_is_quiet()
    given = {"after": before, "method": "editMessageText"}
    edits = (await phone.get("/sim/calls", params=given)).json()
    return taps, [_edited_after(tap, edits) for tap in taps]


def _edited_after(tap: Tapped, edits: Sequence[dict[str, object]]) -> float:
    """Return the milliseconds until the tapped card was edited, at most those of ``EDITED_WITHIN_S``."""
    for edit in edits:
        params, at = edit["params"], edit["at"]
        if not isinstance(params, dict) or not isinstance(at, float) or at < tap.at or edit["status"] != 200:
            continue
        if (
            int(params["message_id"]) == tap.button.message_id
            and int(params["chat_id"]) == tap.button.chat_id
        ):
            return (at - tap.at) * 1000
    return EDITED_WITHIN_S * 1000
