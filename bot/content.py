"""What the machinery asks of the content: cards, notices, dialogs and handlers (``bot/registry.py``)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.keyboards import Rows
from domain.chat import Thing
from domain.people import Person

if TYPE_CHECKING:
    from telegram.ext import Application

    from bot.api import BotApi
    from bot.dialogs.fields import Dialog


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a card or a notice; ``person`` is None only in a group."""

    person: Person | None
    language: str
    time_zone: str
    chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card for one reader.

    ``row`` is the present row of the thing and reaches the template as ``thing``; ``context`` is what else
    the template needs. ``final``: the end is reached, buttons that ask for something are taken away whatever
    ``keyboard`` holds.
    """

    template: str
    row: object
    context: Mapping[str, object] = field(default_factory=dict)
    keyboard: Rows = ()
    final: bool = False
    language: str = ""
    """What a reader without an account is spoken to in; empty: the reader's own language."""


class CardBuilder(Protocol):
    """Loads a thing's present row and says how its card looks to a reader; None: there is nothing to show.

    The session has the system scope: the builder checks what ``reader.person`` may see and do.
    """

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader, /) -> CardView | None:
        """Return the card."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A stored file (SHA-256) that is sent as it is, under a name that people keep it by."""

    sha256: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What a notice carries beside its text: buttons, a stored picture (SHA-256) or a file, more variables.

    A picture or a file makes the text its caption.
    """

    keyboard: Rows = ()
    photo: str | None = None
    document: Document | None = None
    context: Mapping[str, object] = field(default_factory=dict)


class NoticeBuilder(Protocol):
    """Adds buttons or a picture to one notice template; ``row`` is the thing's present row or None.

    None instead of a view: there is nothing to say any more, and nothing is sent.
    """

    async def __call__(
        self, session: AsyncSession, row: object, details: Mapping[str, Any], reader: Reader, /
    ) -> NoticeView | None:
        """Return what goes with the text."""
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """Everything people meet, by name."""

    register: Callable[["Application[Any, Any, Any, Any, Any, Any]"], None]
    """Adds the handlers (group 0 and above) to PTB's application."""
    cards: Mapping[Thing, CardBuilder]
    dialogs: Mapping[str, "Dialog"]
    notices: Mapping[str, NoticeBuilder] = field(default_factory=dict)
    """By template name as in ``announce``; a template without an entry has text only."""
    started: Callable[["BotApi"], Awaitable[None]] | None = None
    """Called once when the bot is up: commands, descriptions."""
