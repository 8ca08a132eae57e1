"""Frames from devices, streams and video files: the one file that needs OpenCV."""

from datetime import UTC, datetime
from pathlib import Path

import cv2

from edge_worker.cameras import JPEG_QUALITY, Frame
from edge_worker.errors import CameraError

_PATIENCE_MS = 10_000
_SETTLING_FRAMES = 5
"""A device's first frames after opening are dark: its exposure needs a few to settle."""


class VideoCamera:
    """``0`` or ``/dev/video0``, an RTSP or HTTP stream, or a video file; opened anew for each frame."""

    def __init__(self, source: str) -> None:
        self._source = source
        # A file may lie below /dev too: in memory, at /dev/shm.
        self._is_device = source.isdigit() or (source.startswith("/dev/") and not Path(source).is_file())

    def frame(self) -> Frame:
        """Open, take one frame, close. Raises ``CameraError``; waits at most 10 s for a stream."""
        capture = self._open()
        try:
            if not capture.isOpened():
                msg = "The camera cannot be opened; is it plugged in and not in use?"
                raise CameraError(msg, "camera_not_opened")
            for _ in range(_SETTLING_FRAMES if self._is_device else 0):
                capture.grab()
            taken, picture = capture.read()
            now = datetime.now(UTC)
        finally:
            capture.release()
        if not taken or picture is None:
            msg = "The camera is open but gives no picture."
            raise CameraError(msg, "no_frame")
        height, width = picture.shape[:2]
        encoded, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if not encoded:
            msg = "The camera's picture cannot be written as JPEG."
            raise CameraError(msg, "frame_unreadable")
        return Frame(jpeg.tobytes(), width, height, now)

    def _open(self) -> cv2.VideoCapture:
        if self._is_device:
            device = int(self._source) if self._source.isdigit() else self._source
            return cv2.VideoCapture(device, cv2.CAP_V4L2)
        timeouts = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            _PATIENCE_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            _PATIENCE_MS,
        ]
        return cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, timeouts)
