"""How a dialog is declared: a list of fields, a way to finish. The engine does the rest (DESIGN 6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from bot.context import SiagaContext


@dataclass(frozen=True, slots=True)
class Place:
    """Answer of a location field, degrees WGS 84. ``how``: ``pin``, ``live``, ``venue`` or ``typed``."""

    latitude: float
    longitude: float
    how: str
    accuracy_m: float | None = None
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """Answer of a picker: what was picked, and the label it had."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Team:
    """Answer of a people field: who is asked, in this order, or all at once."""

    people: tuple[Picked, ...]
    at_once: bool = False

    @property
    def label(self) -> str:
        """Return their names."""
        return ", ".join(one.label for one in self.people)


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a photos field, in Telegram's best size; ``sent_at`` is the message's date."""

    file_id: str
    file_unique_id: str
    width: int
    height: int
    size_bytes: int | None
    sent_at: datetime
    media_group_id: str | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a picker: ``note`` stands behind the label (a mark, a load), already words of data."""

    id: int
    label: str
    note: str = ""


Answers = Mapping[str, Any]
"""Answers so far by field name: str, int, float, code, ``Picked``, ``Team``, ``Place``, aware datetime, tuple
of ``Photo``, None for a skipped field."""


class Options(Protocol):
    """Loads a picker's options in the order they are shown; ``search`` is what the person typed, or empty."""

    async def __call__(self, context: "SiagaContext", answers: Answers, search: str, /) -> Sequence[Option]:
        """Return all options; the engine shows eight at a time."""
        ...


class Check(Protocol):
    """Refuses an answer by raising ``InvalidInput(field=…, problem=<key of [problems]>, …)``."""

    async def __call__(self, context: "SiagaContext", value: Any, answers: Answers, /) -> None:  # noqa: ANN401
        """Return when the answer is good."""
        ...


Condition = Callable[[Answers], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What every field has. ``when`` leaves it out; ``optional`` gives a skip button (the answer is None).

    ``skip`` is that button's label, a key of ``[buttons]``.
    """

    name: str
    optional: bool = False
    skip: str = "dialog_skip"
    when: Condition | None = None
    check: Check | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(Field):
    """Typed text."""

    max_length: int = 500
    min_length: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageField(Field):
    """Words, a picture, a document, a voice: the answer is the text, the rest is read from the update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(Field):
    """A number, typed as the language writes it."""

    minimum: float | None = None
    maximum: float | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField(Field):
    """Buttons for a few codes; labels are ``<labels>_<code>`` of ``[buttons]``, ``labels`` else the name."""

    choices: Sequence[str]
    labels: str = ""
    width: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerField(Field):
    """A list with search (typing) and pages of eight."""

    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleField(PickerField):
    """A picker of people: one by one tap, or several with ticks, asked all at once or one after the other.

    One button asks all of ``everyone`` at once; it is there when they are several.
    """

    everyone: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationField(Field):
    """A pin, a live location, a shared venue, or typed coordinates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeField(Field):
    """A moment in the person's zone: buttons for day, then hour; or typed ("besok 9", "24/11 9")."""

    hours: Sequence[int] = (7, 8, 9, 10, 11, 13, 14, 15, 16, 17)
    future_only: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosField(Field):
    """One or more photos; an album counts each of its pictures."""

    minimum: int = 1
    maximum: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmField(Field):
    """The summary with a confirm button (``label``: key of ``[buttons]``); always the last field."""

    label: str = "confirm"


class Finish(Protocol):
    """Does what the dialog was for.

    ``source`` is the opening update's (until a refusal: then the confirming one's), so that a repeat has one
    effect: pass it to the gateway instead of ``context.source``. May raise a ``Refusal``: it is shown and the
    dialog stays on its last step. ``context.settled`` works as in a handler.
    """

    async def __call__(self, context: "SiagaContext", answers: Answers, source: str, /) -> None:
        """Finish."""
        ...


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form: its questions are the template ``dialogs/<name>`` (variable ``field`` says which)."""

    name: str
    fields: Sequence[Field]
    finish: Finish
    hours_open: float = 24.0
