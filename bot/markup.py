"""Keyboards as the Bot API's JSON: labels from the words files, callback data sealed for the chat."""

from typing import Any
from urllib.parse import urlsplit

from bot.callbacks import CallbackSigner
from bot.keyboards import PLACE, Button, Keyboard, RemoveKeyboard, ReplyKeyboard
from bot.render import Audience, Renderer

COPY_LIMIT = 256


def markup(
    keyboard: Keyboard, audience: Audience, chat_id: int, renderer: Renderer, signer: CallbackSigner
) -> dict[str, Any] | None:
    """Return the ``reply_markup`` of a keyboard; None when no button is left."""
    if keyboard is None:
        return None
    if isinstance(keyboard, RemoveKeyboard):
        return {"remove_keyboard": True}
    if isinstance(keyboard, ReplyKeyboard):
        keys = [[_key(key, audience, renderer) for key in row] for row in keyboard.rows]
        shown = {"one_time_keyboard": True} if keyboard.once else {"is_persistent": True}
        return {"keyboard": keys, "resize_keyboard": True} | shown
    drawn = [[_button(button, audience, chat_id, renderer, signer) for button in row] for row in keyboard]
    rows = [row for row in ([button for button in row if button] for row in drawn) if row]
    return {"inline_keyboard": rows} if rows else None


def _key(key: str, audience: Audience, renderer: Renderer) -> dict[str, Any]:
    text = renderer.words("keyboard", key, audience)
    return {"text": text, "request_location": True} if key == PLACE else {"text": text}


def _button(
    button: Button, audience: Audience, chat_id: int, renderer: Renderer, signer: CallbackSigner
) -> dict[str, Any] | None:
    text = button.text or renderer.words("buttons", button.label, audience, button.words)
    drawn: dict[str, Any] = {"text": text}
    if button.tap is not None:
        drawn["callback_data"] = signer.encode(button.tap, chat_id)
    elif button.copy:
        drawn["copy_text"] = {"text": button.copy[:COPY_LIMIT]}
    elif "." in (urlsplit(button.url).hostname or ""):
        drawn["url"] = button.url
    else:
        return None  # Telegram refuses URL buttons to hosts without a dot
    if button.style:
        drawn["style"] = button.style
    return drawn


def without_taps(keyboard: Keyboard) -> Keyboard:
    """Return an inline keyboard without the buttons that ask for something: what a final card keeps."""
    if keyboard is None or isinstance(keyboard, ReplyKeyboard | RemoveKeyboard):
        return keyboard
    return [[button for button in row if button.tap is None] for row in keyboard]
