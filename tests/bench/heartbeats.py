"""Signed heartbeats over HTTP (DESIGN 11, row 5): throughput under wrk, and what an overload loses."""

import asyncio
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from db.session import SYSTEM
from domain.signing import KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, signature
from tests.bench.cpu import CpuMeter
from tests.bench.figures import Bar, Row
from tests.bench.furnish import Machine, add_machines
from tests.bench.overload import Overload
from tests.bench.world import HOST, World

PATH = "/api/v1/edge/heartbeat"
CONNECTIONS = 64
MOST_PER_S = 9000
"""No more requests are made ready; a nonce counts once, so wrk must never begin again."""
SCRIPT = Path(__file__).with_name("wrk.lua")
_PER_S = re.compile(r"Requests/sec:\s+([\d.]+)")
_REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_TOTAL = re.compile(r"(\d+) requests in")
STATUS = {"cpu_percent": 12.5, "memory_percent": 40.0, "disk_free_gib": 21.4, "uptime_s": 86400}


async def measure(world: World) -> list[Row]:
    """Run wrk against the bare app and the product in turn, with the same bytes; then overload it."""
    wrk = shutil.which("wrk")
    if wrk is None:
        print("wrk is not installed: the heartbeats' throughput is left out")
        return []
    boxes = await add_machines(world, world.plan.boxes)
    api = world.stack.addresses.api or ""
    bare, ours, spooled = [], [], []
    costs = costs_bare = ""
    for url in (world.bare_http, api):
        await _wrk(wrk, url, _file(world, boxes, url, 2), 2)
    for _ in range(world.plan.rounds):
        per_s, costs_bare = await _round(world, wrk, boxes, world.bare_http)
        bare.append(per_s)
        per_s, costs = await _round(world, wrk, boxes, api)
        ours.append(per_s)
        per_s, _ = await _round(world, wrk, boxes, api, entries=True)
        spooled.append(per_s)
    lost, note = await _overload(world, api)
    return [
        Row(
            "heartbeats, signed HTTP",
            "/s",
            ours,
            "bare FastAPI POST",
            bare,
            Bar("ratio", "≥", 0.6),
            f"{costs}; for the bare POST: {costs_bare}",
        ),
        Row("the same with one spool entry each", "/s", spooled, "bare FastAPI POST", bare),
        Row("acknowledged beats lost under overload", "", [lost], bar=Bar("figure", "≤", 0), note=note),
    ]


async def _round(
    world: World, wrk: str, boxes: Sequence[Machine], url: str, *, entries: bool = False
) -> tuple[float, str]:
    """Return requests per second and what a thousand of them cost."""
    seconds = world.plan.wrk_s
    requests = _file(world, boxes, url, seconds, entries=entries)
    meter = CpuMeter(world.stack)
    per_s = await _wrk(wrk, url, requests, seconds)
    return per_s, meter.per(per_s * seconds / 1000, "1,000")


async def _wrk(wrk: str, url: str, requests: Path, seconds: float) -> float:
    """Return answered requests per second; anything but 200 for all is an error."""
    process = await asyncio.create_subprocess_exec(
        *(wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(SCRIPT), url),
        env={**os.environ, "BENCH_REQUESTS": str(requests)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    requests.unlink()
    refused, per_s, total = _REFUSED.search(said), _PER_S.search(said), _TOTAL.search(said)
    if refused or per_s is None or total is None or int(total[1]) > MOST_PER_S * seconds:
        message = f"wrk against {url} said:\n{said}"
        raise RuntimeError(message)
    return float(per_s[1])


def _file(world: World, boxes: Sequence[Machine], url: str, seconds: float, *, entries: bool = False) -> Path:
    path = world.stack.settings.data_dir / f"requests-{secrets.token_hex(4)}"
    host = urlsplit(url).netloc
    sequences = _next_sequences(world) if entries else None
    with path.open("wb") as file:
        for place in range(int(MOST_PER_S * seconds)):
            box = boxes[place % len(boxes)]
            request = beat_request(box, host, next(sequences) if sequences else None)
            file.write(b"%d\n%b" % (len(request), request))
    return path


def _next_sequences(world: World) -> Iterator[int]:
    """Return rising numbers; entries above a gap are stored as well, and that is the same work."""
    while True:
        yield int(world.source().rpartition("-")[2]) + 1


def beat_request(box: Machine, host: str, sequence: int | None) -> bytes:
    """Return the bytes of one signed heartbeat, with a spool entry when it has a sequence."""
    now = "2026-01-10T09:00:00+07:00"
    entry = [{"sequence": sequence, "kind": "door", "at": now, "data": {"open": True}}] if sequence else []
    body = json.dumps({"at": now, "status": STATUS, "entries": entry}).encode()
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        KEY_HEADER: box.edge_key,
        TIMESTAMP_HEADER: timestamp,
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: signature(box.secret, "POST", PATH, timestamp, nonce, body),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _overload(world: World, url: str) -> tuple[float, str]:
    """Beat on far more connections than the line holds; return how many acknowledged entries have no row."""
    plan = world.plan
    boxes = await add_machines(world, plan.boxes)
    host = urlsplit(url).netloc
    load = Overload(HOST, int(host.rpartition(":")[2]), lambda box, n: beat_request(box, host, n), boxes)
    await load.run(plan.overload_connections, plan.overload_s)
    async with world.database.transaction(SYSTEM) as session:
        rows = await session.execute(
            text("select edge_server_id, sequence from edge_entries where edge_server_id = any(:boxes)"),
            {"boxes": [box.server_id for box in boxes]},
        )
        stored = {(server, sequence) for server, sequence in rows}
    note = (
        f"{plan.overload_connections} connections for {plan.overload_s:g} s: "
        f"{len(load.acknowledged)} acknowledged, {load.refused} answered 503, {len(stored)} rows"
    )
    return float(len(load.acknowledged - stored)), note
