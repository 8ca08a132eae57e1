"""Heartbeats on their way to the database: one transaction for many (DESIGN 7)."""

from collections.abc import Sequence

from db.ingest.beats import Beat, store_beats
from db.session import SYSTEM, Database
from domain.errors import Refusal
from webhooks.batching import Batcher


class BeatLine:
    """The line heartbeats wait in."""

    def __init__(self, database: Database, bound: int) -> None:
        self._database = database
        self.batcher: Batcher[Beat, int | Refusal] = Batcher(self._store, bound=bound)

    async def _store(self, beats: Sequence[Beat]) -> Sequence[int | Refusal]:
        async with self._database.transaction(SYSTEM) as session:
            return await store_beats(session, beats)

    async def put(self, beat: Beat) -> int:
        """Store a beat and return the sequence that is acknowledged; raises the beat's refusal."""
        outcome = await self.batcher.put(beat)
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome
