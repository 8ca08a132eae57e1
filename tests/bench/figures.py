"""What a benchmark measures and how it is judged: medians of rounds, percentiles, bars of DESIGN 11."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Judged = Literal["figure", "ratio"]


@dataclass(frozen=True, slots=True)
class Bar:
    """What DESIGN 11 asks: of the figure itself or of its ratio to the baseline; at most or at least ``limit``."""

    judged: Judged
    at_most: bool
    limit: float

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{sign} {self.limit:g}{'×' if self.judged == 'ratio' else ''}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the rounds of a figure and, beside them, of its baseline; ``bar`` None: information."""

    what: str
    unit: str
    rounds: Sequence[float]
    baseline: str = ""
    baseline_rounds: Sequence[float] = ()
    bar: Bar | None = None
    note: str = ""

    @property
    def figure(self) -> float:
        """The median round."""
        return statistics.median(self.rounds)

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' own ratios: neighbours in time share the machine's mood."""
        if not self.baseline_rounds:
            return None
        pairs = zip(self.rounds, self.baseline_rounds, strict=True)
        return statistics.median(one / base if base else math.inf for one, base in pairs)

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if self.bar is None:
            return None
        judged = self.figure if self.bar.judged == "figure" else self.ratio
        if judged is None:
            return None
        return judged <= self.bar.limit if self.bar.at_most else judged >= self.bar.limit


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile, ``share`` in 0..1; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
