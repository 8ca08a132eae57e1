"""Telegram's MarkdownV2, with its own error texts (TELEGRAM 5)."""

from siaga.simulator.text.nesting import Builder, Entity, Open, broken

RESERVED = "_*[]()~`>#+-=|{}.!"
KINDS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler", "`": "code"}
NAMES = {
    "*": "Bold",
    "_": "Italic",
    "__": "Underline",
    "~": "Strikethrough",
    "||": "Spoiler",
    "`": "Code",
    "```": "Pre",
    "[": "TextUrl",
    "![": "CustomEmoji",
}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities. Raises `MarkupError`."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.built = Builder()
        self.quote: Open | None = None

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            self._step()
        self._end_quote()
        if self.built.open:
            last = self.built.open[-1]
            where = self._bytes(last.byte_offset)
            broken(f"Can't find end of {NAMES[last.name]} entity at byte offset {where}")
        return self.built.text(), self.built.entities

    def _step(self) -> None:
        character = self.source[self.at]
        if character == "\\" and "\0" < self._next(1) <= "~":
            self.built.write(self._next(1))
            self.at += 2
        elif self._in_code():
            if character == "`" and self._starts(self.built.open[-1].name):
                self._end(self.built.open.pop())
            else:
                self._copy()
        elif character == "\n":
            self._line_break()
        elif character == ">" and self._at_line_start():
            self._begin_quote()
        elif character in RESERVED:
            self._markup(character)
        else:
            self._copy()

    def _copy(self) -> None:
        self.built.write(self.source[self.at])
        self.at += 1

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _next(self, distance: int) -> str:
        return self.source[self.at + distance : self.at + distance + 1]

    def _starts(self, mark: str) -> bool:
        return self.source.startswith(mark, self.at)

    def _in_code(self) -> bool:
        return bool(self.built.open) and self.built.open[-1].name in ("`", "```")

    def _at_line_start(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _begin_quote(self) -> None:
        if self.quote is None:
            self.quote = Open(">", self.built.offset, len(self.built.pieces), self.at)
        self.at += 1

    def _line_break(self) -> None:
        if self.quote is not None and self._next(1) != ">":
            self._end_quote()
        self._copy()

    def _end_quote(self, kind: str = "blockquote") -> None:
        if self.quote is not None:
            self.built.add(self.quote, kind)
            self.quote = None

    def _markup(self, character: str) -> None:
        mark = next((mark for mark in ("```", "__", "||", "![") if self._starts(mark)), character)
        last = self.built.open[-1].name if self.built.open else ""
        if (last == mark and mark not in ("[", "![")) or (character == "]" and last in ("[", "![")):
            self._end(self.built.open.pop())
        elif mark == "||" and self.quote and self.source[self.at + 2 : self.at + 3] in ("", "\n"):
            self._end_quote("expandable_blockquote")
            self.at += 2
        elif mark in NAMES:
            self._begin(mark)
        else:
            broken(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _begin(self, mark: str) -> None:
        begin = self.at
        self.at += len(mark)
        language = ""
        if mark == "```":
            end = self.at
            while end < len(self.source) and not self.source[end].isspace() and self.source[end] != "`":
                end += 1
            if end < len(self.source) and self.source[end] != "`":
                language = self.source[self.at : end]
                self.at = end
            if self._starts("\n"):
                self.at += 1
        self.built.begin(mark, begin, language)

    def _end(self, entity: Open) -> None:
        mark = entity.name
        self.at += 1 if mark in ("[", "![") else len(mark)
        if mark in ("[", "!["):
            url = self._url()
            if mark == "[":
                self.built.add_link(entity, url)
            else:
                self.built.add(entity, "custom_emoji", custom_emoji_id=url.rpartition("=")[2])
        elif mark == "```":
            language = {"language": entity.argument} if entity.argument else {}
            self.built.add(entity, "pre", **language)
        else:
            self.built.add(entity, KINDS[mark])

    def _url(self) -> str:
        if not self._starts("("):
            return ""
        self.at += 1
        begin = self.at
        url = ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and "\0" < self._next(1) <= "~":
                self.at += 1
            url += self.source[self.at]
            self.at += 1
        if not self._starts(")"):
            broken(f"Can't find end of a URL at byte offset {self._bytes(begin)}")
        self.at += 1
        return url
