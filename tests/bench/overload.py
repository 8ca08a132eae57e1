"""More heartbeats at once than the door takes, each remembered by the answer it got."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.bench.furnish import Machine

Request = Callable[[Machine, int], bytes]
WAVE = 200
"""Connections opened at once: the listening queue of a server is short."""
BACK_OFF_S = 0.2
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


class Overload:
    """Keep-alive connections that each send a new beat as soon as the one before is answered."""

    def __init__(self, host: str, port: int, request: Request, boxes: Sequence[Machine]) -> None:
        self._host, self._port = host, port
        self._request = request
        self._boxes = boxes
        self._sent = 0
        self._stop = asyncio.Event()
        self.acknowledged: set[tuple[int, int]] = set()
        self.refused = 0

    async def run(self, connections: int, seconds: float) -> None:
        """Beat on all connections for so long, then let the last answers come."""
        opened = []
        for begun in range(0, connections, WAVE):
            wave = range(min(WAVE, connections - begun))
            opened += await asyncio.gather(*(asyncio.open_connection(self._host, self._port) for _ in wave))
        beating = [asyncio.create_task(self._beat(*pair)) for pair in opened]
        await asyncio.sleep(seconds)
        self._stop.set()
        await asyncio.gather(*beating)

    async def _beat(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while not self._stop.is_set():
                self._sent += 1
                box, sequence = self._boxes[self._sent % len(self._boxes)], self._sent // len(self._boxes) + 1
                writer.write(self._request(box, sequence))
                status = await _answer(reader)
                if status == 200:
                    self.acknowledged.add((box.server_id, sequence))
                elif status == 503:
                    self.refused += 1
                    await asyncio.sleep(BACK_OFF_S)
                else:
                    message = f"a beat was answered {status}"
                    raise RuntimeError(message)
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1])
