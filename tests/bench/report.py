"""The table, on the terminal and in ``docs/performance.md``."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from tests.bench.figures import TIMES, Row

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PACKAGES = ("temporalio", "sqlalchemy", "asyncpg", "fastapi", "uvicorn", "python-telegram-bot", "httpx")
QUIET = 0.05
TO = "\u2013"
HEAD = ("what", "figure", "baseline", "ratio", "bar", "")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table: medians with the lowest and highest round."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in rows]
    notes = [f"- {row.what}: {row.note}." for row in rows if row.note]
    return "\n".join([*lines, "", *notes]) if notes else "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}{TIMES}"
    baseline = f"{row.baseline}: {_median(row.baseline_rounds, row.unit)}" if row.baseline_rounds else ""
    bar = str(row.bar or "")
    judged = {True: "ok", False: "**miss**", None: ""}[row.met]
    return row.what, _median(row.rounds, row.unit), baseline, ratio, bar, judged


def _median(rounds: Sequence[float], unit: str) -> str:
    ordered = sorted(rounds)
    middle = Row("", unit, rounds).figure
    spread = f" ({_short(ordered[0])}{TO}{_short(ordered[-1])})" if len(ordered) > 1 else ""
    return f"{_short(middle)} {unit}".strip() + spread


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def facts(command: str, neighbours: float) -> str:
    """Return when, where and with what it was measured; ``neighbours``: others' part of the cores."""
    memory = psutil.virtual_memory().total / 2**30
    python = f"Python {platform.python_version()}"
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC by `{command}` on {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, {platform.system()} {platform.release()}. Everything (PostgreSQL, Temporal, the "
        f"processes, the simulator, the load) shares these cores; other programs took {neighbours:.0%} of "
        f"them meanwhile{'' if neighbours < QUIET else ', so the figures are worse than the product'}. "
        f"{python}, {versions}."
    )


def write(path: Path, rows: Sequence[Row], stated: str) -> None:
    """Put table and facts between the marks of a page, which keeps the words around them."""
    page = path.read_text(encoding="utf-8") if path.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{stated}\n\n{table(rows)}\n{END}{after}", encoding="utf-8")
