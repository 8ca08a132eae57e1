"""The byte store: files under their SHA-256 (DESIGN 3.8). Local folder; the name is the content."""

import hashlib
import os
import tempfile
from pathlib import Path


class LocalStore:
    """Bytes in a folder, two levels deep; writing the same bytes twice changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a hash live."""
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store bytes and return their SHA-256 (64 hex digits); a crash leaves no half file."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
        return sha256

    def drop(self, sha256: str) -> None:
        """Delete bytes for good; those that are gone stay gone."""
        self.path(sha256).unlink(missing_ok=True)

    def get(self, sha256: str) -> bytes:
        """Return the bytes; raises ``FileNotFoundError`` when they are gone."""
        return self.path(sha256).read_bytes()
