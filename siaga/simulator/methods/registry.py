"""Bot API method name → the function that serves it."""

from collections.abc import Callable
from typing import Any

from siaga.simulator.methods import chats, commands, connection, copying, editing, media, sending, topics
from siaga.simulator.state import World
from siaga.simulator.validate import Request

Handler = Callable[[World, Request], Any]

HANDLERS: dict[str, Handler] = {
    "getMe": connection.get_me,
    "getUpdates": connection.get_updates,
    "setWebhook": connection.set_webhook,
    "deleteWebhook": connection.delete_webhook,
    "getWebhookInfo": connection.get_webhook_info,
    "setMyName": connection.set_profile("name"),
    "setMyDescription": connection.set_profile("description"),
    "setMyShortDescription": connection.set_profile("short_description"),
    "sendMessage": sending.send_message,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendContact": sending.send_contact,
    "sendChatAction": sending.send_chat_action,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "copyMessages": copying.copy_messages,
    "sendPhoto": media.send_photo,
    "sendDocument": media.send_document,
    "sendMediaGroup": media.send_media_group,
    "getFile": media.get_file,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": chats.answer_callback_query,
    "pinChatMessage": chats.pin_chat_message,
    "unpinChatMessage": chats.unpin_chat_message,
    "setMessageReaction": chats.set_message_reaction,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "setMyCommands": commands.set_my_commands,
    "getMyCommands": commands.get_my_commands,
    "deleteMyCommands": commands.delete_my_commands,
    "setChatMenuButton": commands.set_chat_menu_button,
    "getChatMenuButton": commands.get_chat_menu_button,
    "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic,
    "closeForumTopic": topics.close_forum_topic,
    "reopenForumTopic": topics.reopen_forum_topic,
    "deleteForumTopic": topics.delete_forum_topic,
}
