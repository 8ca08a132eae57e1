"""Guessing module and category from a description: suggested, never silently applied (WORDS 5)."""

import re
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower case, in order."""
    return _WORD.findall(text.casefold())


def guess(description: str, choices: Iterable[tuple[int, Sequence[str]]]) -> int | None:
    """Return the choice whose keywords occur most in a description; None when none does, or two tie.

    A keyword of several words has to occur as they stand and counts as many times; a single word also
    matches with an Indonesian suffix (``stoknya``, ``resepnya``).
    """
    text = f" {' '.join(words_of(description))} "
    scores = {number: sum(_score(keyword, text) for keyword in keywords) for number, keywords in choices}
    best = max(scores.values(), default=0)
    leaders = [number for number, score in scores.items() if score == best]
    return leaders[0] if best > 0 and len(leaders) == 1 else None


def _score(keyword: str, text: str) -> int:
    parts = words_of(keyword)
    phrase = " ".join(parts)
    found = any(f" {phrase}{suffix} " in text for suffix in ("", "nya", "kan", "an"))
    return len(parts) if found else 0
