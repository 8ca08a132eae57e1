"""Callback data: a stateless token that says what a button does, sealed for one chat (DESIGN 6).

``<thing>:<action>:<id>:<version>[:<arg>…]~<mac>``, at most 64 bytes. The MAC covers the chat, so a token that
was read elsewhere is useless; nothing is kept for a button, so it works on any replica and after any restart.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from domain.chat import Thing
from domain.errors import NotAllowed, OldCard

LIMIT_BYTES = 64
MAC_BYTES = 9
_PART = re.compile(r"[A-Za-z0-9_.+-]*")
_THINGS = frozenset(thing.value for thing in Thing)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button asks for: ``action`` on the thing ``thing`` with number ``id``.

    ``version`` is the version of the card that carried the button; it only matters to handlers that ask
    for it, since the workflow decides what is still possible. ``args`` are small codes or numbers.
    """

    thing: str
    action: str
    id: int = 0
    version: int = 0
    args: tuple[str, ...] = ()

    @property
    def card(self) -> Thing | None:
        """The thing whose card carried the button; None for buttons of lists and notices."""
        return Thing(self.thing) if self.thing in _THINGS else None


class CallbackSigner:
    """Makes and reads tokens. The key is derived from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.new(secret_key.encode(), b"siaga callback tokens", hashlib.sha256).digest()

    def encode(self, tap: Tap, chat_id: int) -> str:
        """Return the token of a button in a chat; raises ``ValueError`` when it cannot fit into 64 bytes."""
        parts = (tap.thing, tap.action, _short(tap.id), _short(tap.version), *tap.args)
        body = ":".join(parts)
        if not all(_PART.fullmatch(part) for part in parts):
            message = f"a button's parts are letters, digits and _.+-: {body}"
            raise ValueError(message)
        token = f"{body}~{self._mac(body, chat_id)}"
        if len(token) > LIMIT_BYTES:
            message = f"a button's token has {len(token)} bytes, {LIMIT_BYTES} are allowed: {body}"
            raise ValueError(message)
        return token

    def decode(self, token: str, chat_id: int) -> Tap:
        """Return what the button asks for.

        Raises:
            NotAllowed: the token was not made here for this chat.
            OldCard: it was, but by a release that wrote it differently.
        """
        body, _, mac = token.rpartition("~")
        if not hmac.compare_digest(mac.encode(), self._mac(body, chat_id).encode()):
            raise NotAllowed(problem="token")
        try:
            thing, action, number, version, *args = body.split(":")
            return Tap(thing, action, int(number, 36), int(version, 36), tuple(args))
        except ValueError:
            raise OldCard from None

    def _mac(self, body: str, chat_id: int) -> str:
        digest = hmac.new(self._key, f"{chat_id}\n{body}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:MAC_BYTES]).decode()


def _short(number: int) -> str:
    """Return a number in base 36."""
    if number < 0:
        return "-" + _short(-number)
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text
