"""What fleet-watch is given and what it reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """Input of ``watch_fleet``: which shard of how many (by edge server id), for how long, seconds."""

    shard: int
    shards: int
    lasts_s: float = 600.0
    scan_every_s: float = 1.0


@dataclass(frozen=True, slots=True)
class WatchReport:
    """Result of ``watch_fleet``."""

    scans: int
    signalled: int
