"""Telegram's HTML style, with its own error texts (TELEGRAM 5); the rules are those of its public parser."""

import re
import sys
from dataclasses import dataclass
from typing import NoReturn

from siaga.simulator.text.nesting import Builder, Entity, Open, broken

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*KINDS, "a", "pre", "code", "blockquote", "tg-emoji"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));?")
SURROGATES = range(0xD800, 0xE000)
SPACES = " \t\r\n\0\v"


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities. Raises `MarkupError`."""
    return _Parser(source).parse()


@dataclass(slots=True)
class _Tag:
    name: str
    argument: str = ""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.built = Builder()

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                if self.source.startswith("</", self.at):
                    self._end_tag()
                else:
                    self._start_tag()
            else:
                self.built.write(self._character())
        if self.built.open:
            name = self.built.open[-1].name
            broken(f'Can\'t find end tag corresponding to start tag "{name}"')
        return self.built.text(), self.built.entities

    def _character(self) -> str:
        """The next character, with a reference such as `&lt;` or `&#128064;` resolved."""
        character = self.source[self.at]
        found = REFERENCE.match(self.source, self.at) if character == "&" else None
        decoded = _decoded(found) if found else ""
        if found and decoded:
            self.at = found.end()
            return decoded
        self.at += 1
        return character

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _skip(self, characters: str) -> None:
        while self._peek() and self._peek() in characters:
            self.at += 1

    def _until(self, characters: str) -> str:
        begin = self.at
        while self._peek() and self._peek() not in characters:
            self.at += 1
        return self.source[begin : self.at]

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = _Tag(self._until(SPACES + ">").lower())
        if not self._peek():
            self._unclosed(begin)
        if tag.name not in TAGS:
            broken(f'Unsupported start tag "{tag.name}" at byte offset {self._bytes(begin)}')
        while self._peek() != ">":
            self._skip(SPACES)
            if not self._peek():
                self._unclosed(begin)
            if self._peek() != ">":
                self._attribute(tag, begin)
        self.at += 1
        if tag.name == "span" and tag.argument != "spoiler":
            where = self._bytes(begin)
            broken(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.built.begin(tag.name, begin, tag.argument)

    def _attribute(self, tag: _Tag, begin: int) -> None:
        attribute_begin = self.at
        name = self._until(SPACES + "=>/\"'")
        if not name:
            where = self._bytes(attribute_begin)
            broken(f'Empty attribute name in the tag "{tag.name}" at byte offset {where}')
        self._skip(SPACES)
        value = ""
        if self._peek() == "=":
            self.at += 1
            self._skip(SPACES)
            value = self._value()
        if not self._peek():
            self._unclosed(begin)
        match tag.name, name:
            case ("a", "href") | ("tg-emoji", "emoji-id"):
                tag.argument = value
            case ("code", "class") if value.startswith("language-"):
                tag.argument = value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                tag.argument = value.removeprefix("tg-")
            case ("blockquote", "expandable"):
                tag.argument = "expandable"

    def _value(self) -> str:
        quote = self._peek()
        if quote not in ("'", '"'):
            begin = self.at
            token = re.compile(r"[A-Za-z0-9.\-]*").match(self.source, begin)
            self.at = token.end() if token else begin
            if self._peek() and self._peek() not in SPACES + ">":
                broken(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
            return self.source[begin : self.at].lower()
        self.at += 1
        value = ""
        while self._peek() and self._peek() != quote:
            value += self._character()
        self.at += 1
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.built.open:
            broken(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        self.at += 2
        name = self._until(SPACES + ">")
        self._skip(SPACES)
        if self._peek() != ">":
            broken(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.at += 1
        entity = self.built.open.pop()
        if name and name.lower() != entity.name:
            broken(
                f"Unmatched end tag at byte offset {self._bytes(begin)},"
                f' expected "</{entity.name}>", found "</{name}>"'
            )
        self._close(entity)

    def _close(self, entity: Open) -> None:
        match entity.name:
            case "a":
                self.built.add_link(entity, entity.argument)
            case "pre":
                self._close_pre(entity)
            case "code":
                language = {"language": entity.argument} if entity.argument else {}
                self.built.add(entity, "code", **language)
            case "blockquote":
                kind = "expandable_blockquote" if entity.argument else "blockquote"
                self.built.add(entity, kind)
            case "tg-emoji":
                self.built.add(entity, "custom_emoji", custom_emoji_id=entity.argument)
            case _:
                self.built.add(entity, KINDS[entity.name])

    def _close_pre(self, entity: Open) -> None:
        """`<pre><code class="language-x">` is one entity."""
        before = self.built.entities[-1] if self.built.entities else {}
        place = {"offset": entity.offset, "length": self.built.offset - entity.offset}
        if before.get("language") and place == {name: before[name] for name in place}:
            before["type"] = "pre"
        else:
            self.built.add(entity, "pre")

    def _unclosed(self, begin: int) -> NoReturn:
        broken(f"Unclosed start tag at byte offset {self._bytes(begin)}")


def _decoded(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return NAMED.get(name, "")
    number = int(decimal) if decimal else int(hexadecimal, 16)
    surrogate = number in SURROGATES
    return chr(number) if 0 < number <= sys.maxunicode and not surrogate else ""
