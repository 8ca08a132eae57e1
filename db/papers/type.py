"""The typeface of everything that is printed (decision 31), and what it can show."""

import unicodedata
from functools import cache
from pathlib import Path

import fontpkg_fira_sans
from fontTools.ttLib import TTFont
from PIL import ImageFont

_FOLDER: Path = fontpkg_fira_sans.ROOT / "files"
MISSING = "▯"
"""Stands for a letter that the typeface lacks."""
_UNSEEN = ("C", "M", "Sk", "So")
"""Unicode's control characters, marks, modifiers and pictures: left out when the typeface lacks them."""


def face(*, bold: bool = False) -> Path:
    """Return the file of a weight."""
    return _FOLDER / ("FiraSans-SemiBold.ttf" if bold else "FiraSans-Regular.ttf")


@cache
def _letters() -> frozenset[int]:
    with TTFont(face()) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """Return a text with what can be printed: emoji are left out, letters of other scripts are marked."""
    kept = []
    for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " ")):
        kind = unicodedata.category(letter)
        if letter == "\n" or (ord(letter) in _letters() and not kind.startswith("C")):
            kept.append(letter)
        elif not kind.startswith(_UNSEEN):
            kept.append(MISSING)
    lines = "".join(kept).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


@cache
def measure(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Return the typeface at a size in pixels, to draw with and to measure by."""
    return ImageFont.truetype(face(bold=bold), size)
