"""What technicians type instead of tapping, in either language: a word says the move (WORDS 5).

Typed text waits on a phone without signal and leaves when it is back; a tap is lost. The keys under the text
field send their labels, so these are read here as well.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What a typed word asks for."""

    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    ALL_OK = "all_ok"
    COMPLETE = "complete"
    UNDO = "undo"
    POSTPONE = "postpone"
    HAND_BACK = "hand_back"
    PIN = "pin"
    PROBLEM = "problem"


class Tag(StrEnum):
    """What a photo's caption says that it shows."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A read text: what it asks for, about which task (``#12``; None: not said), and the words behind it."""

    verb: Verb
    number: int | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A read caption; ``asks`` is what it asks for beside being a caption."""

    tag: Tag | None
    asks: Spoken | None


_VERBS: dict[Verb, tuple[str, ...]] = {
    Verb.ACCEPT: ("terima", "diterima", "saya terima", "accept", "accepted", "i accept"),
    Verb.DECLINE: ("tolak", "saya tolak", "decline", "reject"),
    Verb.START: ("mulai", "mulai kerja", "sudah sampai", "start", "start work", "arrived"),
    Verb.ALL_OK: ("semua ok", "semua oke", "semua baik", "all ok", "all okay", "all good"),
    Verb.COMPLETE: ("selesai", "sudah selesai", "selesaikan", "done", "finished", "complete"),
    Verb.UNDO: ("batalkan selesai", "belum selesai", "undo", "not done"),
    Verb.POSTPONE: ("tunda", "postpone"),
    Verb.HAND_BACK: ("kembalikan", "hand back"),
    Verb.PIN: ("pin", "minta pin", "kode pin"),
    Verb.PROBLEM: ("masalah", "ada masalah", "lapor masalah", "problem", "report a problem"),
}
_ALONE = frozenset({Verb.ACCEPT, Verb.START, Verb.ALL_OK, Verb.UNDO, Verb.PIN})
"""Verbs behind which nothing but a number may stand: "terima kasih" accepts nothing."""
_TAGS: dict[Tag, tuple[str, ...]] = {
    Tag.BEFORE: ("sebelum", "before"),
    Tag.AFTER: ("sesudah", "setelah", "after"),
}

_FRAME = re.compile(r"^[^\w#]+|\s+$")
"""What stands before the first word: emoji, quotes, bullets."""
_BARE_NUMBER = re.compile(r"[\W_]*(\d{1,18})?[\W_]*")
_HASH_NUMBER = re.compile(r"[\s.,:;!\u2013\u2014-]*#(\d{1,18})\b")
_BETWEEN = " \t\n.,:;!\u2013\u2014-"


def _beginnings(words: dict[Verb, tuple[str, ...]] | dict[Tag, tuple[str, ...]]) -> re.Pattern[str]:
    """Return what finds one of the phrases at the beginning, the longest first, however it is spaced."""
    phrases = sorted((one for held in words.values() for one in held), key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, one.split())) for one in phrases)
    return re.compile(rf"(?P<phrase>{either})(?![\w'\u2019])", re.IGNORECASE)


_VERB, _TAG = _beginnings(_VERBS), _beginnings(_TAGS)
_VERB_OF = {phrase: verb for verb, phrases in _VERBS.items() for phrase in phrases}
_TAG_OF = {phrase: tag for tag, phrases in _TAGS.items() for phrase in phrases}


def read(text: str) -> Spoken | None:
    """Return what a typed text asks for; None when it is no order but talk."""
    said = _FRAME.sub("", text)
    found = _VERB.match(said)
    if found is None:
        return None
    verb, behind = _VERB_OF[_plain(found["phrase"])], said[found.end() :]
    if behind.lstrip().startswith("?"):
        return None
    if verb in _ALONE:
        bare = _BARE_NUMBER.fullmatch(behind)
        return None if bare is None else Spoken(verb, int(bare[1]) if bare[1] else None)
    numbered = _HASH_NUMBER.match(behind)
    if numbered is not None:
        behind = behind[numbered.end() :]
    return Spoken(verb, int(numbered[1]) if numbered else None, behind.strip(_BETWEEN))


def read_caption(text: str) -> Caption:
    """Return what a caption says about its photos, and whether it asks for something: "sesudah. Selesai"."""
    said = _FRAME.sub("", text)
    found = _TAG.match(said)
    if found is None:
        return Caption(None, read(said))
    return Caption(_TAG_OF[_plain(found["phrase"])], read(said[found.end() :].lstrip(_BETWEEN)))


def _plain(phrase: str) -> str:
    return " ".join(phrase.casefold().split())
