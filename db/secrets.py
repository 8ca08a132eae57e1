"""Secrets at rest: device secrets and hand-offs are encrypted, setup codes derived (DESIGN 3.10)."""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography.fernet import Fernet

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without 0, O, 1 and I: read from a phone in a cellar."""
CODE_LENGTH = 10


class Cipher:
    """Encrypts with a key derived from the installation's ``SIAGA_SECRET_KEY``."""

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derived("encryption")))

    def _derived(self, purpose: str) -> bytes:
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()

    def encrypt(self, plain: str) -> str:
        """Return the ciphertext as text."""
        return self._fernet.encrypt(plain.encode()).decode()

    def decrypt(self, ciphertext: str) -> str:
        """Return the plain text; raises ``cryptography.fernet.InvalidToken`` under another key."""
        return self._fernet.decrypt(ciphertext.encode()).decode()

    def setup_code(self, handoff: UUID) -> str:
        """Return a hand-off's single-use code, e.g. ``K7QM2-9XRTD`` (50 bits); only its hash is stored."""
        digest = hmac.new(self._derived("setup-code"), handoff.bytes, hashlib.sha256).digest()
        number = int.from_bytes(digest[:8])
        letters = "".join(CODE_LETTERS[(number >> (5 * place)) & 31] for place in range(CODE_LENGTH))
        return f"{letters[:5]}-{letters[5:]}"


def normal_code(typed: str) -> str:
    """Return a typed setup code as it is hashed: upper case, without spaces and dashes."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def new_api_key() -> str:
    """Return a machine's key: 256 random bits."""
    return f"rvm_{secrets.token_urlsafe(32)}"
