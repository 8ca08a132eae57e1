"""Waiting until a part of the stack answers."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import httpx

from siaga.errors import CommandError

_EVERY_S = 0.05


class StackError(CommandError):
    """The stack cannot come up; the message says which part, why, and what to do."""


async def wait_until(probe: Callable[[], Awaitable[bool]], otherwise: str, timeout_s: float = 30.0) -> None:
    """Ask the probe again and again until it says yes.

    Raises:
        StackError: it did not within the time; the message is ``otherwise``.
    """
    give_up = time.monotonic() + timeout_s
    while not await probe():
        if time.monotonic() > give_up:
            raise StackError(otherwise)
        await asyncio.sleep(_EVERY_S)


async def answers_http(url: str) -> bool:
    """Say whether a GET of the address is answered with a success."""
    try:
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


def choose_port(preferred: int, host: str) -> int:
    """Return the preferred port if it is free on the host, else any free one."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    msg = f"No port is free on {host}."
    raise StackError(msg)
