"""All claims of the article: by verdict and vintage, by type, and how firmly they pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.patches import Rectangle

from analysis import formatting
from analysis.figures import dotplot, style
from analysis.figures.contrast import blend, legible_ink
from analysis.figures.figure import Drawing
from analysis.figures.palette import INK, MUTED, PAPER, RULE, VERDICTS
from analysis.figures.style import MARGIN, SMALL, breadth
from analysis.verdicts.certainty import LEVELS
from analysis.verdicts.code_table import ALTERNATIVES, STANDARD
from analysis.verdicts.sweep import LATEST, PUBLICATION, VINTAGES
from analysis.verdicts.tally import Results, code, pass_shares, type_counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.figures.style import Sheet

TILE_WIDTH = 0.39  # inches: a claim's tile
LINE_HEIGHT = 0.27  # inches: a line of tiles
VINTAGE_GAP = 0.2  # inches between the two vintages
TYPE_HEIGHT = 0.24  # inches: the height of a row of types
PANEL_GAP = 0.85  # inches between two panels
BIN_WIDTH = 0.05  # pass shares this near are counted together
OPACITY = {None: 0.12, "VERY_LOW": 0.3, "LOW": 0.5, "MODERATE": 0.75, "HIGH": 1.0}
CERTAINTIES = {name: level for level, name in LEVELS.items()}
VINTAGE_TITLES = {PUBLICATION: "at publication", LATEST: "latest evidence"}
LABEL_BOX = {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"}
EXTRA_COLUMNS = ("vintage", "certainty", "type")


def draw(results: Results, vintage: str = PUBLICATION) -> Drawing:
    """Three panels: claims by verdict at both vintages, by type at `vintage`, by pass share."""
    entries = results["claims"]
    title = f"{results['article']['title']}: {formatting.count(len(entries), 'claim')}"
    tiles = dotplot.table([_tile(e, v) for v in VINTAGES for e in entries], more=EXTRA_COLUMNS)
    kinds = _kinds(results, vintage)
    passing = _passing(results)
    data = pd.concat([t for t in (tiles, kinds, passing) if len(t)], ignore_index=True)
    counts_text = _counts_text(entries)
    heading = style.Heading(
        title=title,
        subtitle=f"{counts_text} The stronger the colour and the longer the bar in a tile, the "
        "more certain the evidence. Counts by verdict; there is no overall score.",
        source=f"{results['article']['publisher']}, {results['article']['published']}. "
        "Verdicts are on sentences, not on their author. Framed: moved since publication.",
    )
    with style.styled():
        figure = _drawn(heading, tiles, kinds, passing, vintage)
    return Drawing(figure=figure, data=data, title=title, alt=_alt(title, tiles, passing))


def _tile(entry: Mapping[str, Any], vintage: str) -> dict[str, Any]:
    verdict = entry["verdict"][vintage]
    level = CERTAINTIES.get(verdict["certainty"])
    return {
        "mark": "claim",
        "group": verdict["code"],
        "label": entry["id"],
        "value": level,
        "unit": "certainty from 1 to 4",
        "outcome": VERDICTS[verdict["code"]].word,
        "source_id": ";".join(entry["sources"]),
        "row": ";".join(entry["rows"]),
        "vintage": vintage,
        "certainty": verdict["certainty"],
        "type": entry["type"],
    }


def _kinds(results: Results, vintage: str) -> pd.DataFrame:
    rows = [
        {
            "mark": "type", "group": name, "label": kind, "value": n, "unit": "claims",
            "outcome": VERDICTS[name].word, "vintage": vintage, "type": kind,
        }
        for kind, found in type_counts(results, vintage).items() for name, n in found.items()
    ]  # fmt: skip
    return dotplot.table(rows, more=EXTRA_COLUMNS)


def _passing(results: Results) -> pd.DataFrame:
    verdicts = {entry["id"]: code(entry, PUBLICATION) for entry in results["claims"]}
    rows = [
        {
            "mark": "pass share", "group": verdicts[name], "label": name, "value": 100 * share,
            "unit": "percent of weighted specifications", "vintage": PUBLICATION,
            "outcome": VERDICTS[verdicts[name]].word,
        }
        for name, share in pass_shares(results).items()
    ]  # fmt: skip
    return dotplot.table(rows, more=EXTRA_COLUMNS)


def _counts_text(entries: Sequence[Mapping[str, Any]]) -> str:
    """The counts that matter most, in words."""
    codes = [code(entry, PUBLICATION) for entry in entries]
    open_ = {"NOT_TESTABLE": "not testable", "PENDING": "still to be tested"}
    parts = [f"{codes.count(name)} are {word}" for name, word in open_.items() if name in codes]
    decided = sum(name not in open_ for name in codes)
    return f"{decided} have a verdict{''.join(f', {part}' for part in parts)}."


def _alt(title: str, tiles: pd.DataFrame, passing: pd.DataFrame) -> str:
    parts = []
    for vintage, part in tiles.groupby("vintage", sort=False):
        found = [
            f"{verdict.word} {n} ({', '.join(part[part['group'] == name]['label'])})"
            for name, verdict in VERDICTS.items()
            if (n := int((part["group"] == name).sum()))
        ]
        parts.append(f"{VINTAGE_TITLES[vintage].capitalize()}: {'; '.join(found)}.")
    if len(passing):
        nearly, most = STANDARD.nearly_all, STANDARD.most
        over = int((passing["value"] >= 100 * nearly).sum())
        under = int((passing["value"] <= 100 * (1 - nearly)).sum())
        parts.append(
            f"Of {len(passing)} claims with specifications, {over} pass in at least {nearly:.0%} "
            f"of them, {under} in at most {1 - nearly:.0%}, "
            f"{int((passing['value'] >= 100 * most).sum())} in at least {most:.0%}."
        )
    return f"{title}, as tiles by verdict and vintage. {' '.join(parts)}"


def _drawn(
    heading: style.Heading,
    tiles: pd.DataFrame,
    kinds: pd.DataFrame,
    passing: pd.DataFrame,
    vintage: str,
) -> Figure:
    shown = [name for name in VERDICTS if (tiles["group"] == name).any()]
    names = max(breadth(f"{VERDICTS[name].marker} {VERDICTS[name].word}", SMALL) for name in shown)
    left = MARGIN + names + 0.15
    across = int((style.WIDE - left - MARGIN - VINTAGE_GAP) / 2 / TILE_WIDTH)
    lines = {name: _lines(tiles, name, across) for name in shown}
    bins = _binned(passing)
    heights = [
        LINE_HEIGHT * sum(lines.values()) + 0.08 * len(shown),
        TYPE_HEIGHT * kinds["label"].nunique(),
        TYPE_HEIGHT * bins["group"].nunique(),
    ]
    body = sum(heights) + PANEL_GAP * sum(height > 0 for height in heights[1:])
    page = style.sheet(heading, body, left=left, above=0.55, axis=0.5 if heights[2] else 0.1,
                       width=style.WIDE)  # fmt: skip
    _claims(page, tiles, lines, across, heights[0])
    bottom = page.top - heights[0] - PANEL_GAP - heights[1]
    _types(page, kinds, shown, (left, bottom, heights[1]), vintage)
    if heights[2]:
        _strip(page, bins, heights[2])
    return page.figure


def _lines(tiles: pd.DataFrame, name: str, across: int) -> int:
    """The lines of tiles that a verdict needs at the vintage where it has more."""
    most = tiles[tiles["group"] == name]["vintage"].value_counts().max()
    return -(-int(most) // across)


def _claims(
    page: Sheet, tiles: pd.DataFrame, lines: Mapping[str, int], across: int, height: float
) -> None:
    """A tile for each claim in the row of its verdict, once for each vintage."""
    axes = page.axes(left=0, bottom=page.top - height, width=style.WIDE, height=height)
    axes.set(xlim=(0, style.WIDE), ylim=(height, 0))
    axes.axis("off")
    start = {v: page.left + i * (across * TILE_WIDTH + VINTAGE_GAP) for i, v in enumerate(VINTAGES)}
    before = tiles[tiles["vintage"] == PUBLICATION].set_index("label")["group"]
    y = 0.0
    for name, n in lines.items():
        verdict = VERDICTS[name]
        words = f"{verdict.marker} {verdict.word}"
        axes.text(MARGIN, y + LINE_HEIGHT / 2, words, size=SMALL, va="center",
                  color=verdict.colour)  # fmt: skip
        for vintage, x in start.items():
            found = tiles[(tiles["group"] == name) & (tiles["vintage"] == vintage)]
            for i, row in enumerate(found.itertuples()):
                place = x + i % across * TILE_WIDTH, y + i // across * LINE_HEIGHT
                _draw_tile(axes, place, row, moved=before[row.label] != name)
        y += n * LINE_HEIGHT + 0.08
        axes.axhline(y - 0.04, MARGIN / style.WIDE, 1 - MARGIN / style.WIDE, color=RULE,
                     linewidth=0.6)  # fmt: skip
    for vintage, x in start.items():
        axes.text(x, -0.06, VINTAGE_TITLES[vintage], size=SMALL, weight="bold", va="bottom")
    _key(page)


def _draw_tile(axes: Axes, place: tuple[float, float], row: Any, *, moved: bool) -> None:
    """The claim's name on its verdict's colour, as strong as its evidence is certain."""
    x, y = place
    certainty = row.certainty if isinstance(row.certainty, str) else None
    fill = blend(VERDICTS[row.group].colour, OPACITY[certainty])
    wide, high = TILE_WIDTH - 0.03, LINE_HEIGHT - 0.03
    axes.add_patch(
        Rectangle((x, y), wide, high, facecolor=fill, linewidth=1.4 if moved else 0.5,
                  edgecolor=INK if moved else VERDICTS[row.group].colour)
    )  # fmt: skip
    ink = legible_ink(fill)
    axes.text(x + wide / 2, y + high * 0.44, row.label, size=SMALL, ha="center", va="center",
              color=ink)  # fmt: skip
    level = CERTAINTIES[certainty] if certainty else 0
    axes.plot([x + 0.03, x + 0.03 + (wide - 0.06) * level / 4], [y + high - 0.03] * 2,
              color=ink, linewidth=1.4 if level else 0)  # fmt: skip


def _key(page: Sheet) -> None:
    """Sample tiles for the four degrees of certainty, above the panel."""
    wide, high = 0.3, 0.16
    axes = page.axes(left=0, bottom=page.top + 0.3, width=style.WIDE, height=high)
    axes.set(xlim=(0, style.WIDE), ylim=(high, 0))
    axes.axis("off")
    x = MARGIN
    axes.text(x, high / 2, "certainty:", size=SMALL, va="center")
    x += breadth("certainty:", SMALL) + 0.1
    for name, level in sorted(CERTAINTIES.items(), key=lambda item: item[1]):
        fill = blend(MUTED, OPACITY[name])
        ink = legible_ink(fill)
        axes.add_patch(Rectangle((x, 0), wide, high, facecolor=fill, edgecolor=MUTED,
                                 linewidth=0.5))  # fmt: skip
        axes.plot([x + 0.03, x + 0.03 + (wide - 0.06) * level / 4], [high - 0.03] * 2, color=ink,
                  linewidth=1.4)  # fmt: skip
        word = name.lower().replace("_", " ")
        axes.text(x + wide + 0.06, high / 2, word, size=SMALL, va="center")
        x += wide + 0.06 + breadth(word, SMALL) + 0.2


def _types(
    page: Sheet,
    kinds: pd.DataFrame,
    shown: Sequence[str],
    place: tuple[float, float, float],
    vintage: str,
) -> None:
    """The number of claims of each type and verdict, under the verdicts' marks."""
    left, bottom, height = place
    axes = page.axes(left=left, bottom=bottom, width=page.right - left, height=height)
    labels = list(dict.fromkeys(kinds["label"]))
    totals = kinds.groupby("label")["value"].sum()
    dotplot.rows(axes, [f"{kind}: {totals[kind]}" for kind in labels], width=left - 0.2)
    axes.set(xlim=(-0.5, len(shown) - 0.5), xticks=[])
    axes.spines["bottom"].set_visible(False)
    for x, name in enumerate(shown):
        axes.annotate(VERDICTS[name].marker, (x, 1), xycoords=("data", "axes fraction"),
                      xytext=(0, 3), textcoords="offset points", ha="center", va="bottom",
                      size=11, color=VERDICTS[name].colour)  # fmt: skip
    for row in kinds.itertuples():
        axes.annotate(
            str(row.value), (shown.index(row.group), labels.index(row.label)), ha="center",
            va="center", size=SMALL, weight="bold", color=VERDICTS[row.group].colour,
            bbox=LABEL_BOX,
        )  # fmt: skip
    axes.annotate(f"Claims by type, {VINTAGE_TITLES[vintage]}", (MARGIN / style.WIDE, 1),
                  xycoords=("figure fraction", "axes fraction"), xytext=(0, 22),
                  textcoords="offset points", size=SMALL, weight="bold", va="bottom")  # fmt: skip


def _binned(passing: pd.DataFrame) -> pd.DataFrame:
    """The number of claims of a verdict in each bin of pass shares."""
    found = passing.assign(bin=(passing["value"] / 100 / BIN_WIDTH).round() * BIN_WIDTH * 100)
    return found.groupby(["group", "bin"], as_index=False).agg(n=("label", "count"))


def _strip(page: Sheet, bins: pd.DataFrame, height: float) -> None:
    """The claims of each verdict by their share of passing specifications."""
    names = [name for name in VERDICTS if (bins["group"] == name).any()]
    axes = page.axes(left=page.left, bottom=page.bottom, width=page.right - page.left - 0.15,
                     height=height)  # fmt: skip
    dotplot.rows(axes, [VERDICTS[name].word for name in names], width=page.left - 0.2)
    axes.set(xlim=(-4, 104), xticks=range(0, 101, 20))
    for thresholds, dashes in ((STANDARD, "-"), *((other, (0, (1, 2))) for other in ALTERNATIVES)):
        for share in (thresholds.most, thresholds.nearly_all):
            axes.axvline(100 * share, color=MUTED, linewidth=1.0, linestyle=dashes, zorder=1)
    for row in bins.itertuples():
        verdict = VERDICTS[row.group]
        many = f"{row.n} {verdict.marker}" if row.n > 1 else verdict.marker
        axes.text(row.bin, names.index(row.group), many, size=9, weight="bold", ha="center",
                  va="center", color=verdict.colour, zorder=3, bbox=LABEL_BOX)  # fmt: skip
    axes.set_xlabel("weighted specifications that pass at publication, percent")
    axes.annotate(
        f"Claims by pass share; lines: thresholds {STANDARD}, dotted: the two other pairs",
        (MARGIN / style.WIDE, 1), xycoords=("figure fraction", "axes fraction"), xytext=(0, 6),
        textcoords="offset points", size=SMALL, weight="bold", va="bottom",
    )  # fmt: skip
