"""The status in each body of a list, and the share that counts under each definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, status_matrix, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.frames import keywords_of, point_columns, with_keywords
from analysis.figures.status_matrix import COUNTS, MAX_BODIES, STATUS_STYLES, deciding
from analysis.methods.estimate import interval_of
from analysis.methods.membership import Membership

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate, Point
    from analysis.verdicts.sweep import Curve, Trial

OTHER, SILENT = "other", "not stated"
STATEMENT = re.compile(
    r"(?P<year>\d{4})[-\d]* (?P<status>\w+)(?P<ended> until .*)?|(?P<bare>\w+).*"
)


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The status in each body of the preferred list, and the share under each definition."""
    method = build_method(claim, Membership)
    statements = _statements(estimate, method)
    drawn = deciding(statements)
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
    data = with_keywords(
        pd.concat([table for table in tables if len(table)], ignore_index=True),
        columns=tuple(_columns(statements, method)),
        names={family: claim.called(family) for family in statements["family"] if family},
    )
    figure = plot(data, heading, **keywords_of(data))
    alt = alt_text.membership(data, needed, finding, bodies=_counted(len(drawn), method))
    return Drawing(figure=figure, data=data, title=title, summary=heading.subtitle, alt=alt)


def plot(
    data: pd.DataFrame,
    heading: style.Heading = style.NO_HEADING,
    *,
    columns: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
) -> Figure:
    """The bodies of a tidy frame by their `group`, a column each, over the shares that count.

    `columns` orders the groups, and may have some that no body is in; `names` has the names of
    source families.

    Example: `figures.membership(drawing.data.query("mark != 'share'"))`
    """
    with style.styled():
        statements = data[data["mark"].isin(["standing", "also"])].reset_index(drop=True)
        shares = data[data["mark"] == "share"].reset_index(drop=True)
        ordered = columns or list(dict.fromkeys(statements["group"]))
        return status_matrix.draw(heading, statements, shares, ordered, names or {})


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
        **point_columns(point),
        "mark": "standing" if first else "also",
        "group": _group(status, method, ended=bool(found.get("ended"))),
        "unit": COUNTS,
        "outcome": STATUS_STYLES[how].word,
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


def _columns(statements: pd.DataFrame, method: Membership) -> list[str]:
    """The groups that are counted or occur, from the inside out."""
    counted = {name for name, own in _groups(method).items() if set(own) & set(method.counts)}
    names = [*_groups(method), OTHER, SILENT]
    kept = counted | set(statements["group"])
    return [name for name in dict.fromkeys(names) if name in kept]
