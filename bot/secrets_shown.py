"""Secrets that a person may see once."""

from bot.context import SiagaContext
from db.secrets import Cipher


def cipher(context: SiagaContext) -> Cipher:
    """Return what derives setup and invite codes and reads keys that wait to be shown."""
    return Cipher(context.parts.settings.secret_key)
