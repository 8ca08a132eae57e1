"""Whether a value fits its type in the table of the Bot API."""

import json
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from siaga.simulator.refusals import RefusalError, StrictRefusalError
from siaga.simulator.spec.table import table


def check(where: str, expression: object, value: object, *, strict: bool) -> None:
    """Raises for the first place in `value` that does not fit.

    Wrong types and missing fields are refused by Telegram as well. Unknown keys it ignores, so they
    are refused only when strict. `where` is how messages call the value ("sendMessage.reply_markup").
    """
    refusal = next(_refusals(where, expression, value, strict=strict), None)
    if refusal is not None:
        raise refusal


def _refusals(where: str, expression: object, value: object, *, strict: bool) -> Iterator[RefusalError]:
    match expression:
        case ["array", inner]:
            if not isinstance(value, list):
                yield _wrong_type(where, "Array", value)
            else:
                for number, item in enumerate(value):
                    yield from _refusals(f"{where}[{number}]", inner, item, strict=strict)
        case ["union", *options]:
            yield from _union_refusals(where, options, value, strict=strict)
        case ["const", constant]:
            if value != constant:
                yield _wrong_type(where, repr(constant), value)
        case str() if expression in table()["types"]:
            yield from _object_refusals(where, expression, value, strict=strict)
        case _ if not _scalar_fits(expression, value):
            yield _wrong_type(where, str(expression), value)


def _union_refusals(
    where: str, options: list[object], value: object, *, strict: bool
) -> Iterator[RefusalError]:
    refusals = []
    for option in options:
        refusal = next(_refusals(where, option, value, strict=strict), None)
        if refusal is None:
            return
        refusals.append((_likeness(option, value), refusal))
    # The most similar option explains best what is wrong.
    yield max(refusals, key=itemgetter(0))[1]


def _likeness(option: object, value: object) -> int:
    if not isinstance(value, dict) or not isinstance(option, str) or option not in table()["types"]:
        return -1
    fields: dict[str, Any] = table()["types"][option]
    constants = sum(
        10 for name, (kind, _) in fields.items() if kind[0] == "const" and value.get(name) == kind[1]
    )
    return constants + sum(name in fields for name in value)


def _object_refusals(where: str, name: str, value: object, *, strict: bool) -> Iterator[RefusalError]:
    if not isinstance(value, dict):
        yield _wrong_type(where, name, value)
        return
    fields: dict[str, Any] = table()["types"][name]
    for key, (_, required) in fields.items():
        if required and key not in value:
            yield RefusalError(f"can't parse {name} in {where}: Can't find field \"{key}\"")
    for key, inner in value.items():
        if key in fields:
            yield from _refusals(f"{where}.{key}", fields[key][0], inner, strict=strict)
        elif strict:
            yield StrictRefusalError("unknown key", f"{where}: {name} has no field '{key}'")


def _wrong_type(where: str, expected: str, value: object) -> RefusalError:
    shown = json.dumps(value, ensure_ascii=False)[:80]
    return RefusalError(f"can't parse {where}: it must be of type {expected}, not {shown}")


def _scalar_fits(expression: object, value: object) -> bool:
    match expression:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "String" | "InputFile":
            return isinstance(value, str)
    msg = f"the Bot API table has no type {expression!r}"
    raise TypeError(msg)
