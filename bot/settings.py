"""What the bot needs; ``siaga`` fills it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from db.session import Database
from domain.defaults import LANGUAGE
from workflows.client import Gateway


class Files(Protocol):
    """The byte store (``db.store.LocalStore``): content under its SHA-256."""

    def put(self, content: bytes) -> str:
        """Store bytes and return their SHA-256."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes of a SHA-256."""
        ...

    def forget(self, sha256: str) -> bool:
        """Remove the bytes of a SHA-256 for good; False: not yet."""
        ...


@dataclass(frozen=True, slots=True)
class BotSettings:
    """Settings of the bot's processes.

    ``database``'s pool should allow 24 connections: two are held for waking and for the receiver's lock,
    up to 16 lanes and the sends share the rest. ``webhook_url`` is the HTTPS address Telegram posts to.
    """

    token: str
    database: Database
    gateway: Gateway
    files: Files
    secret_key: str
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: str = ""
    language: str = LANGUAGE
    public_url: str = ""
    """Where the web side is reached from outside: the address of the machines' codes; empty: the bot's."""
    ui_url: str = ""
    """The Temporal UI; empty: no links to runs."""
