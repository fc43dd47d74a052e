"""The status in each body of a list, and the share that counts under each definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.palette import ANSWERS, INK, MUTED, OUTCOMES, RULE, Style
from analysis.figures.style import MARGIN, ROW, SMALL, breadth
from analysis.methods.estimate import Outcome, interval_of
from analysis.methods.membership import Membership

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.claims.model import Claim
    from analysis.figures.style import Sheet
    from analysis.methods.estimate import Estimate, Point
    from analysis.verdicts.sweep import Curve, Trial

MAX_BODIES = 60  # bodies that are drawn
MAX_LABEL_WIDTH = 2.0  # inches for the names of the bodies
MAX_NOTE_WIDTH = 2.0  # inches for the names of the sources
MAX_DEFINITION_WIDTH = 2.6  # inches for the names of lists and definitions
GAP_HEIGHT = 0.55  # inches between the matrix and the shares below it
OTHER, SILENT, COUNTS = "other", "not stated", "counts"
STYLES = {
    "joined": Style(ANSWERS["yes"].colour, "o", COUNTS),
    "not": Style(ANSWERS["no"].colour, "X", "does not count"),
    "open": Style(OUTCOMES[Outcome.UNCLEAR].colour, "D", "left open"),
}
STATEMENT = re.compile(
    r"(?P<year>\d{4})[-\d]* (?P<status>\w+)(?P<ended> until .*)?|(?P<bare>\w+).*"
)


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The status in each body of the preferred list, and the share under each definition."""
    method = build_method(claim, Membership)
    statements = _statements(estimate, method)
    drawn = _deciding(statements)
    shares = _shares(claim, curve, vintage, method)
    needed = _needed(method)
    finding = _finding(claim, method, estimate, len(drawn))
    title = headline(claim, curve, vintage)
    heading = style.Heading(
        title=title,
        claim=claim.statement,
        subtitle=f"{finding} Needed: {needed}.{_left(drawn, method)}",
        source=captions.sources(set(statements["family"]) - {""}, vintage, call=claim.called),
    )
    claimed = dotplot.claimed_row(needed, method.pass_criterion, method.unit)
    also = statements[statements["mark"] == "also"]
    tables = [dotplot.table([claimed], more=("text",)), drawn, also, shares]
    data = pd.concat([table for table in tables if len(table)], ignore_index=True)
    with style.styled():
        figure = _drawn(heading, statements, shares, method, claim.called)
    alt = alt_text.membership(data, needed, finding, bodies=_counted(len(drawn), method))
    return Drawing(figure=figure, data=data, title=title, summary=heading.subtitle, alt=alt)


def _statements(estimate: Estimate, method: Membership) -> pd.DataFrame:
    """A row for each statement on a body; the deciding ones are marked `standing`."""
    points = () if estimate.value is None else estimate.points
    deciding = {point.label: point for point in reversed(points)}
    rows = [_row(point, method, first=deciding[point.label] is point) for point in points]
    return dotplot.table(rows, more=("text",))


def _row(point: Point, method: Membership, *, first: bool) -> dict[str, Any]:
    match = STATEMENT.fullmatch(point.text)
    found = match.groupdict() if match else {}
    status = found.get("status") or found.get("bare") or ""
    how = "open" if point.low != point.high else "joined" if point.value else "not"
    return {
        "mark": "standing" if first else "also",
        "group": _group(status, method, ended=bool(found.get("ended"))),
        "label": point.label,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "unit": COUNTS,
        "outcome": STYLES[how].word,
        "family": point.family,
        "source_id": point.source_id,
        "row": point.row,
        "text": point.text,
    }


def _group(status: str, method: Membership, *, ended: bool) -> str:
    """The column of a status: its group, or what is left."""
    groups = _groups(method)
    if not status:
        return next((name for name, own in groups.items() if set(own) & set(method.silent)), SILENT)
    if ended:
        status = method.outside[0] if method.outside else status
    return next((name for name, own in groups.items() if status in own), OTHER)


def _groups(method: Membership) -> Mapping[str, Sequence[str]]:
    """The groups of the words; each by itself where the claim names no group."""
    words = dict.fromkeys((*method.counts, *method.outside, *method.silent))
    return method.groups or {formatting.plain(word): [word] for word in words}


def _deciding(statements: pd.DataFrame) -> pd.DataFrame:
    return statements[statements["mark"] == "standing"].reset_index(drop=True)


def _counted(n: int, method: Membership) -> str:
    return formatting.count(n, formatting.plain(method.body), method.bodies)


def _left(drawn: pd.DataFrame, method: Membership) -> str:
    more = len(drawn) - MAX_BODIES
    return f" {_counted(more, method)} more are in the table." if more > 0 else ""


def _needed(method: Membership) -> str:
    if method.comparison == "at_most" and not method.claimed:
        return "none"
    needed = captions.asserted(method.pass_criterion, method.unit)
    return formatting.in_percent(needed, method.unit).replace(f" {formatting.SHARE}", " of ")


def _finding(claim: Claim, method: Membership, estimate: Estimate, bodies: int) -> str:
    if estimate.value is None:
        return f"No admissible evidence: {captions.searched(estimate.note)}."
    whole = 1 if method.measure == "count" else bodies
    value, low, high = (
        formatting.number(round(x * whole, 9)) for x in (estimate.value, *interval_of(estimate))
    )
    bounds = f" ({low} to {high}, as some are left open)" if low != high else ""
    counts = _called(claim, method.counts, method.groups)
    return f"Status “{counts}” in {value}{bounds} of {_counted(bodies, method)}."


def _shares(claim: Claim, curve: Curve, vintage: str, method: Membership) -> pd.DataFrame:
    """The share that counts in each specification of the literal reading, each once."""
    trials = curve.select(vintage, claim.literal.name)
    rows = [
        _share(trial, trial.estimate.value, _definition(claim, trial), method)
        for trial in trials
        if trial.estimate.value is not None
    ]
    return dotplot.table(rows, more=("text",)).drop_duplicates("label").reset_index(drop=True)


def _definition(claim: Claim, trial: Trial) -> str:
    """The list and what counts, by the groups of the words."""
    parameters = {**claim.parameters, **trial.choices}
    counted = _called(claim, parameters["counts"], parameters.get("groups", {}))
    return f"{claim.called(parameters['roster'])}: {counted}"


def _called(claim: Claim, counts: Sequence[str], groups: Mapping[str, Sequence[str]]) -> str:
    """The words that count, by their groups where there are some."""
    counted = [name for name, own in groups.items() if set(counts) & set(own)] or sorted(counts)
    return ", ".join(claim.called(name) for name in counted)


def _share(trial: Trial, value: float, label: str, method: Membership) -> dict[str, Any]:
    estimate = trial.estimate
    low, high = interval_of(estimate)
    bodies = len({point.label for point in estimate.points})
    whole = bodies if method.measure == "count" else 1
    counted = round(value * bodies / whole)
    return {
        "mark": "share",
        "group": "preferred" if trial.preferred else "alternative",
        "label": label,
        **dotplot.trial_columns(trial),
        "value": 100 * value / whole,
        "low": 100 * low / whole,
        "high": 100 * high / whole,
        "unit": f"percent of {method.bodies}",
        "text": f"{counted} of {bodies}",
    }


def _drawn(
    heading: style.Heading,
    statements: pd.DataFrame,
    shares: pd.DataFrame,
    method: Membership,
    call: captions.Namer,
) -> Any:
    drawn = _deciding(statements)
    if drawn.empty:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    shown = drawn.head(MAX_BODIES)
    columns = _columns(statements, method)
    labels = shown["label"].tolist()
    notes = [_note(row, call) for row in shown.itertuples()]
    left = min(max(breadth(label, SMALL) for label in labels) + 0.25, MAX_LABEL_WIDTH)
    right = MARGIN + 0.15 + min(max(breadth(note, SMALL) for note in notes), MAX_NOTE_WIDTH)
    heads = _heads(shown, columns, style.WIDE - left - right)
    above = 0.55 + 0.15 * max(head.count("\n") + 1 for head in heads)
    matrix, below = len(labels) * ROW, len(shares) * 1.4 * ROW
    gap = GAP_HEIGHT + 0.15 if below else 0
    axis = style.AXIS if below else 0.08
    page = style.sheet(heading, matrix + gap + below, left=left, right=right, axis=axis,
                       above=above, width=style.WIDE)  # fmt: skip
    axes = page.axes(left=left, bottom=page.top - matrix, width=page.right - left, height=matrix)
    dotplot.rows(axes, labels, width=left - 0.15)
    _draw_columns(axes, columns, heads)
    placed = statements.assign(
        y=statements["label"].map({name: i for i, name in enumerate(labels)}),
        x=statements["group"].map({name: i for i, name in enumerate(columns)}),
    ).dropna(subset=["x", "y"])
    _dissent(axes, placed)
    dotplot.scatter(axes, placed[placed["mark"] == "standing"], STYLES)
    dotplot.beside(axes, notes, width=MAX_NOTE_WIDTH)
    dotplot.key(page, dotplot.present(shown, STYLES), lift=above - 0.25, more=_key(placed))
    if below:
        _draw_shares(page, shares, below, method)
    return page.figure


def _columns(statements: pd.DataFrame, method: Membership) -> list[str]:
    """The groups that are counted or occur, from the inside out."""
    counted = {name for name, own in _groups(method).items() if set(own) & set(method.counts)}
    names = [*_groups(method), OTHER, SILENT]
    kept = counted | set(statements["group"])
    return [name for name in dict.fromkeys(names) if name in kept]


def _heads(shown: pd.DataFrame, columns: Sequence[str], width: float) -> list[str]:
    counts = shown["group"].value_counts()
    folded = {x: style.fold(x, width / len(columns), SMALL, weight="bold") for x in columns}
    return ["\n".join([*lines, str(counts.get(name, 0))]) for name, lines in folded.items()]


def _note(row: Any, call: captions.Namer) -> str:
    """Whose statement decides, and of which year."""
    year = row.text[:4] if row.text[:4].isdigit() else ""
    return ", ".join(part for part in (row.family and call(row.family), year) if part) or "no row"


def _draw_columns(axes: Axes, columns: Sequence[str], heads: Sequence[str]) -> None:
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_xticks([])
    axes.vlines(range(len(columns)), 0, 1, transform=axes.get_xaxis_transform(),
                colors=RULE, linewidth=0.6, zorder=1)  # fmt: skip
    for x, head in enumerate(heads):
        axes.annotate(
            head, (x, 1), xycoords=("data", "axes fraction"), xytext=(0, 4), ha="center",
            textcoords="offset points", va="bottom", size=SMALL, weight="bold", color=INK,
        )  # fmt: skip
    axes.spines["bottom"].set_visible(False)


def _dissent(axes: Axes, placed: pd.DataFrame) -> None:
    """A ring for each statement whose group differs from that of the deciding one."""
    also = _elsewhere(placed)
    axes.scatter(also["x"], also["y"], s=dotplot.MARKER_SIZE, facecolors="none", edgecolors=MUTED,
                 linewidth=1.1, zorder=3, clip_on=False)  # fmt: skip


def _elsewhere(placed: pd.DataFrame) -> pd.DataFrame:
    deciding = placed[placed["mark"] == "standing"].set_index("label")["group"]
    also = placed[placed["mark"] == "also"]
    return also[also["group"] != also["label"].map(deciding)].drop_duplicates(["x", "y"])


def _key(placed: pd.DataFrame) -> Sequence[Any]:
    from matplotlib.lines import Line2D

    if _elsewhere(placed).empty:
        return ()
    return [Line2D([], [], linestyle="", marker="o", markersize=6.5, label="another source",
                   markerfacecolor="none", markeredgecolor=MUTED)]  # fmt: skip


def _draw_shares(page: Sheet, shares: pd.DataFrame, height: float, method: Membership) -> None:
    """The share that counts under each list and definition, coloured by how it came out."""
    labels = shares["label"].tolist()
    bold = shares.index[shares["group"] == "preferred"].tolist()
    left = min(max(breadth(label, SMALL, "bold") for label in labels) + 0.25, MAX_DEFINITION_WIDTH)
    lines = max(len(style.fold(label, left - 0.2, SMALL, weight="bold")) for label in labels)
    right = style.WIDE - MARGIN - 0.2 - max(breadth(x, SMALL, "bold") for x in shares["text"])
    axes = page.axes(left=left, bottom=page.bottom, width=right - left, height=height)
    axes.set_xlim(0, 100)
    axes.set_xlabel(f"what counts, percent of the {method.bodies} on the list")
    axes.grid(visible=True, axis="x")
    dotplot.rows(axes, [style.clip(x, left - 0.2) if lines == 1 else x for x in labels],
               width=left - 0.2, bold=bold, max_lines=2)  # fmt: skip
    placed = shares.assign(y=range(len(shares)))
    dotplot.intervals(axes, placed, OUTCOMES)
    dotplot.scatter(axes, placed, OUTCOMES, x="value")
    dotplot.beside(axes, shares["text"].tolist(), width=1.0, bold=bold)
    dotplot.key(page, dotplot.present(shares, OUTCOMES),
              lift=page.bottom + height + 0.12 - page.top)  # fmt: skip
