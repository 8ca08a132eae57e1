"""How long the keypad waits after wrong PINs: 30 s, doubling to 5 min, and never for good (WORDS 4)."""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from edge_worker.private_files import write_private

log = logging.getLogger(__name__)

FIRST_S = 30.0
MOST_S = 300.0
FORGIVEN_AFTER_S = 3600.0
"""So long after a wait the count begins anew: yesterday's child does not cost today's technician."""
_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class BackOff:
    """Wrong PINs in a row, and until when no further one is judged; seconds since 1970 on the box's clock."""

    tries: int = 0
    until: float = 0.0

    @property
    def delay_s(self) -> float:
        """How long the last wrong PIN made everybody wait."""
        return min(FIRST_S * 2 ** min(self.tries - 1, _DOUBLINGS), MOST_S) if self.tries else 0.0

    def at(self, now: float) -> "BackOff":
        """Return how it stands now: forgiven after an hour; a clock that was set back prolongs nothing."""
        if now - self.until >= FORGIVEN_AFTER_S:
            return BackOff()
        return BackOff(self.tries, min(self.until, now + self.delay_s))

    def wait_s(self, now: float) -> float:
        """Return for how many seconds no PIN is judged."""
        return max(0.0, self.until - now)

    def after_wrong(self, now: float) -> "BackOff":
        """Return what one more wrong PIN leads to."""
        longer = BackOff(self.tries + 1)
        return BackOff(longer.tries, now + longer.delay_s)


def load_back_off(path: Path) -> BackOff:
    """Return what was kept; a file that cannot be read makes nobody wait."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return BackOff(int(kept["tries"]), float(kept["until"]))
    except FileNotFoundError:
        return BackOff()
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("%s cannot be read (%s); wrong PINs are counted anew.", path, error)
        return BackOff()


def save_back_off(path: Path, back_off: BackOff) -> None:
    """Keep it through a power cut. Raises ``OSError``."""
    write_private(path, json.dumps(asdict(back_off)) + "\n")
