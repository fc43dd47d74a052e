"""Alternative texts of figures, made from the plotted numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures.palette import ANSWERS, OUTCOMES
from analysis.formatting import count, interval, number, quantity

if TYPE_CHECKING:
    import pandas as pd

MAX_NAMED = 6  # marks that are named one by one


def level(data: pd.DataFrame, claimed: str) -> str:
    """Each measure with its value and how it came out, the preferred one first."""
    found = data[data["mark"] != "claimed"]
    if found.empty:
        return _no_evidence("Dot plot", claimed)
    unit = found["unit"].iloc[0]
    parts = [
        f"{row.label}: {interval(row)} ({row.outcome})"
        for row in found.head(MAX_NAMED).itertuples()
    ]
    return _sentences(
        f"Dot plot of {count(len(found), 'measure')} in {unit} against the claimed {claimed}",
        f"They reach from {number(found['value'].min())} to {number(found['value'].max())}",
        _count_outcomes(found["outcome"]),
        "; ".join([*parts, *_more(len(found) - MAX_NAMED)]),
    )


def timeline(data: pd.DataFrame, what: str, claimed: str, finding: str) -> str:
    """The claimed day, stage or count, what the record says, and each mark with its day."""
    found = data[data["mark"] != "claimed"]
    if found.empty:
        return _sentences(f"{what} against {claimed}", finding, "No mark is drawn")
    parts = [
        f"{row.label}: {row.text} ({row.outcome})" for row in found.head(MAX_NAMED).itertuples()
    ]
    return _sentences(
        f"{what} with {count(len(found), 'mark')} against {claimed}",
        finding,
        "; ".join([*parts, *_more(len(found) - MAX_NAMED)]),
    )


def documents(data: pd.DataFrame, claimed: str, finding: str) -> str:
    """The answers to each question, counted, then document by document."""
    found = data[data["mark"] == "answer"]
    if found.empty:
        return _no_evidence("Chart of documents", claimed)
    several = len(set(found["group"])) > 1
    parts = [
        f"{row.label}{f', {row.group}' if several else ''}: {row.outcome}"
        for row in found.head(2 * MAX_NAMED).itertuples()
    ]
    documents = found["row"].nunique()
    return _sentences(
        f"Chart of the answers of {count(documents, 'document')} from "
        f"{count(found['family'].nunique(), 'source family', 'source families')}",
        f"The claim needs {claimed}",
        finding,
        *(_answers(name, part) for name, part in found.groupby("group", sort=False)),
        "; ".join([*parts, *_more(len(found) - 2 * MAX_NAMED)]),
    )


def membership(data: pd.DataFrame, claimed: str, finding: str, *, bodies: str) -> str:
    """The status in each body, then the share under each list and definition."""
    found = data[data["mark"] == "standing"]
    if found.empty:
        return _no_evidence("Chart of statuses", claimed)
    shares = data[data["mark"] == "share"]
    parts = [
        f"{name}: {', '.join(part['label'])}" for name, part in found.groupby("group", sort=False)
    ]
    under = [f"{row.label}: {row.text} ({row.outcome})" for row in shares.itertuples()]
    return _sentences(
        f"Chart of the status in {bodies}; needed: {claimed}",
        finding,
        *parts,
        f"What counts under each list and definition: {'; '.join(under)}" if under else "",
    )


def distance(data: pd.DataFrame, claimed: str, finding: str) -> str:
    """The gap and the corridor on the map, then the range of approaches on each coastline."""
    found = data[data["mark"] == "approach"]
    if found.empty:
        return _no_evidence("Map", claimed)
    drawn = ", ".join(dict.fromkeys(name for name in data[data["mark"] == "land"]["label"] if name))
    parts = [
        f"{row.label}: {number(row.low)} to {number(row.high)} ({row.outcome})"
        if row.low != row.high
        else f"{row.label}: {number(row.low)} ({row.outcome})"
        for row in found.head(2 * MAX_NAMED).itertuples()
    ]
    return _sentences(
        f"Map, north up, of {drawn}, above a chart" if drawn else "Chart",
        f"Claimed: {claimed}",
        finding,
        f"The closest approach that each coastline allows: {'; '.join(parts)}",
    )


def trend(data: pd.DataFrame, claimed: str, finding: str) -> str:
    """The vote, then each index with its change and how it came out."""
    found = data[data["mark"] == "index"]
    if found.empty:
        return _no_evidence("Table of trends", claimed)
    parts = [
        f"{row.label}: {_quantity(row)} ({row.outcome})"
        for row in found.head(2 * MAX_NAMED).itertuples()
    ]
    counts = found["outcome"].value_counts(sort=False)
    return _sentences(
        f"Table of {count(len(found), 'series', 'series')} with their course and their change, "
        f"against the claimed {claimed}",
        finding,
        ", ".join(f"{n} {word}" for word, n in counts.items()),
        "; ".join([*parts, *_more(len(found) - 2 * MAX_NAMED)]),
    )


def breaks(data: pd.DataFrame, claimed: str, finding: str) -> str:
    """The ends of the series, its extremes, and each break with its interval."""
    found = data[data["mark"].isin(["observed", "filled"])]
    cases = data[data["mark"].str.startswith("case")].drop_duplicates(["mark", "text"])
    parts = [
        f"{row.year:.0f}: {row.text} ({row.mark.removeprefix('case: ')})"
        for row in cases.head(MAX_NAMED).itertuples()
    ]
    if found.empty:
        return _sentences(f"Chart of years against the claim of {claimed}", finding, *parts)
    first, last = found.iloc[0], found.iloc[-1]
    least, most = found.loc[found["value"].idxmin()], found.loc[found["value"].idxmax()]
    return _sentences(
        f"Yearly series of {count(len(found), 'value')} in {first['unit']}, {first['label']} to "
        f"{last['label']}, against the claim of {claimed}",
        finding,
        f"It begins at {number(first['value'])} and ends at {number(last['value'])}, the least is "
        f"{number(least['value'])} in {least['label']}, the most {number(most['value'])} in "
        f"{most['label']}",
        *(
            f"From {row.label} on the values lie {row.text} from where they were heading"
            for row in data[data["mark"] == "break"].itertuples()
        ),
        "; ".join(parts),
    )


def event_study(data: pd.DataFrame, claimed: str, finding: str) -> str:
    """The numbers of known and missing days, then each measure with its interval."""
    known = data[data["mark"] == "observed"]
    missing = int((data["mark"] == "missing").sum())
    found = data[data["mark"] == "measure"]
    parts = [
        f"{row.label}: {row.text if _is_missing(row.value) else interval(row)} ({row.outcome})"
        for row in found.itertuples()
    ]
    days = f"Daily counts around a day, {count(len(known), 'day')} known and {missing} missing"
    return _sentences(
        f"{days}, above a plot of rate ratios against the claimed {claimed}",
        finding,
        f"The most on one day is {number(known['value'].max())}" if len(known) else "",
        "; ".join(parts),
    )


def curve(data: pd.DataFrame, shares: str) -> str:
    """The number of specifications, their outcomes and their range of values."""
    tried = data[data["mark"] == "specification"]
    found = tried[tried["value"].notna()]
    ranges = [
        f"In {unit or 'its unit'} they reach from {number(part['value'].min())} to "
        f"{number(part['value'].max())}"
        for unit, part in found.groupby("unit", sort=False)
    ]
    preferred = found[found["preferred"]]
    parts = [
        f"The preferred specification of the reading {row.reading} yields {_quantity(row)} "
        f"({row.outcome})"
        for row in preferred.head(MAX_NAMED).itertuples()
    ]
    return _sentences(
        f"Specification curve of {count(len(tried), 'specification')} in "
        f"{count(tried['reading'].nunique(), 'reading')}",
        shares,
        _count_outcomes(tried["outcome"]),
        *ranges,
        *parts,
    )


def _is_missing(value: float) -> bool:
    """Whether there is no number."""
    return value is None or value != value  # noqa: PLR0124 - NaN is the number unlike itself


def _no_evidence(what: str, claimed: str) -> str:
    return _sentences(
        f"{what} without any mark: no admissible evidence was found", f"Claimed: {claimed}"
    )


def _answers(question: str, part: pd.DataFrame) -> str:
    counts = part["outcome"].value_counts()
    parts = [f"{counts[word]} {word}" for word in ANSWERS if word in counts]
    return f"To the question {question}: {', '.join(parts)}"


def _count_outcomes(outcomes: pd.Series) -> str:
    counts = outcomes.value_counts()
    parts = [
        f"{style.word} {counts[style.word]}" for style in OUTCOMES.values() if style.word in counts
    ]
    return f"Outcomes: {', '.join(parts)}"


def _more(n: int) -> Sequence[str]:
    return [f"and {n} more"] if n > 0 else []


def _quantity(row: Any) -> str:
    return quantity(row.value, row.low, row.high, row.unit)


def _sentences(*parts: str) -> str:
    return " ".join(_ended(part) for part in parts if part)


def _ended(part: str) -> str:
    first = part[0].upper() + part[1:]
    return first if first.endswith((".", "!", "?")) else f"{first}."
