"""From what a sender wrote to what a message holds: plain text and its entities, offsets in UTF-16 units."""

import re
from collections.abc import Iterable
from typing import Any

from siaga.simulator.refusals import RefusalError, refuse, refuse_strictly
from siaga.simulator.text.html import parse_html
from siaga.simulator.text.markdown import parse_markdown
from siaga.simulator.text.nesting import Entity, MarkupError

TOP_DOMAINS = "com|org|net|id|io|dev|co|app|me|info|gov|edu|ai|xyz|tech|cloud"
FOUND_BY_ITSELF = (
    ("url", re.compile(r"(?<![\w@])(?:https?|ftp)://[^\s<>\"]*[^\s<>\".,;:!?)\]}']")),
    ("email", re.compile(r"(?<![\w.])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")),
    (
        "url",
        re.compile(rf"(?<![\w@./-])(?:[\w-]+\.)+(?:{TOP_DOMAINS})\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]}}'])?"),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII),
    ),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{2,32}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{6,17}\d(?!\w)")),
)
DETECTED = {kind for kind, _ in FOUND_BY_ITSELF}
PARSERS = {"html": parse_html, "markdownv2": parse_markdown}
OPAQUE = {"pre", "code", "text_link", "text_mention"}


def units(text: str) -> int:
    """The length in UTF-16 units, which the Bot API counts offsets in."""
    return len(text.encode("utf-16-le")) // 2


def format_text(
    text: str, parse_mode: str | None, entities: Iterable[Entity] | None, users: dict[int, dict[str, Any]]
) -> tuple[str, list[Entity]]:
    """The text as Telegram would store it. `users` are those who may be mentioned by id.

    Raises `RefusalError` for an unknown parse mode and for broken markup.
    """
    if parse_mode:
        plain, found = _parse(text, parse_mode)
    else:
        plain, found = text, [dict(entity) for entity in entities or () if entity["type"] not in DETECTED]
    mentioned = [entity for entity in (_with_user(one, users) for one in found) if entity]
    plain, kept = _trim(plain, mentioned)
    every = kept + detect(plain, kept)
    return plain, sorted(every, key=lambda entity: (entity["offset"], -entity["length"]))


def detect(text: str, known: Iterable[Entity] = ()) -> list[Entity]:
    """What Telegram finds in a text by itself: commands, mentions, addresses and phone numbers."""
    taken = [_span(entity) for entity in known if entity["type"] in OPAQUE]
    found: list[Entity] = []
    for kind, pattern in FOUND_BY_ITSELF:
        for match in pattern.finditer(text):
            offset = units(text[: match.start()])
            entity = {"type": kind, "offset": offset, "length": units(match.group())}
            begin, end = _span(entity)
            if all(end <= other_begin or begin >= other_end for other_begin, other_end in taken):
                taken.append((begin, end))
                found.append(entity)
    return sorted(found, key=lambda entity: int(entity["offset"]))


def _parse(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    if parse_mode.lower() == "markdown":
        refuse_strictly("legacy markup", "parse mode Markdown is legacy; use HTML or MarkdownV2")
    parse = PARSERS.get(parse_mode.lower())
    if parse is None:
        refuse("unsupported parse_mode")
    try:
        return parse(text)
    except MarkupError as error:
        what = f"can't parse entities: {error}"
        raise RefusalError(what) from error


def _span(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _with_user(entity: Entity, users: dict[int, dict[str, Any]]) -> Entity | None:
    """A mention of somebody the bot does not know loses its entity, as in Telegram."""
    if entity["type"] != "text_mention":
        return entity
    user = users.get(entity["user"]["id"])
    return {**entity, "user": user} if user else None


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at both ends; entities shrink along and empty ones go."""
    front = units(text) - units(text.lstrip())
    plain = text.strip()
    end = units(plain)
    kept = []
    for entity in entities:
        begin, stop = (min(max(place - front, 0), end) for place in _span(entity))
        if stop > begin:
            kept.append({**entity, "offset": begin, "length": stop - begin})
    return plain, kept
