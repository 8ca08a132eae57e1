"""The refusals of TELEGRAM 5, each with its exact text: a case per line."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.simulator.conftest import Simulator, image

NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
TOO_OLD = "Query is too old and response timeout expired or query id is invalid"
MARKUP = "Can't parse entities: "


@dataclass
class Scene:
    """A private chat with a message of the bot, "satu"."""

    bot: Bot
    chat: int
    own: int


Action = Callable[[Scene], Awaitable[object]]


def button(**what: Any) -> InlineKeyboardMarkup:  # noqa: ANN401 - whatever a button may have
    return InlineKeyboardMarkup([[InlineKeyboardButton("Buka", **what)]])


def html(text: str) -> Action:
    return lambda s: s.bot.send_message(s.chat, text, parse_mode="HTML")


def markdown(text: str) -> Action:
    return lambda s: s.bot.send_message(s.chat, text, parse_mode="MarkdownV2")


def send(text: str, **more: Any) -> Action:  # noqa: ANN401 - whatever a message may have
    return lambda s: s.bot.send_message(s.chat, text, **more)


CASES: dict[str, tuple[Action, str]] = {
    "same text": (lambda s: s.bot.edit_message_text("satu", s.chat, s.own), NOT_MODIFIED),
    "same keyboard": (lambda s: s.bot.edit_message_reply_markup(s.chat, s.own), NOT_MODIFIED),
    "unknown chat": (lambda s: s.bot.send_message(404, "a"), "Chat not found"),
    "no text": (send(" "), "Message text is empty"),
    "only empty tags": (html("<b></b>"), "Message text is empty"),
    "long text": (send("a" * 4097), "Message is too long"),
    "long caption": (
        lambda s: s.bot.send_photo(s.chat, image(), caption="a" * 1025),
        "Message caption is too long",
    ),
    "edit of nothing": (
        lambda s: s.bot.edit_message_text("a", s.chat, 1),
        "Message to edit not found",
    ),
    "deleting nothing": (lambda s: s.bot.delete_message(s.chat, 1), "Message to delete not found"),
    "reply to nothing": (send("a", reply_parameters=ReplyParameters(1)), "Message to be replied not found"),
    "unknown topic": (send("a", message_thread_id=5), "Message thread not found"),
    "unknown tap": (lambda s: s.bot.answer_callback_query("1"), TOO_OLD),
    "unknown markup": (send("a", parse_mode="BBCode"), "Unsupported parse_mode"),
    "album of 11": (
        lambda s: s.bot.send_media_group(s.chat, [InputMediaPhoto(image())] * 11),
        "Too many messages to send as an album",
    ),
    "unknown file": (
        lambda s: s.bot.get_file("AgACnope"),
        "Wrong file_id or the file is temporarily unavailable",
    ),
    "photo by unknown file": (
        lambda s: s.bot.send_photo(s.chat, "AgACnope"),
        "Wrong file_id or the file is temporarily unavailable",
    ),
    "no image": (lambda s: s.bot.send_photo(s.chat, b"text"), "Image_process_failed"),
    "odd action": (
        lambda s: s.bot.send_chat_action(s.chat, "dancing"),
        "Wrong parameter action in request",
    ),
    "text button": (
        send("a", reply_markup=button()),
        "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
    ),
    "no forum": (lambda s: s.bot.create_forum_topic(s.chat, "a"), "The chat is not a forum"),
    "unsupported tag": (html("é<x>"), MARKUP + 'unsupported start tag "x" at byte offset 2'),
    "unclosed tag": (html("a<b"), MARKUP + "unclosed start tag at byte offset 1"),
    "crossed tags": (
        html("<b>a</i>"),
        MARKUP + 'unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    "open tag": (html("<b>a"), MARKUP + 'can\'t find end tag corresponding to start tag "b"'),
    "reserved character": (
        markdown("1.5"),
        MARKUP + "character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    "open entity": (markdown("a *b"), MARKUP + "can't find end of bold entity at byte offset 2"),
    "local link": (
        send("a", reply_markup=button(url="http://localhost:8233")),
        "Inline keyboard button url 'http://localhost:8233' is invalid: wrong http url",
    ),
    "long data": (send("a", reply_markup=button(callback_data="é" * 33)), "Button_data_invalid"),
    "odd style": (
        send("a", reply_markup=button(callback_data="a", style="pink")),
        "Can't parse keyboard button: invalid button style specified",
    ),
    "too many buttons": (
        send("a", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a")] * 101])),
        "Reply markup is too long",
    ),
    "forbidden reaction": (
        lambda s: s.bot.set_message_reaction(s.chat, s.own, "✅"),
        "Reaction_invalid",
    ),
    "caption of a text": (
        lambda s: s.bot.edit_message_caption(s.chat, s.own, caption="a"),
        "There is no caption in the message to edit",
    ),
}


@pytest.mark.parametrize("case", sorted(CASES))
async def test_refusal(simulator: Simulator, case: str) -> None:
    action, expected = CASES[case]
    person = await simulator.person()
    own = await simulator.bot.send_message(person.id, "satu")

    with pytest.raises(BadRequest) as refused:
        await action(Scene(simulator.bot, person.id, own.message_id))

    assert refused.value.message.lower() == expected.lower()
    assert await simulator.get("/sim/violations") == []


async def test_raw_description_is_telegrams(simulator: Simulator) -> None:
    """PTB cuts "Bad Request: " off; on the wire it is there."""
    answer = await simulator.call("sendMessage", chat_id=404, text="a")

    assert answer == {
        "ok": False,
        "status": 400,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }


async def test_a_persons_message_cannot_be_edited(simulator: Simulator) -> None:
    person = await simulator.person()
    message = await person.send("halo")

    with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
        await simulator.bot.edit_message_text("a", person.id, message["message_id"])


async def test_a_message_under_a_reply_keyboard_cannot_be_edited(simulator: Simulator) -> None:
    person = await simulator.person()
    keyboard = ReplyKeyboardMarkup([["Ya"]])
    message = await simulator.bot.send_message(person.id, "a", reply_markup=keyboard)

    with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
        await simulator.bot.edit_message_text("b", person.id, message.message_id)


async def test_location_is_requested_in_private_chats_only(simulator: Simulator) -> None:
    person = await simulator.person()
    group = await simulator.group(person)
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Di sini", request_location=True)]])

    await simulator.bot.send_message(person.id, "a", reply_markup=keyboard)
    with pytest.raises(BadRequest, match=r"^Location can be requested in private chats only$"):
        await simulator.bot.send_message(group, "a", reply_markup=keyboard)


async def test_blocked_bot_is_forbidden_to_write_until_it_is_unblocked(simulator: Simulator) -> None:
    person = await simulator.person()
    await person.block()

    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await simulator.bot.send_message(person.id, "a")

    await person.unblock()
    assert (await simulator.bot.send_message(person.id, "a")).text == "a"


async def test_kicked_bot_is_forbidden_to_write(simulator: Simulator) -> None:
    person = await simulator.person()
    group = await simulator.group(person)
    await simulator.post(f"/sim/groups/{group}/members", user=simulator.settings.bot_id, action="remove")

    with pytest.raises(Forbidden, match=r"^Forbidden: bot was kicked from the supergroup chat$"):
        await simulator.bot.send_message(group, "a")


async def test_a_group_that_became_a_supergroup_says_where_it_is(simulator: Simulator) -> None:
    person = await simulator.person()
    group = await simulator.group(person, kind="group")
    message = await simulator.bot.send_message(group, "a")
    new = (await simulator.post(f"/sim/groups/{group}/upgrade")).json()["id"]

    moved = [update["message"] for update in await simulator.updates()]
    assert [one.get("migrate_to_chat_id") for one in moved] == [new, None]
    assert [one.get("migrate_from_chat_id") for one in moved] == [None, group]
    for call in (simulator.bot.send_message(group, "b"), message.edit_text("c")):
        with pytest.raises(ChatMigrated) as refused:
            await call
        assert refused.value.new_chat_id == new
    assert (await simulator.bot.send_message(new, "b")).text == "b"
    assert (await simulator.post(f"/sim/groups/{new}/upgrade")).status_code == 400


async def test_a_bot_cannot_write_first(simulator: Simulator) -> None:
    person = await simulator.person(started=False)

    with pytest.raises(Forbidden, match="can't initiate conversation with a user"):
        await simulator.bot.send_message(person.id, "a")


async def test_file_over_20_megabytes_is_not_fetched(simulator: Simulator) -> None:
    person = await simulator.person()
    await person.document(b"short", "video.mp4", size=30 * 1024 * 1024)
    (update,) = await simulator.updates()

    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await simulator.bot.get_file(update["message"]["document"]["file_id"])


async def test_a_message_is_deleted_within_48_hours_only(simulator: Simulator) -> None:
    person = await simulator.person()
    message = await simulator.bot.send_message(person.id, "a")
    await simulator.post("/sim/clock", advance_s=48 * 3600 + 1)

    with pytest.raises(BadRequest, match="can't be deleted"):
        await message.delete()


async def test_a_deleted_message_is_not_found(simulator: Simulator) -> None:
    person = await simulator.person()
    message = await simulator.bot.send_message(person.id, "a")
    await message.delete()

    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await message.edit_text("b")
