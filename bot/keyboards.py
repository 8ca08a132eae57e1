"""Buttons as the content declares them; labels are keys of the words files, never words (STYLE 30)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.callbacks import Tap

Style = Literal["danger", "success", "primary"]
PLACE = "place"
"""The key that sends the phone's position; Telegram asks the person first."""


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button. ``label`` is a key of ``[buttons]`` in the words files, ``words`` fill it.

    ``text`` instead of ``label`` shows data as it is (a person's or a machine's name). Exactly one of
    ``tap``, ``url`` and ``copy`` says what it does.
    """

    label: str = ""
    text: str = ""
    tap: Tap | None = None
    url: str = ""
    copy: str = ""
    style: Style | None = None
    words: Mapping[str, object] = field(default_factory=dict)


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """A keyboard under the text field (WORDS 5): rows of keys of ``[keyboard]``, each sends its label.

    The key ``PLACE`` sends where the phone is instead. ``once``: it hides itself after its first use.
    """

    rows: Sequence[Sequence[str]]
    once: bool = False


@dataclass(frozen=True, slots=True)
class RemoveKeyboard:
    """Takes the reply keyboard away."""


Keyboard = Rows | ReplyKeyboard | RemoveKeyboard | None


def button(  # noqa: PLR0913 - a button is these things
    label: str,
    thing: str,
    action: str,
    number: int = 0,
    *args: str | int,
    version: int = 0,
    style: Style | None = None,
    words: Mapping[str, object] | None = None,
) -> Button:
    """Return a button that asks for ``action`` on a thing; ``args`` are small codes or numbers."""
    tap = Tap(thing, action, number, version, tuple(str(arg) for arg in args))
    return Button(label=label, tap=tap, style=style, words=words or {})


def named(text: str, thing: str, action: str, number: int = 0, *args: str | int, version: int = 0) -> Button:
    """Return a button whose label is data: a name, not words."""
    tap = Tap(thing, action, number, version, tuple(str(arg) for arg in args))
    return Button(text=text, tap=tap)


def link(label: str, url: str) -> Button:
    """Return a URL button. Telegram refuses hosts without a dot, so such a link gives no button (WORDS 5)."""
    return Button(label=label, url=url)


def copy(label: str, text: str) -> Button:
    """Return a button that copies up to 256 characters."""
    return Button(label=label, copy=text)


def columns(buttons: Iterable[Button], width: int) -> list[list[Button]]:
    """Return buttons in rows of a width."""
    flat = list(buttons)
    return [flat[start : start + width] for start in range(0, len(flat), width)]
