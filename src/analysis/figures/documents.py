"""Coded documents: a table of who said what when, and whether it speaks for the claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, quotations, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.frames import point_columns
from analysis.methods.documents import COUNTING, Documents
from analysis.methods.estimate import interval_of
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.documents import DocumentAnswer
    from analysis.methods.estimate import Estimate
    from analysis.verdicts.sweep import Curve

EXTRA_COLUMNS = ("day", "issuer", "question", "says", "stance", "shown")
MAX_DOCUMENTS = 10  # answers that are drawn; the plotted numbers have all


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The documents behind `estimate`, by what they mean for the claim.

    Silent ones are drawn only where all are.
    """
    method = build_method(claim, Documents)
    found = _answers(estimate, method)
    speaking = found[found["outcome"] != "silent"]
    silent = found["row"].nunique() - speaking["row"].nunique() if len(speaking) else 0
    answers = _chosen(speaking if len(speaking) else found)
    needed, finding = _needed(method), _finding(method, estimate)
    unsaid = f" {formatting.count(silent, 'document')} searched, but silent." if silent else ""
    heading = style.Heading(
        title=headline(claim, curve, vintage),
        claim=claim.statement,
        subtitle=f"{finding} Needed: {needed}.{unsaid}",
        source=captions.sources(set(found["family"]), vintage, _latest(found), call=claim.called),
    )
    row = dotplot.claimed_row(needed, method.pass_criterion, method.unit)
    claimed = dotplot.table([row], more=EXTRA_COLUMNS)
    data = pd.concat([claimed, answers], ignore_index=True) if len(answers) else claimed
    return Drawing(
        figure=plot(data, heading),
        data=data,
        title=heading.title,
        summary=heading.subtitle,
        alt=alt_text.documents(data, needed, finding),
        table=quotations.html(data),
    )


def plot(data: pd.DataFrame, heading: style.Heading = style.NO_HEADING) -> Figure:
    """The table of `data`, the tidy frame of such a figure; a row marked `answer` is a line of it.

    Its columns are `issuer`, `day`, `says`, `question`, `outcome` (the answer), `stance` (for,
    against, open or silent) and `shown`.

    Example: `figures.documents(drawing.data.query("day > '2024'"))`
    """
    with style.styled():
        return quotations.plot(data[data["mark"] == "answer"], heading)


def _answers(estimate: Estimate, method: Documents) -> pd.DataFrame:
    """A row for each answer: the document, the question and what it says."""
    points: Any = estimate.points
    rows = [_row(point, method) for point in points]
    place = {name: i for i, name in enumerate(method.questions)}
    found = dotplot.table(rows, more=EXTRA_COLUMNS)
    return found.sort_values("group", key=lambda names: names.map(place), kind="stable")


def _row(point: DocumentAnswer, method: Documents) -> dict[str, Any]:
    year = f", {point.day[:4]}" if point.day else ""
    return {
        **point_columns(point),
        "mark": "answer",
        "group": point.question,
        "label": point.label + year,
        "unit": "answer",
        "outcome": point.answer,
        "day": point.day,
        "issuer": point.label,
        "question": point.asked or formatting.plain(point.question),
        "says": point.says,
        "stance": _stance(point.answer, method),
    }


def _stance(answer: str, method: Documents) -> str:
    """What an answer means for the claim.

    >>> from analysis.methods.documents import Documents
    >>> _stance("yes", Documents(coding="T", questions=["q"], expected="no"))
    'against'
    """
    if answer not in COUNTING:
        return "silent" if answer == "silent" else "open"
    return "for" if (answer == method.expected) != (method.rule == "none") else "against"


def _chosen(found: pd.DataFrame) -> pd.DataFrame:
    """All answers, those that decide first; `shown` are those that have room.

    Each source family counts once, so that one document of each has room before a second one.
    """
    if found.empty:
        return found
    ranks = {stance: i for i, stance in enumerate(quotations.STANCES)}
    again = found.groupby(["group", "stance", "family"]).cumcount()
    order = found.assign(stance_rank=found["stance"].map(ranks), again=again)
    first = order.sort_values(["stance_rank", "again"], kind="stable").index[:MAX_DOCUMENTS]
    shown = found.assign(shown=found.index.isin(first))
    return shown.assign(rank=order["stance_rank"]).sort_values(["rank", "day"], kind="stable")[
        list(found.columns)
    ]


def _latest(found: pd.DataFrame) -> tuple[date, date] | None:
    days = sorted(day for day in found["day"] if day)
    return interval(days[-1]) if days else None


def _needed(method: Documents) -> str:
    """The rule in words."""
    answer = f"“{method.expected}”"
    return {
        "any": f"at least {formatting.count(method.minimum, 'source')} with the answer {answer}",
        "none": f"no source that says {answer}",
        "majority": f"more than half of the sources say {answer}",
        "all": f"all sources say {answer}",
    }[method.rule]


def _finding(method: Documents, estimate: Estimate) -> str:
    """How many source families answer as expected, each counted once."""
    if estimate.value is None:
        return f"No admissible evidence: {captions.searched(estimate.note)}."
    n, answer = len(estimate.families), f"“{method.expected}”"
    families = formatting.count(n, "source")
    low, high = interval_of(estimate)
    if method.rule in ("any", "none"):
        found = formatting.interval(estimate)
        return f"Sources that say {answer}: {found} of {n}."
    if low == high == 0:
        return f"None of {families} says {answer}."
    if low == high == 1:
        return f"All of {families} say {answer}." if n > 1 else f"The only source says {answer}."
    share, least, most = (f"{100 * x:.3g}" for x in (estimate.value, low, high))
    bounds = f" ({least} to {most}%)" if low != high else ""
    return f"{share}%{bounds} of {families} say {answer}, each counted once."
