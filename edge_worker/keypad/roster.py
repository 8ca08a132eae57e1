"""The roster: what ``GET /edge/config`` last said about PINs, kept (0600) for the days without a cable."""

import json
import logging
from pathlib import Path
from typing import Any

from domain.pins import PinId, Roster
from edge_worker.private_files import write_private

log = logging.getLogger(__name__)


def roster_from(told: dict[str, Any]) -> Roster:
    """Read the answer's ``keypad``; raises ``KeyError``, ``TypeError`` or ``ValueError`` when it is none."""
    return Roster(
        {int(one["slot"]): str(one["name"]) for one in told["people"]},
        frozenset(PinId(int(one["slot"]), int(one["window"])) for one in told["revoked"]),
    )


def save_roster(path: Path, roster: Roster) -> None:
    """Write the file at mode 0600. Raises ``OSError``."""
    told = {
        "people": [{"slot": slot, "name": name} for slot, name in roster.people.items()],
        "revoked": [{"slot": pin.slot, "window": pin.window} for pin in sorted(roster.revoked)],
    }
    write_private(path, json.dumps(told, ensure_ascii=False, indent=2) + "\n")


def load_roster(path: Path) -> Roster:
    """Return what is kept; without a roster PINs work all the same, only without names."""
    try:
        return roster_from(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Roster()
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("%s cannot be read (%s); the next contact with the server replaces it.", path, error)
        return Roster()
