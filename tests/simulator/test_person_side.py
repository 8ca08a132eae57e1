"""People with their phones: taps, blocks, bad files, no signal, groups."""

import asyncio

import httpx
import pytest
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from siaga.simulator.person import Person
from tests.simulator.conftest import Simulator
from tests.simulator.leftovers import leftovers

KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("✅ Terima", callback_data="accept:7", style="success")],
        [
            InlineKeyboardButton("Peta", url="https://siaga.id/peta"),
            InlineKeyboardButton("Salin", copy_text=CopyTextButton("KUNCI-1")),
        ],
    ]
)


async def a_card(simulator: Simulator, chat: int) -> Message:
    return await simulator.bot.send_message(chat, "Tugas 7", reply_markup=KEYBOARD)


async def answer_next_tap(simulator: Simulator, text: str | None = None, *, alert: bool = False) -> Update:
    (update,) = await simulator.bot.get_updates(timeout=10)
    assert update.callback_query
    await update.callback_query.answer(text, show_alert=alert)
    await simulator.forget_updates()
    return update


async def test_tap_waits_for_the_bots_answer(simulator: Simulator) -> None:
    person = await simulator.person()
    card = await a_card(simulator, person.id)

    told, update = await asyncio.gather(
        person.tap("Terima"), answer_next_tap(simulator, "Diterima", alert=True)
    )

    assert (told["answered"], told["text"], told["show_alert"]) == (True, "Diterima", True)
    assert update.callback_query
    assert (update.callback_query.data, update.callback_query.message) == ("accept:7", card)
    assert leftovers(update) == []


async def test_a_tap_is_answered_once(simulator: Simulator) -> None:
    person = await simulator.person()
    await a_card(simulator, person.id)
    told, _ = await asyncio.gather(person.tap("Terima"), answer_next_tap(simulator))

    with pytest.raises(BadRequest, match="Query is too old"):
        await simulator.bot.answer_callback_query(told["callback_query_id"])


async def test_an_old_tap_can_no_longer_be_answered(simulator: Simulator) -> None:
    person = await simulator.person()
    card = await a_card(simulator, person.id)
    body = {"message_id": card.message_id, "data": "accept:7", "timeout_s": 0}
    told = (await simulator.post(f"/sim/people/{person.id}/tap", **body)).json()
    assert not told["answered"]

    await simulator.post("/sim/clock", advance_s=60)

    with pytest.raises(BadRequest, match="Query is too old"):
        await simulator.bot.answer_callback_query(told["callback_query_id"])


async def test_links_and_copies_need_no_bot(simulator: Simulator) -> None:
    person = await simulator.person()
    await a_card(simulator, person.id)

    assert await person.tap("Peta") == {"url": "https://siaga.id/peta"}
    assert await person.tap("Salin") == {"copied": "KUNCI-1"}
    assert await simulator.updates() == []


async def test_a_button_that_is_gone_is_not_found_but_a_phone_behind_may_still_tap(
    simulator: Simulator,
) -> None:
    person = await simulator.person()
    card = await a_card(simulator, person.id)
    await card.edit_text("Selesai")
    tap = {"message_id": card.message_id, "data": "accept:7", "timeout_s": 0}

    gone = await simulator.post(f"/sim/people/{person.id}/tap", **tap)
    behind = await simulator.post(f"/sim/people/{person.id}/tap", **tap, stale=True)

    assert (gone.status_code, behind.status_code) == (404, 200)
    (update,) = await simulator.updates()
    assert update["callback_query"]["message"]["text"] == "Selesai"
    assert "reply_markup" not in update["callback_query"]["message"]


async def test_without_signal_texts_wait_and_taps_fail(simulator: Simulator) -> None:
    person = await simulator.person()
    card = await a_card(simulator, person.id)
    await person.offline()
    await person.send("satu")
    await person.photo(raw_photo := b"x", raw=True)
    await simulator.bot.send_message(person.id, "sementara itu")

    with pytest.raises(httpx.HTTPStatusError, match="no signal"):
        await person.tap("Terima")
    assert (await person.last())["message_id"] == card.message_id
    assert await simulator.updates() == []
    (chat,) = await simulator.get(f"/sim/people/{person.id}/chats")
    assert chat["unread"] == 2

    await person.online()

    sent = [one["message"] for one in await simulator.updates()]
    assert [one.get("text") for one in sent] == ["satu", None]
    assert sent[1]["photo"][0]["file_size"] == len(raw_photo)
    assert "sementara itu" in [one.get("text") for one in await person.messages()]


async def test_read_clears_the_unread_count(simulator: Simulator) -> None:
    person = await simulator.person()
    await simulator.bot.send_message(person.id, "satu")

    await simulator.post(f"/sim/people/{person.id}/chats/{person.id}/read")
    await simulator.bot.send_message(person.id, "dua")

    (chat,) = await simulator.get(f"/sim/people/{person.id}/chats")
    assert chat["unread"] == 1
    assert chat["last_message"]["text"] == "dua"


async def test_a_file_that_is_no_image_is_refused_unless_sent_raw(simulator: Simulator) -> None:
    person = await simulator.person()

    with pytest.raises(httpx.HTTPStatusError, match="400"):
        await person.photo(b"no image")
    await person.photo(b"no image", raw=True)

    (update,) = await simulator.updates()
    file = await simulator.bot.get_file(update["message"]["photo"][-1]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"no image"


async def test_blocking_is_told_and_start_unblocks(simulator: Simulator) -> None:
    person = await simulator.person()
    await person.block()
    await person.start("lagi")

    blocked, unblocked, started = await simulator.updates()
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start lagi"


async def test_deleted_messages_are_marked(simulator: Simulator) -> None:
    person = await simulator.person()
    message = await simulator.bot.send_message(person.id, "sebentar")
    await message.delete()

    shown = await simulator.get(f"/sim/people/{person.id}/chats/{person.id}/messages")

    assert shown[-1]["sim"]["deleted"]
    assert "sebentar" not in [one.get("text") for one in await person.messages()]


async def test_forum_threads_are_apart(simulator: Simulator) -> None:
    person = await simulator.person()
    forum = await simulator.group(person, is_forum=True)
    topic = await simulator.bot.create_forum_topic(forum, "Tiket 1")
    await simulator.bot.send_message(forum, "di topik", message_thread_id=topic.message_thread_id)
    await simulator.bot.send_message(forum, "di umum")

    path = f"/sim/people/{person.id}/chats/{forum}/messages?thread={topic.message_thread_id}"
    in_topic = [one["text"] for one in await simulator.get(path) if "text" in one]
    (_, chat) = await simulator.get(f"/sim/people/{person.id}/chats")

    assert in_topic == ["di topik"]
    assert [one["name"] for one in chat["topics"]] == ["Tiket 1"]


async def test_events_tell_of_messages_and_toasts(simulator: Simulator) -> None:
    person = await simulator.person()
    seq = (await simulator.get("/sim/calls"))[-1]["seq"]
    await a_card(simulator, person.id)
    await asyncio.gather(person.tap("Terima"), answer_next_tap(simulator, "Diterima"))

    kinds = await events_until(simulator, seq, "toast")

    assert "message" in kinds
    assert "call" in kinds


async def events_until(simulator: Simulator, after: int, last: str) -> list[str]:
    """The kinds of the events after that number, up to the first of kind `last`."""
    kinds: list[str] = []
    async with asyncio.timeout(10), simulator.http.stream("GET", f"/sim/events?after={after}") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                kinds.append(line.split('"kind": "', 1)[1].split('"', 1)[0])
                if kinds[-1] == last:
                    break
    return kinds


async def test_waiting_ends_when_the_message_comes(simulator: Simulator) -> None:
    person = await simulator.person()
    waiting = asyncio.create_task(person.wait_for("Tugas"))

    card = await a_card(simulator, person.id)

    assert (await waiting)["message_id"] == card.message_id


async def test_waiting_after_a_message_wants_something_newer(simulator: Simulator) -> None:
    person = await simulator.person()
    card = await a_card(simulator, person.id)
    before = await person.last()
    waiting = asyncio.create_task(person.wait_for("Tugas", after=before))

    await card.edit_text("Tugas 7: diterima")

    assert (await waiting)["text"] == "Tugas 7: diterima"


async def test_a_failed_wait_shows_the_chat(simulator: Simulator) -> None:
    person: Person = await simulator.person()
    await a_card(simulator, person.id)

    with pytest.raises(AssertionError) as failed:
        await person.wait_for("Selesai", timeout_s=0.1)

    assert "Budi did not see 'Selesai' within 0.1 s" in str(failed.value)
    assert "Siaga: Tugas 7 [✅ Terima] [Peta] [Salin]" in str(failed.value)
