"""What a benchmark measures and how it is judged: medians of rounds, percentiles, bars of DESIGN 11."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

TIMES = "\u00d7"
Judged = Literal["figure", "ratio"]


@dataclass(frozen=True, slots=True)
class Bar:
    """What DESIGN 11 asks of a figure, or of its ratio to the baseline."""

    judged: Judged
    sense: Literal["≤", "≥"]
    limit: float

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g}{TIMES if self.judged == 'ratio' else ''}"

    def met_by(self, value: float) -> bool:
        """Return whether a value meets it."""
        return value <= self.limit if self.sense == "≤" else value >= self.limit


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the rounds of a figure and of its baseline; without a bar it is information."""

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
        return None if judged is None else self.bar.met_by(judged)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile, ``share`` in 0..1; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
