"""Files in memory: photos in several sizes, documents, voice notes."""

import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PIL import Image, UnidentifiedImageError

from siaga.simulator.clock import Clock
from siaga.simulator.refusals import refuse

Json = dict[str, Any]
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_DOCUMENT = 50 * 1024 * 1024
MAX_SIDES = 10_000
MAX_RATIO = 20
LINK_VALID_S = 3600
SIDES = (90, 320, 800, 1280)
WRONG_FILE = "wrong file_id or the file is temporarily unavailable"
BROKEN_IMAGE = (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError)


@dataclass(slots=True)
class StoredFile:
    """`shown` is its Bot API object (PhotoSize, Document or Voice); `photo` all sizes of the same photo."""

    kind: str
    shown: Json
    data: bytes
    mime_type: str
    path: str
    photo: list[Json] = field(default_factory=list)
    linked_at: float | None = None


@dataclass(slots=True)
class FileStore:
    """By file id, and by path for downloads."""

    clock: Clock
    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add_photo(self, data: bytes) -> list[Json]:
        """The PhotoSizes of an image, smallest first. Raises `RefusalError` where it is none."""
        if len(data) > MAX_PHOTO:
            refuse("file is too big")
        try:
            with Image.open(io.BytesIO(data)) as image:
                _check_dimensions(image.width, image.height)
                rendered = _sizes(image.convert("RGB"))
        except BROKEN_IMAGE:
            refuse("IMAGE_PROCESS_FAILED")
        return self._add_sizes(rendered)

    def add_raw_photo(self, data: bytes, width: int = 1280, height: int = 960) -> list[Json]:
        """PhotoSizes that claim to be a photo, whatever the bytes are."""
        claimed = [(max(1, width * side // 1280), max(1, height * side // 1280), data) for side in SIDES[1:]]
        return self._add_sizes(claimed)

    def add_document(self, data: bytes, name: str, mime_type: str, size: int | None = None) -> Json:
        """A Document; `size` may claim more than the bytes hold."""
        if len(data) > MAX_DOCUMENT:
            refuse("Request Entity Too Large", 413)
        shown = self._ids() | {"file_name": name, "mime_type": mime_type, "file_size": size or len(data)}
        self._keep(StoredFile("Document", shown, data, mime_type, f"documents/{_safe(name)}"))
        return shown

    def add_voice(self, data: bytes, mime_type: str, duration: int) -> Json:
        """A Voice; `duration` in seconds."""
        shown = self._ids() | {"duration": duration, "mime_type": mime_type, "file_size": len(data)}
        self._keep(StoredFile("Voice", shown, data, mime_type, "voice/file.oga"))
        return shown

    def find(self, file_id: str, kind: str | None = None) -> StoredFile:
        """The file, of that kind if one is named. Raises `RefusalError`."""
        found = self.by_id.get(file_id)
        if found is None:
            if file_id.startswith(("http://", "https://")):
                refuse("failed to get HTTP URL content")
            refuse(WRONG_FILE)
        if kind and found.kind != kind:
            refuse(f"can't use file of type {found.kind} as {kind}")
        return found

    def link(self, file_id: str) -> Json:
        """`getFile`: the File with a path that is good for an hour. Refuses what is over 20 MB."""
        found = self.find(file_id)
        if found.shown.get("file_size", 0) > MAX_DOWNLOAD:
            refuse("file is too big")
        found.linked_at = self.clock.now()
        shown = {name: found.shown[name] for name in ("file_id", "file_unique_id", "file_size")}
        return shown | {"file_path": found.path}

    def download(self, path: str) -> StoredFile | None:
        """The file behind a link that is still good."""
        found = self.by_path.get(path)
        if found is None or found.linked_at is None:
            return None
        return found if self.clock.now() - found.linked_at < LINK_VALID_S else None

    def _add_sizes(self, rendered: list[tuple[int, int, bytes]]) -> list[Json]:
        sizes = [
            self._ids() | {"width": width, "height": height, "file_size": len(data)}
            for width, height, data in rendered
        ]
        for size, (_, _, data) in zip(sizes, rendered, strict=True):
            self._keep(StoredFile("Photo", size, data, "image/jpeg", "photos/file.jpg", photo=sizes))
        return sizes

    def _keep(self, file: StoredFile) -> None:
        folder, _, name = file.path.partition("/")
        file.path = f"{folder}/file_{next(self._numbers)}_{name}"
        self.by_id[file.shown["file_id"]] = file
        self.by_path[file.path] = file

    def _ids(self) -> Json:
        return {"file_id": "AgAC" + secrets.token_urlsafe(48), "file_unique_id": secrets.token_urlsafe(11)}


def _check_dimensions(width: int, height: int) -> None:
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        refuse("PHOTO_INVALID_DIMENSIONS")


def _sizes(image: Image.Image) -> list[tuple[int, int, bytes]]:
    """Three or four sizes, the largest at most 1280 pixels on its longer side."""
    longest = min(max(image.size), SIDES[-1])
    sides = [side for side in SIDES if side < longest]
    if not sides[1:]:
        sides = [max(1, longest // 4), max(1, longest // 2)]
    rendered = []
    for side in [*sides, longest]:
        copy = image.copy()
        copy.thumbnail((side, side))
        buffer = io.BytesIO()
        copy.save(buffer, "JPEG", quality=85)
        rendered.append((copy.width, copy.height, buffer.getvalue()))
    return rendered


def _safe(name: str) -> str:
    return "".join(character if character.isalnum() or character in "._-" else "_" for character in name)
