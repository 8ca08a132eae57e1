"""``python -m tests.bench``: the bars of DESIGN 11 beside their baselines, in one run, a stack for each."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench import heartbeats, lifecycles, relays, report, taps, tickets, timers, verdicts, webhook
from tests.bench.cpu import Neighbours
from tests.bench.figures import Row
from tests.bench.plan import Plan, quick
from tests.bench.world import World, running

BENCHES: dict[str, Callable[[World], Awaitable[list[Row]]]] = {
    "taps": taps.measure,
    "webhook": webhook.measure,
    "relays": relays.measure,
    "lifecycles": lifecycles.measure,
    "heartbeats": heartbeats.measure,
    "timers": timers.measure,
    "verdicts": verdicts.measure,
    "tickets": tickets.measure,
}


def main() -> int:
    """Measure, print, write; return 1 when one broke, or with ``--strict`` when a bar is missed."""
    given = _arguments()
    names = given.only.split(",") if given.only else list(BENCHES)
    plan = quick(given.rounds) if given.quick else replace(Plan(), rounds=given.rounds)
    neighbours = Neighbours()
    with tempfile.TemporaryDirectory(prefix="siaga-bench-") as folder:
        rows, failed = asyncio.run(_measure(plan, names, Path(folder)))
    stated = report.facts(" ".join(["python -m tests.bench", *sys.argv[1:]]), neighbours.share())
    print(f"\n{stated}\n\n{report.table(rows)}", flush=True)
    if given.write:
        report.write(given.write, rows, stated)
    return int(failed or (given.strict and any(row.met is False for row in rows)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds of figure and baseline")
    parser.add_argument("--only", help=f"some of {','.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="small numbers that only show that it works")
    parser.add_argument("--write", type=Path, help="put the table into this page, e.g. docs/performance.md")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bar is missed")
    return parser.parse_args()


async def _measure(plan: Plan, names: Sequence[str], folder: Path) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    failed = False
    begun = time.monotonic()
    for name in names:
        print(f"{time.monotonic() - begun:6.0f} s  {name} …", flush=True)
        try:
            # What one leaves behind, thousands of silent machines say, is not the next one's load.
            async with running(plan, folder / name) as world:
                found = await BENCHES[name](world)
        except Exception:  # noqa: BLE001 - shown and counted; the others are still worth their time
            traceback.print_exc()
            failed = True
            continue
        print(report.table(found), flush=True)
        rows += found
    return rows, failed


if __name__ == "__main__":
    result = main()
    sys.stdout.flush()
    # The interpreter can crash at its end after a Temporal client (DESIGN 10).
    os._exit(result)
