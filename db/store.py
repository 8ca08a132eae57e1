"""The byte store: files under their SHA-256 (DESIGN 3.8). Local folder; the name is the content."""

import hashlib
import os
import tempfile
import time
from pathlib import Path

JUST_BROUGHT_S = 60.0
"""Bytes that somebody brought this short ago may be about to be named by a row."""


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
        try:
            os.utime(target)
        except FileNotFoundError:
            self._write(target, content)
        return sha256

    def _write(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)

    def get(self, sha256: str) -> bytes:
        """Return the bytes; raises ``FileNotFoundError`` when they are gone."""
        return self.path(sha256).read_bytes()

    def forget(self, sha256: str) -> bool:
        """Remove the bytes of a hash for good; False when somebody has just brought them, so they stay."""
        target = self.path(sha256)
        try:
            if time.time() - target.stat().st_mtime < JUST_BROUGHT_S:
                return False
            target.unlink()
        except FileNotFoundError:
            pass  # gone already
        return True
