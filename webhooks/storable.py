"""JSON from outside as PostgreSQL and Temporal take it."""

from typing import Annotated

from pydantic import BeforeValidator, JsonValue

from db.chat.updates import storable

NESTING = 32
"""Levels of objects and lists; deeper JSON is no description of anything."""


def _clean(value: object) -> object:
    """Drop NUL, lone surrogates and numbers that are none; refuse what is nested too deep."""
    _measure(value, NESTING)
    return storable(value)


def _measure(value: object, left: int) -> None:
    if left == 0:
        message = f"must not be nested deeper than {NESTING} levels"
        raise ValueError(message)
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _measure(item, left - 1)


Json = Annotated[JsonValue, BeforeValidator(_clean)]
"""Any JSON, cleaned."""
