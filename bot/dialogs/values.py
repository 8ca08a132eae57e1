"""Answers of a dialog as JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.dialogs.fields import Photo, Picked, Place, Team


def encode(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON; one line per kind of answer
    """Return an answer as JSON; raises ``TypeError`` for what no field gives."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, Picked):
        return {"picked": asdict(value)}
    if isinstance(value, Team):
        return {"team": asdict(value)}
    if isinstance(value, Place):
        return {"place": asdict(value)}
    if isinstance(value, Photo):
        return {"photo": asdict(value) | {"sent_at": value.sent_at.isoformat()}}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    message = f"a dialog cannot keep {type(value).__name__}"
    raise TypeError(message)


def decode(value: Any) -> Any:  # noqa: ANN401, PLR0911 - JSON; one line per kind of answer
    """Return an answer from its JSON."""
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    if "picked" in value:
        return Picked(**value["picked"])
    if "team" in value:
        held = value["team"]
        return Team(tuple(Picked(**one) for one in held["people"]), at_once=held["at_once"])
    if "place" in value:
        return Place(**value["place"])
    photo = value["photo"]
    return Photo(**photo | {"sent_at": datetime.fromisoformat(photo["sent_at"])})


def decode_all(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return all answers from their JSON."""
    return {name: decode(value) for name, value in answers.items()}
