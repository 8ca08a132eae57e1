"""Telegram's HTML: its length after entities are parsed, and cutting it without cutting tags."""

import html
import re

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
_PIECE = re.compile(r"<(/?)([a-zA-Z-]+)[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|[^<&]+|[<&]", re.DOTALL)


def units(text: str) -> int:
    """Return a plain text's length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def shorten(text: str, most: int) -> str:
    """Return plain text of at most ``most`` characters, with … where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def length(markup: str) -> int:
    """Return how long Telegram finds an HTML text."""
    return units(_plain(markup))


def fit(markup: str, limit: int = MESSAGE_LIMIT) -> str:
    """Return HTML of at most ``limit`` units after parsing, cut with … and with every open tag closed."""
    if length(markup) <= limit:
        return markup
    left, kept, opened = limit - 1, [], list[str]()
    for piece in _PIECE.finditer(markup):
        text = piece.group(0)
        if piece.group(2):
            if piece.group(1):
                opened.pop()
            else:
                opened.append(piece.group(2))
            kept.append(text)
            continue
        cost = units(html.unescape(text))
        if cost > left:
            kept.append(_cut(text, left))
            break
        left -= cost
        kept.append(text)
    return "".join(kept).rstrip() + "…" + "".join(f"</{tag}>" for tag in reversed(opened))


def first_line(markup: str) -> str:
    """Return the first line of a text, with the tags it opened closed."""
    line = markup.strip().split("\n", 1)[0]
    opened = list[str]()
    for piece in _PIECE.finditer(line):
        if piece.group(2) and piece.group(1) and opened:
            opened.pop()
        elif piece.group(2) and not piece.group(1):
            opened.append(piece.group(2))
    return line + "".join(f"</{tag}>" for tag in reversed(opened))


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def _cut(text: str, left: int) -> str:
    if text.startswith("&"):
        return ""
    cut = text[:left]
    while units(cut) > left:
        cut = cut[:-1]
    return cut
