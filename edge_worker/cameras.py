"""Where frames come from: stills (Pillow) here; devices, streams and video files in ``video.py`` (OpenCV)."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from PIL import Image, UnidentifiedImageError

from edge_worker.errors import CameraError
from edge_worker.settings import CameraSettings

STILLS = "folder:"
JPEG_QUALITY = 90
_PICTURES = {".jpg", ".jpeg", ".png"}
_LIMIT_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: JPEG bytes, size in pixels, and when it was taken (aware, UTC)."""

    jpeg: bytes
    width: int
    height: int
    captured_at: datetime


class Camera(Protocol):
    """A source of frames, made by ``open_camera``."""

    def frame(self) -> Frame:
        """Take one picture now. Blocks; raises ``CameraError``."""
        ...


def open_camera(source: str) -> Camera:
    """Return the camera for ``folder:<path>``, a still, a device (``0``, ``/dev/video0``), a video, a stream.

    Blocking, like ``frame``: call it in a thread.

    Raises:
        CameraError: nothing is there, or OpenCV is needed and not installed.
    """
    stills = source.removeprefix(STILLS)
    path = Path(stills).expanduser()
    if source.startswith(STILLS) or path.is_dir() or path.suffix.lower() in _PICTURES:
        return StillsCamera(path)
    try:
        from edge_worker.video import VideoCamera  # noqa: PLC0415 - OpenCV is heavy and may not be installed
    except ImportError as error:
        msg = "This camera needs OpenCV, which is not installed; install siaga[edge]."
        raise CameraError(msg, "opencv_missing") from error
    return VideoCamera(source)


@dataclass(frozen=True, slots=True)
class StillsCamera:
    """A file, or a folder whose pictures take turns second by second: the camera of a simulated box."""

    path: Path

    def frame(self) -> Frame:
        """Return the picture whose turn it is. Raises ``CameraError``."""
        now = datetime.now(UTC)
        pictures = self._pictures()
        if not pictures:
            msg = f"There is no picture at {self.path}."
            raise CameraError(msg, "camera_not_opened")
        picture = pictures[int(now.timestamp()) % len(pictures)]
        try:
            return _still(picture.read_bytes(), now)
        except (
            OSError,
            UnidentifiedImageError,
            Image.DecompressionBombError,
            ValueError,
            SyntaxError,
        ) as error:
            # Pillow raises SyntaxError for a PNG that is broken in the middle.
            msg = f"{picture} cannot be read as a picture."
            raise CameraError(msg, "frame_unreadable") from error

    def _pictures(self) -> list[Path]:
        if self.path.is_dir():
            return sorted(one for one in self.path.iterdir() if one.suffix.lower() in _PICTURES)
        return [self.path] if self.path.is_file() else []


def known_cameras(
    configured: tuple[CameraSettings, ...], root: Path = Path("/")
) -> tuple[CameraSettings, ...]:
    """Return the configured cameras, else the capture devices that Linux lists."""
    if configured:
        return configured
    entries = sorted((root / "sys/class/video4linux").glob("video*"))
    # A camera has several nodes; the one with index 0 gives pictures, the others metadata.
    capturing = [entry for entry in entries if _line(entry / "index") in {"", "0"}]
    return tuple(CameraSettings(one.name, f"/dev/{one.name}", _line(one / "name")) for one in capturing)


def is_present(source: str) -> bool:
    """Whether a local source is there; a stream is taken to be, since asking it would take seconds."""
    if "://" in source:
        return True
    device = f"/dev/video{source}" if source.isdigit() else source.removeprefix(STILLS)
    return Path(device).expanduser().exists()


def _still(content: bytes, taken_at: datetime) -> Frame:
    with Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height > _LIMIT_PIXELS:
            msg = "too many pixels"
            raise ValueError(msg)
        picture.load()
        if picture.format == "JPEG":
            return Frame(content, picture.width, picture.height, taken_at)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY)
        return Frame(out.getvalue(), picture.width, picture.height, taken_at)


def _line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
