"""The verdicts over time: a strip for each claim, a colour and a mark for each verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from analysis import formatting
from analysis.figures import dotplot, style
from analysis.figures.figure import Drawing
from analysis.figures.palette import INK, MUTED, ON_FILL, PALE, PAPER, RULE, VERDICTS
from analysis.figures.style import MARGIN, SMALL, WIDE, breadth, clip

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.figures.style import Sheet

STRIP_HEIGHT, TITLE_HEIGHT = 0.2, 0.3  # inches: the height of a claim's strip, of a section's title
NAME_WIDTH = 3.3  # inches for the names of claims
KEY_LINE_HEIGHT = 0.2  # inches: the height of a line of the key
WITHOUT_VERDICT = ("UNSUPPORTED", "INSUFFICIENT")  # days without a verdict are pale: less is known
EXTRA_COLUMNS = ("day", "until", "certainty", "section")


def draw(evolution: Mapping[str, Any], title: str, source: str) -> Drawing:
    """A strip for each claim of `evolution["sections"]`, a column for each of its days."""
    data = dotplot.table(_runs(evolution), more=EXTRA_COLUMNS)
    days = [date.fromisoformat(day) for day in evolution["days"]]
    heading = style.Heading(
        title=title,
        subtitle="Each strip judges a claim by its registered rule with what was public by the "
        "day. Left of the line the article was not out: it says what could have been known, "
        "and a claim on a later time has little or nothing to go by.",
        source=source,
    )
    with style.styled():
        page = _page(heading, evolution, data)
        axes = page.plot()
        _strips(axes, evolution, data)
        _calendar(axes, days, evolution["published"])
    return Drawing(figure=page.figure, data=data, title=title, alt=_alt(title, data))


def _runs(evolution: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Days in a row with one verdict are one mark, from its first day to its last."""
    days = evolution["days"]
    for section, names in evolution["sections"].items():
        for name in names:
            entry = evolution["claims"][name]
            for code, places in groupby(range(len(days)), key=entry["codes"].__getitem__):
                run = list(places)
                yield {
                    "mark": "verdict", "group": code, "label": name, "value": len(run),
                    "unit": "days looked at", "outcome": VERDICTS[code].word,
                    "day": days[run[0]], "until": days[run[-1]], "section": section,
                    "certainty": ";".join(dict.fromkeys(
                        entry["certainty"][i] or "none" for i in run
                    )),
                }  # fmt: skip


def _page(heading: style.Heading, evolution: Mapping[str, Any], data: pd.DataFrame) -> Sheet:
    sections = [names for names in evolution["sections"].values() if names]
    body = STRIP_HEIGHT * sum(map(len, sections)) + TITLE_HEIGHT * len(sections)
    lines = list(_lines([code for code in VERDICTS if (data["group"] == code).any()]))
    page = style.sheet(
        heading,
        body,
        left=NAME_WIDTH,
        above=KEY_LINE_HEIGHT * len(lines) + 0.5,
        axis=0.05,
        width=style.WIDE,
    )
    height = KEY_LINE_HEIGHT * len(lines)
    axes = page.axes(left=0, bottom=page.top + 0.42, width=WIDE, height=height)
    axes.set(xlim=(0, WIDE), ylim=(height, 0))
    axes.axis("off")
    for i, line in enumerate(lines):
        for x, code in line:
            _chip(axes, x, KEY_LINE_HEIGHT * (i + 0.5), code)
    return page


def _lines(codes: Sequence[str]) -> Iterator[list[tuple[float, str]]]:
    """The verdicts of the key with their places, in lines that fit the page."""
    x, line = MARGIN, list[tuple[float, str]]()
    for code in codes:
        wide = 0.27 + breadth(VERDICTS[code].word, SMALL) + 0.2
        if line and x + wide > WIDE - MARGIN:
            yield line
            x, line = MARGIN, []
        line.append((x, code))
        x += wide
    yield line


def _chip(axes: Axes, x: float, y: float, code: str) -> None:
    axes.add_patch(Rectangle((x, y - 0.075), 0.2, 0.15, **_fill(code)))
    axes.text(x + 0.1, y, VERDICTS[code].marker, size=SMALL, ha="center", va="center",
              color=_ink(code))  # fmt: skip
    axes.text(x + 0.26, y, VERDICTS[code].word, size=SMALL, va="center")


def _fill(code: str) -> dict[str, Any]:
    colour = VERDICTS[code].colour
    return {
        "facecolor": PALE if code in WITHOUT_VERDICT else colour,
        "edgecolor": PAPER,
        "linewidth": 0.8,
    }


def _ink(code: str) -> str:
    return VERDICTS[code].colour if code in WITHOUT_VERDICT else ON_FILL


def _strips(axes: Axes, evolution: Mapping[str, Any], data: pd.DataFrame) -> None:
    """Sections one below the other; the plot's own unit is an inch down and a day across."""
    place = {day: i for i, day in enumerate(evolution["days"])}
    runs = dict(iter(data.groupby("label", sort=False)))
    y = 0.0
    for section, names in evolution["sections"].items():
        if names:
            _title(axes, section, y)
            y += TITLE_HEIGHT
        for name in names:
            _strip(axes, y, place, runs[name])
            label = f"{name}  {evolution['titles'].get(name, '')}"
            _beside(axes, clip(label, NAME_WIDTH - MARGIN - 0.08), y + STRIP_HEIGHT / 2)
            y += STRIP_HEIGHT
    axes.set(xlim=(0, len(place)), ylim=(y, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _title(axes: Axes, section: str, y: float) -> None:
    _beside(axes, clip(section, WIDE - 2 * MARGIN, SMALL, weight="bold"), y + TITLE_HEIGHT * 0.6,
            weight="bold")  # fmt: skip


def _beside(axes: Axes, text: str, y: float, **look: Any) -> None:
    """Words that begin at the left margin of the page, level with `y` of the plot."""
    axes.annotate(text, (MARGIN / WIDE, y), xycoords=("figure fraction", "data"), size=SMALL,
                  va="center", annotation_clip=False, **look)  # fmt: skip


def _strip(axes: Axes, y: float, place: Mapping[str, int], runs: pd.DataFrame) -> None:
    for run in runs.itertuples():
        x = place[run.day]
        axes.add_patch(
            Rectangle((x, y + 0.015), run.value, STRIP_HEIGHT - 0.03, **_fill(run.group))
        )
        axes.text(x + 0.5, y + STRIP_HEIGHT / 2, VERDICTS[run.group].marker, size=SMALL,
                  ha="center", va="center_baseline", color=_ink(run.group))  # fmt: skip


def _calendar(axes: Axes, days: Sequence[date], published: str) -> None:
    """Years above the first day of each, and a line behind the article's own day."""
    top: dict[str, Any] = {
        "xycoords": ("data", "axes fraction"),
        "textcoords": "offset points",
        "va": "bottom",
    }
    for year, found in groupby(enumerate(days), key=lambda item: item[1].year):
        first = next(found)[0]
        axes.annotate(str(year), (first, 1), xytext=(1, 3), size=SMALL, color=MUTED, **top)
        axes.axvline(first, color=RULE, linewidth=0.6, zorder=0)
    own = date.fromisoformat(published)
    if own in days:
        x = days.index(own) + 1
        axes.axvline(x, color=INK, linewidth=1.4)
        axes.annotate(f"article, {formatting.day(own)}", (x, 1), xytext=(0, 15), size=SMALL,
                      ha="center", weight="bold", **top)  # fmt: skip


def _alt(title: str, data: pd.DataFrame) -> str:
    """Each claim's verdicts in order, with the day from which each was seen."""
    parts = [
        f"{name}: {', '.join(f'{run.outcome} from {run.day}' for run in runs.itertuples())}"
        for name, runs in data.groupby("label", sort=False)
    ]
    return f"{title}, a strip for each of {len(parts)} claims. {'; '.join(parts)}."
