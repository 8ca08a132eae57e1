"""What both markup parsers build: a plain text with nested entities, in UTF-16 units."""

from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

Entity = dict[str, Any]


class MarkupError(Exception):
    """The markup is broken; the text is Telegram's, without "can't parse entities: "."""


def broken(what: str) -> NoReturn:
    """Raises `MarkupError`."""
    raise MarkupError(what)


@dataclass(slots=True)
class Open:
    """An entity whose end has not come yet. `start` is an index into `Builder.pieces`."""

    name: str
    offset: int
    start: int
    byte_offset: int
    argument: str = ""


@dataclass(slots=True)
class Builder:
    """Collects text and entities from left to right."""

    pieces: list[str] = field(default_factory=list)
    offset: int = 0
    entities: list[Entity] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def write(self, character: str) -> None:
        """Adds one character."""
        self.pieces.append(character)
        self.offset += len(character.encode("utf-16-le")) // 2

    def begin(self, name: str, byte_offset: int, argument: str = "") -> None:
        """An entity starts here."""
        self.open.append(Open(name, self.offset, len(self.pieces), byte_offset, argument))

    def text_of(self, entity: Open) -> str:
        """What has been written since the entity began."""
        return "".join(self.pieces[entity.start :])

    def add(self, entity: Open, kind: str, **more: object) -> None:
        """An entity ends here; an empty one vanishes."""
        if self.offset > entity.offset:
            length = self.offset - entity.offset
            self.entities.append({"type": kind, "offset": entity.offset, "length": length, **more})

    def add_link(self, entity: Open, url: str) -> None:
        """A text link, or a mention by id for `tg://user?id=`; a link to nowhere leaves plain text."""
        address = url or self.text_of(entity)
        if user_id := mentioned_user(address):
            self.add(entity, "text_mention", user={"id": user_id})
        elif checked := checked_link(address):
            self.add(entity, "text_link", url=checked)

    def text(self) -> str:
        """Everything written."""
        return "".join(self.pieces)


def mentioned_user(url: str) -> int | None:
    """The user of a `tg://user?id=123` link."""
    prefix = "tg://user?id="
    rest = url.removeprefix(prefix)
    return int(rest) if url.lower().startswith(prefix) and rest.isdecimal() else None


def checked_link(url: str) -> str:
    """The link as Telegram keeps it, or "" where it does not take it as a link.

    A host needs a dot, so `http://localhost:8233` is none.
    """
    address = url.strip()
    if address.startswith(("tg://", "ton://", "tonsite://")):
        return address
    if "://" not in address:
        address = "http://" + address
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https", "ftp"} or " " in address:
        return ""
    if "." not in host or not all(host.split(".")):
        return ""
    return address if parts.path or parts.query or parts.fragment else address + "/"
