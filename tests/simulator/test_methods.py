"""Every method the simulator serves answers what python-telegram-bot can read in full."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    Message,
    ReactionTypeEmoji,
    ReplyKeyboardRemove,
    ReplyParameters,
    TelegramObject,
)

from siaga.simulator.methods.registry import HANDLERS
from siaga.simulator.spec.table import table
from tests.simulator.conftest import Simulator
from tests.simulator.leftovers import leftovers


@dataclass
class Scene:
    """A private chat with a text and a photo of the bot, and a forum with a topic."""

    simulator: Simulator
    chat: int
    text: Message
    photo: Message
    forum: int
    topic: int
    jpeg: bytes


async def a_scene(simulator: Simulator, jpeg: bytes) -> Scene:
    person = await simulator.person()
    bot = simulator.bot
    forum = await simulator.group(person, is_forum=True)
    text = await bot.send_message(person.id, "satu")
    photo = await bot.send_photo(person.id, jpeg, caption="foto")
    topic = await bot.create_forum_topic(forum, "Mesin 7", icon_color=7322096)
    return Scene(simulator, person.id, text, photo, forum, topic.message_thread_id, jpeg)


async def get_and_download(s: Scene) -> object:
    file = await s.simulator.bot.get_file(s.photo.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()).startswith(b"\xff\xd8")
    return file


async def reopened(s: Scene) -> object:
    await s.simulator.bot.close_forum_topic(s.forum, s.topic)
    return await s.simulator.bot.reopen_forum_topic(s.forum, s.topic)


async def pinned(s: Scene) -> object:
    await s.simulator.bot.pin_chat_message(s.chat, s.text.message_id)
    return await s.simulator.bot.get_chat(s.chat)


async def unpinned(s: Scene) -> object:
    await s.simulator.bot.pin_chat_message(s.chat, s.text.message_id)
    await s.simulator.bot.unpin_chat_message(s.chat)
    chat = await s.simulator.bot.get_chat(s.chat)
    assert chat.pinned_message is None
    return chat


Use = Callable[[Scene], Awaitable[Any]]
USES: dict[str, Use] = {
    "getMe": lambda s: s.simulator.bot.get_me(),
    "getUpdates": lambda s: s.simulator.bot.get_updates(),
    "setWebhook": lambda s: s.simulator.bot.set_webhook("https://example.org/hook", secret_token="s"),
    "deleteWebhook": lambda s: s.simulator.bot.delete_webhook(drop_pending_updates=True),
    "getWebhookInfo": lambda s: s.simulator.bot.get_webhook_info(),
    "setMyName": lambda s: s.simulator.bot.set_my_name("Siaga Dua"),
    "setMyDescription": lambda s: s.simulator.bot.set_my_description("Lapangan"),
    "setMyShortDescription": lambda s: s.simulator.bot.set_my_short_description("Lapangan"),
    "sendMessage": lambda s: s.simulator.bot.send_message(
        s.chat,
        "*tebal*",
        parse_mode="MarkdownV2",
        reply_markup=ReplyKeyboardRemove(),
        reply_parameters=ReplyParameters(s.text.message_id),
        protect_content=True,
    ),
    "sendLocation": lambda s: s.simulator.bot.send_location(s.chat, -6.2, 106.8, horizontal_accuracy=12.5),
    "sendVenue": lambda s: s.simulator.bot.send_venue(s.chat, -6.2, 106.8, "Stasiun", "Jl. Satu 1"),
    "sendContact": lambda s: s.simulator.bot.send_contact(s.chat, "+6281200000000", "Ana"),
    "sendChatAction": lambda s: s.simulator.bot.send_chat_action(s.chat, "typing"),
    "forwardMessage": lambda s: s.simulator.bot.forward_message(s.forum, s.chat, s.photo.message_id),
    "copyMessage": lambda s: s.simulator.bot.copy_message(s.chat, s.chat, s.photo.message_id, caption="baru"),
    "copyMessages": lambda s: s.simulator.bot.copy_messages(
        s.chat, s.chat, [s.text.message_id, s.photo.message_id], remove_caption=True
    ),
    "sendPhoto": lambda s: s.simulator.bot.send_photo(s.chat, s.photo.photo[0].file_id),
    "sendDocument": lambda s: s.simulator.bot.send_document(s.chat, b"isi", filename="log.txt"),
    "sendMediaGroup": lambda s: s.simulator.bot.send_media_group(
        s.chat,
        [InputMediaPhoto(s.jpeg, caption="<b>a</b>", parse_mode="HTML"), InputMediaPhoto(s.photo.photo[0])],
    ),
    "getFile": get_and_download,
    "editMessageText": lambda s: s.simulator.bot.edit_message_text("dua", s.chat, s.text.message_id),
    "editMessageCaption": lambda s: s.simulator.bot.edit_message_caption(
        s.chat, s.photo.message_id, caption="lain"
    ),
    "editMessageMedia": lambda s: s.simulator.bot.edit_message_media(
        InputMediaDocument(b"isi", filename="log.txt"), s.chat, s.photo.message_id
    ),
    "editMessageReplyMarkup": lambda s: s.simulator.bot.edit_message_reply_markup(
        s.chat,
        s.text.message_id,
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="a")]]),
    ),
    "deleteMessage": lambda s: s.simulator.bot.delete_message(s.chat, s.text.message_id),
    "deleteMessages": lambda s: s.simulator.bot.delete_messages(s.chat, [s.text.message_id, 1]),
    "pinChatMessage": pinned,
    "unpinChatMessage": unpinned,
    "setMessageReaction": lambda s: s.simulator.bot.set_message_reaction(
        s.chat, s.text.message_id, ReactionTypeEmoji("👀")
    ),
    "getChat": lambda s: s.simulator.bot.get_chat(s.forum),
    "getChatMember": lambda s: s.simulator.bot.get_chat_member(s.forum, s.chat),
    "getChatAdministrators": lambda s: s.simulator.bot.get_chat_administrators(s.forum),
    "setMyCommands": lambda s: s.simulator.bot.set_my_commands(
        [BotCommand("tugas", "Tugas saya")], BotCommandScopeChat(s.chat), language_code="id"
    ),
    "getMyCommands": lambda s: s.simulator.bot.get_my_commands(BotCommandScopeAllPrivateChats()),
    "deleteMyCommands": lambda s: s.simulator.bot.delete_my_commands(),
    "setChatMenuButton": lambda s: s.simulator.bot.set_chat_menu_button(s.chat, MenuButtonCommands()),
    "getChatMenuButton": lambda s: s.simulator.bot.get_chat_menu_button(s.chat),
    "createForumTopic": lambda s: s.simulator.bot.create_forum_topic(s.forum, "Tiket 4"),
    "editForumTopic": lambda s: s.simulator.bot.edit_forum_topic(s.forum, s.topic, name="Mesin 7 ✔"),
    "closeForumTopic": lambda s: s.simulator.bot.close_forum_topic(s.forum, s.topic),
    "reopenForumTopic": reopened,
    "deleteForumTopic": lambda s: s.simulator.bot.delete_forum_topic(s.forum, s.topic),
}


def test_the_table_has_exactly_the_methods_that_are_served() -> None:
    assert set(table()["methods"]) == set(HANDLERS)
    assert set(HANDLERS) - set(USES) == {"answerCallbackQuery"}  # test_person_side.py answers taps


@pytest.mark.parametrize("method", sorted(USES))
async def test_method_is_served(simulator: Simulator, jpeg: bytes, method: str) -> None:
    scene = await a_scene(simulator, jpeg)

    result = await USES[method](scene)

    assert leftovers(result) == []
    assert result is not None
    assert await simulator.get("/sim/violations") == []
    assert method in {one["method"] for one in await simulator.get("/sim/calls")}


async def test_method_names_are_read_in_any_case(simulator: Simulator) -> None:
    assert (await simulator.call("GETME"))["result"]["username"] == "siaga_sim_bot"


async def test_a_method_that_is_not_served_is_not_found(simulator: Simulator) -> None:
    assert (await simulator.call("sendInvoice"))["status"] == 404


async def test_another_token_is_unauthorized(simulator: Simulator) -> None:
    answer = await simulator.http.post("/bot1:other/getMe")

    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")


async def test_commands_show_by_scope_and_language(simulator: Simulator) -> None:
    person = await simulator.person(language_code="id")
    bot = simulator.bot
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("bantuan", "Bantuan")], language_code="id")

    async def shown() -> list[str]:
        chats = await simulator.get(f"/sim/people/{person.id}/chats")
        return [one["command"] for one in chats[0]["commands"]]

    assert await shown() == ["bantuan"]
    await bot.set_my_commands([BotCommand("tugas", "Tugas")], BotCommandScopeChat(person.id))
    assert await shown() == ["tugas"]
    await bot.delete_my_commands(BotCommandScopeChat(person.id))
    assert await shown() == ["bantuan"]


def test_leftovers_are_found_deep_inside() -> None:
    message = TelegramObject(api_kwargs={"new": 1})

    assert leftovers([{"a": message}]) == ["TelegramObject: new"]
