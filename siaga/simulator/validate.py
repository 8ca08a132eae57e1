"""Checks one request against the table of the Bot API (TELEGRAM 6) and gives its values their types."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from siaga.simulator.refusals import refuse, refuse_strictly
from siaga.simulator.spec.check import check
from siaga.simulator.spec.table import table

ATTACH = "attach://"
ATTACHABLE = {"photo", "document", "media", "thumbnail", "cover", "certificate"}
TRUE_WORDS = {"true", "yes", "1"}
FALSE_WORDS = {"false", "no", "0"}

REQUIRED_TEXTS = {
    "chat_id": "chat_id is empty",
    "user_id": "invalid user_id specified",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
    "file_id": "file_id not specified",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart request."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the bot: the method, its parameters with their types, and the files that came along."""

    method: str
    params: dict[str, Any]
    files: dict[str, Upload]

    def upload(self, name: str, value: object) -> Upload | None:
        """The file part for a parameter: named `attach://part`, or sent under the parameter's own name."""
        if isinstance(value, str) and value.startswith(ATTACH):
            return self.files.get(value.removeprefix(ATTACH))
        return self.files.get(name) if value is None else None


def read_request(method: str, fields: dict[str, str], files: dict[str, Upload], *, strict: bool) -> Request:
    """Raises `RefusalError` for what Telegram refuses and, when strict, for what it would ignore."""
    spec: dict[str, Any] = table()["methods"][method]
    params: dict[str, Any] = {}
    for name, text in fields.items():
        if name not in spec:
            if strict:
                refuse_strictly("unknown parameter", f"{method} has no parameter '{name}'")
            continue
        value = _read(name, spec[name][0], text, strict=strict)
        check(f"{method}.{name}", spec[name][0], value, strict=strict)
        params[name] = value
    for name, (_, required) in spec.items():
        if required and name not in params and name not in files:
            refuse(REQUIRED_TEXTS.get(name, f'parameter "{name}" is required'))
    request = Request(method, params, files)
    _check_attachments(request, spec, strict=strict)
    return request


def _read(name: str, expression: object, text: str, *, strict: bool) -> object:
    """A form field is text; what it becomes is decided by the parameter's type."""
    match expression:
        case "String" | "InputFile" | ["union", "String", "InputFile"] | ["union", "InputFile", "String"]:
            return text
        case ["union", "Integer", "String"]:
            return int(text) if _whole(text) else text
        case "Integer" | "Float" | "Boolean":
            return _read_scalar(name, expression, text, strict=strict)
    try:
        return json.loads(text)
    except ValueError:
        refuse(f"can't parse {name.replace('_', ' ')} JSON object")


def _read_scalar(name: str, expression: str, text: str, *, strict: bool) -> object:
    if expression == "Boolean" and text.lower() in TRUE_WORDS | FALSE_WORDS:
        return text.lower() in TRUE_WORDS
    try:
        if expression == "Integer":
            return int(text)
        if expression == "Float":
            return float(text)
    except ValueError:
        pass
    if strict:
        refuse_strictly("wrong type", f"parameter '{name}' must be {expression}, not {text[:80]!r}")
    return False if expression == "Boolean" else 0


def _whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _check_attachments(request: Request, spec: dict[str, Any], *, strict: bool) -> None:
    """Every `attach://part` has its part; when strict, every part is asked for by somebody."""
    wanted = set(_attached(request.params))
    missing = sorted(wanted - request.files.keys())
    if missing:
        refuse(f'file "{ATTACH}{missing[0]}" not found in the request')
    for name in sorted(request.files.keys() - wanted):
        if strict and (name not in spec or name in request.params):
            refuse_strictly("unused part", f"{request.method} came with the file '{name}', unused")


def _attached(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name in ATTACHABLE & value.keys():
            inner = value[name]
            if isinstance(inner, str) and inner.startswith(ATTACH):
                yield inner.removeprefix(ATTACH)
            yield from _attached(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _attached(inner)
