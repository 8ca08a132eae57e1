"""Inline and reply keyboards as Telegram takes them (TELEGRAM 5)."""

from collections.abc import Iterator
from typing import Any

from siaga.simulator.refusals import refuse
from siaga.simulator.text.nesting import checked_link

MAX_BUTTONS = 100
MAX_REPLY_BUTTONS = 300
MAX_DATA_BYTES = 64
MAX_COPIED = 256
STYLES = {"danger", "success", "primary"}
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
INLINE_ERROR = "can't parse inline keyboard button: "


def buttons(markup: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The inline buttons of a keyboard, row by row."""
    for row in (markup or {}).get("inline_keyboard", ()):
        yield from row


def checked_markup(markup: dict[str, Any] | None, *, private: bool) -> dict[str, Any] | None:
    """The keyboard to keep, or None where there is nothing to show. Raises `RefusalError`."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return _inline(markup, private=private)
    if "keyboard" in markup:
        return _reply(markup, private=private)
    return markup


def _inline(markup: dict[str, Any], *, private: bool) -> dict[str, Any] | None:
    rows = [
        [_inline_button(button, private=private) for button in row]
        for row in markup["inline_keyboard"]
        if row
    ]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        refuse("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: dict[str, Any], *, private: bool) -> dict[str, Any]:
    actions = [name for name in button if name in ACTIONS]
    if not actions:
        refuse(f"{INLINE_ERROR}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        refuse(f"{INLINE_ERROR}the button '{button['text']}' has {' and '.join(actions)}")
    if not button["text"].strip():
        refuse(f"{INLINE_ERROR}the button text is empty")
    _check_style(button)
    kept = dict(button)
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_DATA_BYTES:
        refuse("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= MAX_COPIED:
        refuse("BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        kept["url"] = checked_link(button["url"])
        if not kept["url"]:
            refuse(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "web_app" in button and not private:
        refuse("BUTTON_TYPE_INVALID")
    return kept


def _reply(markup: dict[str, Any], *, private: bool) -> dict[str, Any]:
    for button in (button for row in markup["keyboard"] for button in row):
        _check_style(button)
        for kind in ("location", "contact"):
            if button.get(f"request_{kind}") and not private:
                what = "phone number" if kind == "contact" else kind
                refuse(f"{what} can be requested in private chats only")
    if sum(len(row) for row in markup["keyboard"]) > MAX_REPLY_BUTTONS:
        refuse("reply markup is too long")
    return markup


def _check_style(button: dict[str, Any]) -> None:
    if button.get("style") is not None and button["style"] not in STYLES:
        refuse("can't parse keyboard button: invalid button style specified")
