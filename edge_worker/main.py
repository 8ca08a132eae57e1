"""The edge process: handshake, then heartbeat and Temporal worker side by side, for as long as it lives."""

import asyncio
import logging
import sqlite3
from dataclasses import dataclass
from typing import Any

from edge_worker.activities import EdgeActivities
from edge_worker.client import EdgeClient
from edge_worker.credentials import Credentials, load_credentials
from edge_worker.errors import ConfigInvalid, NotSetUp
from edge_worker.handshake import shake_hands
from edge_worker.hardware import software_version
from edge_worker.heartbeat import Ended, Heartbeat
from edge_worker.keypad.lock import Lock
from edge_worker.keypad.serving import keypad_page
from edge_worker.pacing import Pace, pause
from edge_worker.polling import poll
from edge_worker.private_files import make_private_folder
from edge_worker.settings import EdgeSettings
from edge_worker.spool import Spool

log = logging.getLogger(__name__)

Greeting = asyncio.Task[Credentials | None]


async def run(settings: EdgeSettings, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Be the box until ``stop`` is set.

    Raises:
        NotSetUp: there is no server or key yet.
        ConfigInvalid: the edge folder cannot be used.
    """
    if not settings.server_url or not settings.api_key:
        msg = f"No key in {settings.env_file} yet; run `siaga edge setup <code>` with its card's code."
        raise NotSetUp(msg)
    # One line in the log per beat says nothing.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    spool = await asyncio.to_thread(_open_spool, settings)
    try:
        await asyncio.to_thread(spool.add, "started", {"version": software_version()})
        # Before any handshake and without one: the cut cable may be why somebody stands at the machine.
        with keypad_page(settings, Lock(settings, spool)):
            await _live(settings, spool, stop, pace or Pace())
    finally:
        spool.close()


async def _live(settings: EdgeSettings, spool: Spool, stop: asyncio.Event, pace: Pace) -> None:
    """Greet, serve, and greet again when the server no longer knows the box or has news for it."""
    delays = pace.delays()
    while not stop.is_set():
        greeting: Greeting = asyncio.create_task(shake_hands(settings, stop, pace))
        try:
            await _bridge(settings, spool, greeting, stop, pace)
            credentials = await greeting
        finally:
            greeting.cancel()
        if credentials is None:
            return
        ended = await _Session(settings, credentials, spool, pace).serve(stop)
        if ended is Ended.NOT_RECOGNISED:
            # Bound, yet not recognised: not to be asked in a circle without a breath.
            await pause(stop, next(delays))
        else:
            delays = pace.delays()


async def _bridge(
    settings: EdgeSettings, spool: Spool, greeting: Greeting, stop: asyncio.Event, pace: Pace
) -> None:
    """While the handshake finds no answer, go on with the credentials of the last one."""
    credentials = load_credentials(settings.credentials_file, settings.api_key)
    if credentials is None:
        return
    await asyncio.wait({greeting}, timeout=pace.patience_s)
    if not greeting.done():
        log.warning("No handshake yet; going on as %s with the credentials kept.", credentials.edge_id)
        await _Session(settings, credentials, spool, pace).serve(stop, greeting)


@dataclass(frozen=True, slots=True)
class _Session:
    """The time under one set of credentials."""

    settings: EdgeSettings
    credentials: Credentials
    spool: Spool
    pace: Pace

    async def serve(self, stop: asyncio.Event, greeting: Greeting | None = None) -> Ended | None:
        """Beat and poll until ``stop``, until ``greeting`` is done, or until the beats end by themselves."""
        async with EdgeClient(self.settings.server_url, self.credentials) as client:
            heartbeat = Heartbeat(self.settings, self.credentials, client, self.spool)
            activities = EdgeActivities(self.settings, client)
            polling = asyncio.create_task(
                poll(self.credentials, activities, self.settings.folder, heartbeat.over, self.pace)
            )
            stopping = asyncio.create_task(stop.wait())
            until: set[asyncio.Task[Any]] = {polling, stopping} | ({greeting} if greeting else set())
            heartbeat.start()
            try:
                while not any(task.done() for task in until):
                    heartbeat.follow_clock()
                    await asyncio.wait(
                        until, timeout=self.credentials.beat_s, return_when=asyncio.FIRST_COMPLETED
                    )
            finally:
                heartbeat.stop()
                stopping.cancel()
                await polling
        if heartbeat.ended is Ended.NOT_RECOGNISED:
            # Of no more use to this box, and none of another's business.
            self.settings.credentials_file.unlink(missing_ok=True)
            self.settings.roster_file.unlink(missing_ok=True)
        return heartbeat.ended


def _open_spool(settings: EdgeSettings) -> Spool:
    try:
        make_private_folder(settings.folder)
        return Spool(settings.spool_file)
    except (OSError, sqlite3.Error) as error:
        msg = f"The edge folder {settings.folder} cannot be used: {error}."
        raise ConfigInvalid(msg) from error
