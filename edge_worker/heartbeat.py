"""The heartbeat: every ``beat_s`` the box says that it lives and hands over what waits in its spool."""

import asyncio
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from domain.errors import Refusal
from edge_worker.client import BeatAnswer, EdgeClient
from edge_worker.credentials import Credentials, credentials_from
from edge_worker.errors import EdgeError, NotRecognised, ServerBusy
from edge_worker.keypad.roster import roster_from, save_roster
from edge_worker.settings import EdgeSettings
from edge_worker.spool import Entry, Spool
from edge_worker.vitals import read_vitals

log = logging.getLogger(__name__)

_JOB = "heartbeat"
_SPREAD = 0.1
_MAX_ROUNDS = 25
"""A full spool is handed over in rounds, not in one breath: 5,000 entries per beat."""


class Ended(Enum):
    """Why the beats of one identity came to an end."""

    NOT_RECOGNISED = auto()
    """The server no longer takes the signature: replaced, or revoked."""
    CONFIG_CHANGED = auto()
    """The server has something new to tell; a handshake brings it."""


class Heartbeat:
    """The beats under one set of credentials.

    ``over`` is set when they are stopped or make no more sense; then ``ended`` says why.
    """

    def __init__(
        self, settings: EdgeSettings, credentials: Credentials, client: EdgeClient, spool: Spool
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._client = client
        self._spool = spool
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._config_version: str | None = None
        self._failing_since: datetime | None = None
        self._not_before = 0.0
        self.over = asyncio.Event()
        self.ended: Ended | None = None

    def start(self) -> None:
        """Beat now and then every ``beat_s``, a tenth more or less, so that a fleet does not beat as one."""
        beat_s = self._credentials.beat_s
        self._scheduler.add_job(
            self.beat,
            IntervalTrigger(seconds=beat_s * (1 - _SPREAD), jitter=beat_s * 2 * _SPREAD, timezone=UTC),
            id=_JOB,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Beat no more; one in flight is dropped, and what it carried goes with the next."""
        self._scheduler.shutdown(wait=False)
        self.over.set()

    def follow_clock(self) -> None:
        """Beat at once when the clock was set back: the scheduler would wait until it has caught up."""
        job = self._scheduler.get_job(_JOB)
        late = datetime.now(UTC) + timedelta(seconds=2 * self._credentials.beat_s)
        if job is not None and job.next_run_time > late:
            job.modify(next_run_time=datetime.now(UTC))

    async def beat(self) -> None:
        """Send one beat; what waits goes along, in more rounds while the spool holds more."""
        if self.over.is_set() or time.monotonic() < self._not_before:
            return
        try:
            answer = await self._hand_over()
        except NotRecognised as error:
            log.warning("%s A new handshake follows.", error)
            self._end(Ended.NOT_RECOGNISED)
        except ServerBusy as error:
            self._not_before = time.monotonic() + (error.retry_after_s or 0.0)
            self._failed(error)
        except (EdgeError, Refusal) as error:
            self._failed(error)
        else:
            await self._succeeded(answer)

    async def _hand_over(self) -> BeatAnswer:
        vitals = await asyncio.to_thread(read_vitals, self._settings.folder, self._settings.cameras)
        if await asyncio.to_thread(lambda: self._spool.owner) != self._credentials.spool_owner:
            answer = await self._client.beat(vitals, [])
            await asyncio.to_thread(self._spool.start_after, answer.ack, self._credentials.spool_owner)
        entries = await asyncio.to_thread(self._spool.batch)
        answer = await self._send(vitals, entries)
        for _ in range(_MAX_ROUNDS):
            if not entries or answer.ack < entries[0].sequence:
                break
            await asyncio.to_thread(self._spool.acknowledge, min(answer.ack, entries[-1].sequence))
            entries = await asyncio.to_thread(self._spool.batch)
            if entries:
                answer = await self._send(vitals, entries)
        return answer

    async def _send(self, vitals: dict[str, float], entries: list[Entry]) -> BeatAnswer:
        try:
            return await self._client.beat(vitals, entries)
        except Refusal as refusal:
            if not entries:
                raise
            # An entry the server cannot take must not make a living box look dead.
            log.error(  # noqa: TRY400 - the refusal says it all
                "The server refuses entries %d to %d: %s.", entries[0].sequence, entries[-1].sequence, refusal
            )
            return await self._client.beat(vitals, [])

    async def _succeeded(self, answer: BeatAnswer) -> None:
        if self._failing_since is not None:
            away_s = round((datetime.now(UTC) - self._failing_since).total_seconds(), 1)
            log.info("The server answers again after %.0f s.", away_s)
            fact = {"since": self._failing_since.isoformat(), "away_s": away_s}
            await asyncio.to_thread(self._spool.add, "connection_restored", fact)
            self._failing_since = None
        if self._config_version != answer.config_version:
            await self._learn()

    async def _learn(self) -> None:
        """Fetch what is new; a failure is only logged, since the next beat asks again.

        Names and revoked PINs are taken as they are; whatever else changed is brought by a handshake.
        """
        try:
            told = await self._client.config()
            roster = roster_from(told["keypad"])
            keys = {"edge_key": self._credentials.edge_key, "edge_secret": self._credentials.edge_secret}
            fresh = replace(credentials_from(told | keys, ""), key_hash=self._credentials.key_hash)
            await asyncio.to_thread(save_roster, self._settings.roster_file, roster)
            self._config_version = str(told["config_version"])
        except (EdgeError, Refusal, OSError, KeyError, TypeError, ValueError) as error:
            log.warning("The box's configuration could not be fetched or kept: %r", error)
            return
        if fresh != self._credentials:
            self._end(Ended.CONFIG_CHANGED)

    def _failed(self, error: Exception) -> None:
        if self._failing_since is None:
            self._failing_since = datetime.now(UTC)
            log.warning("No heartbeat: %s Trying again every %.0f s.", error, self._credentials.beat_s)

    def _end(self, ended: Ended) -> None:
        self.ended = ended
        self.over.set()
