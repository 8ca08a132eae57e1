"""What the handshake gave this box, kept in ``credentials.json`` (0600) for the days without a cable."""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from domain.queues import edge_queue
from domain.signing import secret_hash
from edge_worker.private_files import write_private

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TemporalAddress:
    """Where this box finds Temporal."""

    address: str
    namespace: str
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """The identity this box signs with, and what it was told along with it."""

    edge_id: str
    edge_key: str
    edge_secret: str = field(repr=False)
    queue: str
    beat_s: float
    temporal: TemporalAddress | None
    machine_name: str
    key_hash: str
    """Of the API key that these came with: another key makes them void."""

    @property
    def spool_owner(self) -> str:
        """For whom the spool's numbers count: the secret changes whenever another box takes the identity."""
        return secret_hash(self.edge_secret)


def credentials_from(answer: dict[str, Any], api_key: str) -> Credentials:
    """Read a handshake's answer; raises ``KeyError``, ``TypeError`` or ``ValueError`` when it is not one."""
    temporal = answer.get("temporal")
    edge_id = str(answer["edge_id"])
    return Credentials(
        edge_id=edge_id,
        edge_key=str(answer["edge_key"]),
        edge_secret=str(answer["edge_secret"]),
        queue=str(answer.get("queue") or edge_queue(edge_id)),
        beat_s=max(0.1, float(answer["beat_s"])),
        temporal=None
        if temporal is None
        else TemporalAddress(str(temporal["address"]), str(temporal["namespace"]), bool(temporal.get("tls"))),
        machine_name=str((answer.get("machine") or {}).get("name", "")),
        key_hash=secret_hash(api_key),
    )


def save_credentials(path: Path, credentials: Credentials) -> None:
    """Write the file at mode 0600. Raises ``OSError``."""
    write_private(path, json.dumps(asdict(credentials), indent=2) + "\n")


def load_credentials(path: Path, api_key: str) -> Credentials | None:
    """Return what is kept, if it came with this API key and can be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        temporal = kept.pop("temporal")
        credentials = Credentials(temporal=None if temporal is None else TemporalAddress(**temporal), **kept)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("%s cannot be read (%s); a new handshake will replace it.", path, error)
        return None
    return credentials if credentials.key_hash == secret_hash(api_key) else None
