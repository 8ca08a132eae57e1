"""The handshake: who this box is, told again at each start, for ever until the server has answered."""

import asyncio
import json
import logging
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from domain.errors import HardwareConflict, Refusal
from domain.handshake import PresentedHardware
from edge_worker.answers import read_answer, retry_after_s
from edge_worker.credentials import Credentials, credentials_from, save_credentials
from edge_worker.errors import EdgeError, NotRecognised, ServerBusy, ServerUnreachable
from edge_worker.hardware import read_hardware
from edge_worker.pacing import Pace, pause
from edge_worker.settings import EdgeSettings

log = logging.getLogger(__name__)

_PATH = "/api/v1/edge/handshake"
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Pending:
    """The server waits for an admin's "replace device" and asks to come back."""

    conflict: str
    retry_after_s: float | None


async def shake_hands(settings: EdgeSettings, stop: asyncio.Event, pace: Pace) -> Credentials | None:
    """Present the hardware until the box is bound, then keep and return its credentials; none when stopped.

    Nothing ends it but success and ``stop``: a cut cable is tried with growing waits, a refusal slowly, since
    a person may change it any day.
    """
    delays = pace.delays()
    told = ""
    async with httpx.AsyncClient(base_url=settings.server_url, timeout=_TIMEOUT) as http:
        while not stop.is_set():
            try:
                answer = await _present(http, settings)
            except (EdgeError, Refusal, OSError) as error:
                sentence, wait = _sentence(error), _wait(error, pace, delays)
            else:
                if isinstance(answer, Credentials):
                    return answer
                sentence = (
                    f"This box waits for an admin to press “replace device” ({answer.conflict}); "
                    "nothing is to be done here."
                )
                wait = next(delays) if answer.retry_after_s is None else answer.retry_after_s
                delays = pace.delays()
            if sentence != told:
                log.warning("Handshake: %s Trying again in %.0f s, and so on.", sentence, wait)
                told = sentence
            await pause(stop, wait)
    return None


async def _present(http: httpx.AsyncClient, settings: EdgeSettings) -> Credentials | Pending:
    """Send one handshake; raises ``EdgeError``, a ``Refusal``, or ``OSError`` when nothing can be kept."""
    # Read anew each time: addresses and cameras change while the cable is being sorted out.
    hardware = await asyncio.to_thread(read_hardware, settings)
    headers = {"Authorization": f"Bearer {settings.api_key}", "Content-Type": "application/json"}
    try:
        response = await http.post(_PATH, content=json.dumps(_body(hardware), default=str), headers=headers)
    except httpx.RequestError as error:
        msg = f"{settings.server_url} does not answer ({type(error).__name__})."
        raise ServerUnreachable(msg) from error
    answer = read_answer(response)
    if response.status_code == httpx.codes.ACCEPTED:
        return Pending(str(answer.get("conflict") or "conflict"), retry_after_s(response))
    try:
        credentials = credentials_from(answer, settings.api_key)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"The server's answer is not that of a handshake ({error!r})."
        raise ServerUnreachable(msg) from error
    await asyncio.to_thread(save_credentials, settings.credentials_file, credentials)
    log.info("Bound as %s (%s).", credentials.machine_name or "a box without a machine", credentials.edge_id)
    return credentials


def _body(hardware: PresentedHardware) -> dict[str, Any]:
    """Return the request; what the host does not know is left out, so that the server's default holds."""
    fields = asdict(hardware)
    fields["hardware_config"] = fields.pop("config")
    return {name: value for name, value in fields.items() if value not in ("", None)}


def _sentence(error: Exception) -> str:
    """Return what a person at the box should read in the log."""
    if isinstance(error, NotRecognised):
        return f"The API key is not accepted ({error.reason}); ask for a new code, then `siaga edge setup`."
    if isinstance(error, HardwareConflict):
        return "An admin refused this box for the machine; ask them to replace the device."
    if isinstance(error, Refusal):
        return f"The server refused this box ({error})."
    return str(error)


def _wait(error: Exception, pace: Pace, delays: Iterator[float]) -> float:
    if isinstance(error, NotRecognised | Refusal):
        return pace.refused_s
    if isinstance(error, ServerBusy) and error.retry_after_s is not None:
        # Spread, so that a fleet told the same number does not come back as one.
        return error.retry_after_s + random.uniform(0, pace.first_s)  # noqa: S311 - guards nothing
    return next(delays)
