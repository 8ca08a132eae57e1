"""The helpdesk's figures as one picture (decision 38). Draw in a thread: it takes a core for a moment."""

import io
from collections.abc import Mapping, Sequence
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, PercentFormatter

from db.papers.sheet import ACCENT, BAD, INK, MUTED, RULE, WARN, Colour
from db.papers.type import face, printable
from db.papers.words import Words
from db.queries.ticket_trends import Trends

MEDIA_TYPE = "image/png"
_INCHES = (10.0, 7.5)
_DPI = 144
_TEXT = "stats"
_GOOD_SHARE = 0.9


def ticket_chart(trends: Trends, name: str, language: str) -> bytes:
    """Return a PNG: open by state, their age, promises kept by day, ratings; the same gives the same."""
    words = Words(language)
    room = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1)
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout=room, facecolor="white")
    FigureCanvasAgg(figure)  # draws without a screen
    title = words(_TEXT, "title", name=printable(name)[:60])
    figure.suptitle(title, fontproperties=_type(17, bold=True), color=_shade(INK))
    statuses, ages, kept, ratings = figure.subplots(2, 2).flat
    by_status = {words("ticket_status", one): count for one, count in trends.by_status.items()}
    _bars(statuses, words(_TEXT, "status"), by_status, [ACCENT] * len(by_status))
    by_age = {words(_TEXT, one): count for one, count in trends.by_age.items()}
    _bars(ages, words(_TEXT, "age"), by_age, [ACCENT, ACCENT, WARN, BAD])
    _days(kept, words, trends)
    average = trends.average
    said = words(_TEXT, "none") if average is None else words.number(round(average, 1))
    heading = words(_TEXT, "ratings", days=trends.days, average=said)
    stars = {f"{stars}": count for stars, count in trends.ratings.items()}
    _bars(ratings, heading, stars, [BAD, BAD, WARN, ACCENT, ACCENT])
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _bars(axes: Axes, title: str, values: Mapping[str, int], colours: Sequence[Colour]) -> None:
    _frame(axes, title)
    drawn = axes.bar(range(len(values)), list(values.values()), color=[_shade(one) for one in colours])
    axes.bar_label(drawn, fontproperties=_type(12, bold=True), color=_shade(INK), padding=2)
    axes.set_xticks(range(len(values)), list(values), fontproperties=_type(10), color=_shade(MUTED))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.set_ylim(0, max([*values.values(), 1]) * 1.18)


def _days(axes: Axes, words: Words, trends: Trends) -> None:
    share = trends.solutions.share
    said = words(_TEXT, "none") if share is None else f"{round(share * 100)}%"
    _frame(axes, words(_TEXT, "kept", days=trends.days, share=said))
    places = [place for place, (_, kept) in enumerate(trends.kept_by_day) if kept.known]
    shares = [kept.share or 0.0 for _, kept in trends.kept_by_day if kept.known]
    colours = [_shade(ACCENT if one >= _GOOD_SHARE else WARN) for one in shares]
    axes.bar(places, shares, color=colours)
    axes.set_xlim(-0.8, max(len(trends.kept_by_day), 1) - 0.2)
    axes.set_ylim(0, 1.05)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    last = len(trends.kept_by_day) - 1
    shown = sorted({0, last // 2, last}) if last > 0 else [0]
    labels = [f"{trends.kept_by_day[place][0]:%d/%m}" for place in shown] if trends.kept_by_day else [""]
    axes.set_xticks(shown, labels, fontproperties=_type(10), color=_shade(MUTED))


def _frame(axes: Axes, title: str) -> None:
    axes.set_title(title, fontproperties=_type(12, bold=True), color=_shade(INK), loc="left", pad=10)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_shade(RULE))
    axes.tick_params(length=0, labelcolor=_shade(MUTED))
    axes.grid(axis="y", color=_shade(RULE), linewidth=0.7)
    axes.set_axisbelow(True)
    for label in axes.get_yticklabels():
        label.set_fontproperties(_type(10))


@cache
def _type(points: float, *, bold: bool = False) -> FontProperties:
    return FontProperties(fname=str(face(bold=bold)), size=points)


def _shade(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255
