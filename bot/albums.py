"""Albums: what Telegram sends as single messages belongs together, and is handled as one."""

from collections.abc import Sequence

from db.chat.lanes import QueuedUpdate

ALBUM_SETTLES_S = 1.0
"""An album is complete when no further photo of it came for this long, or something else came."""
ALBUM_MOST = 10


def album_at(queued: Sequence[QueuedUpdate], position: int) -> Sequence[QueuedUpdate]:
    """Return the update at a position with all that follow it in the same album."""
    album = _group_id(queued[position])
    end = position + 1
    while album is not None and end < len(queued) and _group_id(queued[end]) == album:
        end += 1
    return queued[position:end]


def settles_in_s(group: Sequence[QueuedUpdate], *, last: bool) -> float:
    """Return how long an album at the end of a lane may still grow."""
    if not last or _group_id(group[0]) is None or len(group) >= ALBUM_MOST:
        return 0.0
    return ALBUM_SETTLES_S - group[-1].age_s


def _group_id(queued: QueuedUpdate) -> object:
    message = queued.payload.get("message")
    return message.get("media_group_id") if isinstance(message, dict) else None
