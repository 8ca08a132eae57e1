"""HMAC of device requests (DESIGN 7), one definition for the box that signs and the door that verifies."""

import hashlib
import hmac

KEY_HEADER = "X-Edge-Key"
TIMESTAMP_HEADER = "X-Edge-Timestamp"
NONCE_HEADER = "X-Edge-Nonce"
SIGNATURE_HEADER = "X-Edge-Signature"
WINDOW_S = 300
"""A request is taken when its timestamp is within five minutes of the server's clock; nonces live as long."""


def signature(  # noqa: PLR0913, PLR0917 - the parts that are signed, in their order
    secret: str, method: str, path: str, timestamp: str, nonce: str, body: bytes
) -> str:
    r"""Return hex HMAC-SHA256 over ``method \n path \n timestamp \n nonce \n sha256(body)``.

    ``path`` is the request target without scheme and host, query string included; ``timestamp`` is whole
    seconds since 1970 as text.
    """
    digest = hashlib.sha256(body).hexdigest()
    text = f"{method.upper()}\n{path}\n{timestamp}\n{nonce}\n{digest}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def signature_fits(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def secret_hash(secret: str) -> str:
    """Return the SHA-256 (64 hex digits) under which keys, tokens and codes are stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
