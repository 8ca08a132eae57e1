"""What a message or a button means to a field: an answer, something inside the field, or a problem."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Message

from bot.dialogs.fields import (
    ChoiceField,
    ConfirmField,
    DateTimeField,
    Field,
    LocationField,
    MessageField,
    NumberField,
    PeopleField,
    Photo,
    PhotosField,
    Picked,
    PickerField,
    Team,
    TextField,
)
from bot.dialogs.moments import read_moment
from bot.dialogs.places import place_in
from bot.dialogs.values import decode, encode
from domain.errors import OldCard


@dataclass(frozen=True, slots=True)
class Answer:
    """The field is answered."""

    value: Any


@dataclass(frozen=True, slots=True)
class Stay:
    """The field is still open; ``draft`` is what it remembers meanwhile."""

    draft: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """The input cannot be an answer; ``code`` is a key of ``[problems]``."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """A picker is to load its options again."""

    text: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The last button was tapped."""


Reading = Answer | Stay | Problem | Search | Confirmed
Draft = dict[str, Any]


def read_message(  # noqa: PLR0911 - one line per kind of field
    asked: Field, messages: Sequence[Message], draft: Draft, zone: str
) -> Reading:
    """Return what a message (or an album) means to a field."""
    message = messages[0]
    match asked:
        case TextField():
            return _text(asked, message)
        case MessageField():
            return _anything(messages)
        case NumberField():
            return _number(asked, message)
        case LocationField():
            return _place(message)
        case DateTimeField():
            return _moment(asked, message, draft, zone)
        case PhotosField():
            return _photos(asked, messages, draft)
        case PickerField():
            return Search(message.text.strip()) if message.text else Problem("expected_text")
        case _:
            return Problem("expected_button")


def read_tap(asked: Field, action: str, args: Sequence[str], draft: Draft, zone: str) -> Reading:
    """Return what a button of the prompt means to a field; raises ``OldCard`` when it means nothing to it."""
    arg = args[0] if args else ""
    people = _people(action, arg, draft) if isinstance(asked, PeopleField) else None
    return people or _tapped(asked, action, arg, draft, zone)


def _tapped(  # noqa: PLR0911 - one line per kind of button
    asked: Field, action: str, arg: str, draft: Draft, zone: str
) -> Reading:
    match asked, action:
        case ConfirmField(), "confirm":
            return Confirmed()
        case ChoiceField(), "choose" if arg.isdigit() and int(arg) < len(asked.choices):
            return Answer(asked.choices[int(arg)])
        case PickerField(), "pick":
            return _picked(arg, draft)
        case PickerField(), "page" if arg.isdigit():
            return Stay(draft | {"page": int(arg)})
        case PickerField(), "all":
            return Search("")
        case PhotosField(), "done" if len(draft.get("photos", [])) >= asked.minimum:
            return Answer(tuple(decode(photo) for photo in draft["photos"]))
        case DateTimeField(), "day":
            return Stay({"day": arg})
        case DateTimeField(), "type":
            return Stay(draft | {"typing": True})
        case DateTimeField(), "hour" if arg.isdigit() and "day" in draft:
            at = datetime.combine(
                date.fromisoformat(draft["day"]), datetime.min.time().replace(hour=int(arg)), ZoneInfo(zone)
            )
            return _in_time(asked, at)
        case _:
            raise OldCard


def _text(asked: TextField, message: Message) -> Reading:
    if not message.text:
        return Problem("expected_text")
    text = message.text.strip()
    if len(text) > asked.max_length:
        return Problem("too_long", {"limit": asked.max_length, "length": len(text)})
    if len(text) < asked.min_length:
        return Problem("too_short", {"limit": asked.min_length})
    return Answer(text)


def _anything(messages: Sequence[Message]) -> Reading:
    words = "\n".join(text for one in messages if (text := one.text or one.caption))
    if not words and not any(one.effective_attachment for one in messages):
        return Problem("expected_text")
    return Answer(words)


_GROUPED = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")


def _number(asked: NumberField, message: Message) -> Reading:
    text = (message.text or "").replace(" ", "")
    if _GROUPED.fullmatch(text) and not (not asked.whole and len(re.findall(r"[.,]", text)) == 1):
        text = text.replace(".", "").replace(",", "")
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return Problem("not_a_number")
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - NaN is not itself
        return Problem("not_a_number")
    if asked.whole and not value.is_integer():
        return Problem("not_whole")
    if asked.minimum is not None and value < asked.minimum:
        return Problem("too_small", {"minimum": asked.minimum})
    if asked.maximum is not None and value > asked.maximum:
        return Problem("too_large", {"maximum": asked.maximum})
    return Answer(int(value) if asked.whole else value)


def _place(message: Message) -> Reading:
    try:
        place = place_in(message)
    except ValueError:
        return Problem("out_of_range")
    return Problem("expected_location") if place is None else Answer(place)


def _moment(asked: DateTimeField, message: Message, draft: Draft, zone: str) -> Reading:
    day = date.fromisoformat(draft["day"]) if "day" in draft else None
    at = read_moment(message.text or "", datetime.now(UTC), zone, day)
    return Problem("expected_moment") if at is None else _in_time(asked, at)


def _in_time(asked: DateTimeField, at: datetime) -> Reading:
    if asked.future_only and at < datetime.now(UTC):
        return Problem("in_past")
    return Answer(at)


def _photos(asked: PhotosField, messages: Sequence[Message], draft: Draft) -> Reading:
    pictures = [message for message in messages if message.photo]
    if not pictures:
        return Problem("expected_photo")
    known = list(draft.get("photos", []))
    known += [encode(_photo(message)) for message in pictures]
    if len(known) >= asked.maximum:
        return Answer(tuple(decode(photo) for photo in known[: asked.maximum]))
    return Stay({"photos": known})


def _photo(message: Message) -> Photo:
    best = max(message.photo, key=lambda size: size.width * size.height)
    return Photo(
        file_id=best.file_id,
        file_unique_id=best.file_unique_id,
        width=best.width,
        height=best.height,
        size_bytes=best.file_size,
        sent_at=message.date,
        media_group_id=message.media_group_id,
        caption=message.caption or "",
    )


def _picked(arg: str, draft: Draft) -> Reading:
    option = _option(arg, draft)
    return Answer(Picked(option["id"], option["label"]))


def _option(arg: str, draft: Draft) -> Draft:
    """Return the option of a button; raises ``OldCard`` when the list has changed since."""
    found: Draft | None = next((one for one in draft.get("options", []) if str(one["id"]) == arg), None)
    if found is None:
        raise OldCard
    return found


def _people(action: str, arg: str, draft: Draft) -> Reading | None:
    """Return what a button of a people field means; None when it is one of every picker's, or not shown."""
    ticked, everyone = draft.get("ticked"), draft.get("everyone", [])
    if action == "several":
        return Stay(draft | {"ticked": []})
    if action == "everyone" and everyone:
        return Answer(_team(everyone, at_once=True))
    if action == "pick":
        picked = _option(arg, draft)
        if ticked is None:
            return Answer(_team([picked], at_once=False))
        kept = [one for one in ticked if one["id"] != picked["id"]]
        return Stay(draft | {"ticked": kept if len(kept) < len(ticked) else [*ticked, picked]})
    if action in ("at_once", "in_turn") and ticked:
        return Answer(_team(ticked, at_once=action == "at_once"))
    return None


def _team(people: Sequence[Draft], *, at_once: bool) -> Team:
    return Team(tuple(Picked(one["id"], one["label"]) for one in people), at_once=at_once)
