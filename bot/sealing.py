"""Sealing a reply that shows a secret while it waits in the outbox (DESIGN 3.10)."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet


class Sealer:
    """Encrypts JSON at rest; the key is derived from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        key = hmac.new(secret_key.encode(), b"siaga sealed replies", hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return the content, unreadable."""
        return {"sealed": self._fernet.encrypt(json.dumps(content).encode()).decode()}

    def unseal(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return the content as it was; what was never sealed comes back as it is."""
        if "sealed" not in content:
            return content
        opened: dict[str, Any] = json.loads(self._fernet.decrypt(content["sealed"].encode()))
        return opened
