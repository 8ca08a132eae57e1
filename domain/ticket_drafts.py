"""What a customer has said and not sent yet: one draft with everything filled (WORDS 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

DRAFT_HOURS = 24.0
PARTS_MOST = 100
"""Messages that one draft holds: what comes after has to be sent first."""


class DraftStep(StrEnum):
    """What a draft's card asks for."""

    WHERE = "where"
    """Several tickets could be meant: one of them, or a new trouble."""
    PHARMACY = "pharmacy"
    """Whom it is for: the person has several pharmacies, or other work besides."""
    READY = "ready"
    """Everything is filled: send, or change something."""
    EFFECT = "effect"
    EFFECT_TO_SEND = "effect_to_send"
    """Sent without an effect: the answer sends it."""
    MODULE = "module"
    CATEGORY = "category"


class DraftValue(StrEnum):
    """What is changed by typing."""

    VERSION = "version"
    CONTACT = "contact"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class DraftPart:
    """One message of a draft: its words, and the copy of its file, if it brought one that could be kept."""

    message_id: int
    text: str = ""
    kind: str = ""
    """``photo``, ``document``, ``voice`` or ``video``; empty: words only."""
    file_id: int | None = None


def words_of(parts: Sequence[DraftPart]) -> str:
    """Return what the messages say together."""
    return "\n".join(part.text for part in parts if part.text)
