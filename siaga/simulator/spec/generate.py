"""Writes `bot_api.json`: the parameters of the served methods and the types they are made of.

The source is aiogram (a development dependency), whose models follow the Bot API release by release.
Run `python -m siaga.simulator.spec.generate` after raising its version.

A type is written as `"String"`, `"Integer"`, `"Float"`, `"Boolean"`, `"InputFile"`, the name of an
object type, `["array", T]`, `["union", T, ...]` or `["const", "photo"]`. A field is `[type, required]`.
"""

import datetime as dt
import json
import types as python_types
import typing
from enum import Enum
from pathlib import Path
from typing import Any

import aiogram
from aiogram import methods, types
from aiogram.client.default import Default
from pydantic import BaseModel
from pydantic.fields import FieldInfo

TABLE = Path(__file__).with_name("bot_api.json")

SERVED = [
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendMediaGroup",
    "sendLocation",
    "sendVenue",
    "sendContact",
    "sendChatAction",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
    "deleteMessage",
    "deleteMessages",
    "getFile",
    "forwardMessage",
    "copyMessage",
    "copyMessages",
    "pinChatMessage",
    "unpinChatMessage",
    "setMessageReaction",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setChatMenuButton",
    "getChatMenuButton",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "createForumTopic",
    "editForumTopic",
    "closeForumTopic",
    "reopenForumTopic",
    "deleteForumTopic",
    "setMyName",
    "setMyDescription",
    "setMyShortDescription",
]

SCALARS: dict[object, str] = {
    str: "String",
    int: "Integer",
    float: "Float",
    bool: "Boolean",
    dt.datetime: "Integer",
    dt.timedelta: "Integer",
    types.InputFile: "InputFile",
}


def main() -> None:
    """Writes the table beside this file."""
    TABLE.write_text(table_text(), encoding="utf-8")


def table_text() -> str:
    """The table of the installed aiogram, as it is committed."""
    needed: dict[str, type[BaseModel]] = {}
    served = {name: _fields(_method(name), needed) for name in SERVED}
    described: dict[str, Any] = {}
    while missing := [name for name in needed if name not in described]:
        for name in missing:
            described[name] = _fields(needed[name], needed)
    table = {"bot_api": aiogram.__api_version__, "methods": served, "types": dict(sorted(described.items()))}
    return _compact(table)


def _method(name: str) -> type[BaseModel]:
    found: type[BaseModel] = getattr(methods, name[0].upper() + name[1:])
    return found


def _fields(model: type[BaseModel], needed: dict[str, type[BaseModel]]) -> dict[str, Any]:
    described = {}
    for name, field in model.model_fields.items():
        if not _deprecated(field):
            expression = _expression(field.annotation, needed)
            constant = isinstance(expression, list) and expression[0] == "const"
            required = field.is_required() or constant
            described[field.alias or name] = [expression, required]
    return described


def _deprecated(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("deprecated"))


def _expression(annotation: object, needed: dict[str, type[BaseModel]]) -> object:
    """The type in the notation of the table; models met on the way are noted as needed."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in (typing.Union, python_types.UnionType):
        return _union(arguments, needed)
    if origin is typing.Literal:
        value = arguments[0]
        return ["const", value.value if isinstance(value, Enum) else value]
    if origin is typing.Annotated:
        return _expression(arguments[0], needed)
    if origin is list:
        return ["array", _expression(arguments[0], needed)]
    return _name(annotation, needed)


def _name(annotation: object, needed: dict[str, type[BaseModel]]) -> str:
    if annotation in SCALARS:
        return SCALARS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        needed.setdefault(annotation.__name__, annotation)
        return annotation.__name__
    msg = f"the Bot API table has no word for {annotation!r}"
    raise TypeError(msg)


def _union(arguments: tuple[object, ...], needed: dict[str, type[BaseModel]]) -> object:
    parts: list[object] = []
    for argument in arguments:
        if argument is Default or argument is type(None):
            continue
        part = _expression(argument, needed)
        if part not in parts:
            parts.append(part)
    return parts[0] if len(parts) == 1 else ["union", *parts]


def _compact(table: dict[str, Any]) -> str:
    """One line per method and per type, so that a new Bot API release reads well as a difference."""
    lines = ["{", f'"bot_api": {json.dumps(table["bot_api"])},']
    for part in ("methods", "types"):
        rows = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in table[part].items()]
        lines += [f'"{part}": {{', ",\n".join(rows), "}," if part == "methods" else "}"]
    return "\n".join([*lines, "}"]) + "\n"


if __name__ == "__main__":
    main()
