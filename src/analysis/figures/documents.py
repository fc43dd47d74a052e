"""Coded documents: a row for each document, its answers as marks in columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import formatting
from analysis.figures import alt_text, captions, dotplot, style
from analysis.figures.figure import Drawing, build_method, headline
from analysis.figures.palette import ADMITTED, ANSWERS, INK, RULE
from analysis.figures.style import MARGIN, ROW, SMALL, breadth
from analysis.methods.documents import Documents
from analysis.methods.estimate import interval_of
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim
    from analysis.methods.estimate import Estimate, Point
    from analysis.verdicts.sweep import Curve

MAX_DOCUMENTS = 40  # documents that are drawn
MIN_DENSE_ROWS, DENSE_ROW = 14, 0.19  # rows from which each is drawn lower, and its inches
MAX_LABEL_WIDTH = 1.9  # inches, at most, for the names of the documents
MAX_NOTE_WIDTH = 1.55  # inches, at most, for the names of the families
FAMILY = "source family"
ANSWERED = re.compile(r"(?:(?P<day>\d{4}[-\d]*) )?(?P<question>.*): (?P<answer>\w+)")


def draw(claim: Claim, estimate: Estimate, curve: Curve, vintage: str = "publication") -> Drawing:
    """The documents behind `estimate`, those that answer as expected first.

    Silent ones are drawn only where all are.
    """
    method = build_method(claim, Documents)
    found = _answers(estimate, method)
    documents = _documents(found, method)
    documents["whose"] = documents["family"].map(claim.called)
    addressing = documents[documents["row"].isin(found.loc[found["outcome"] != "silent", "row"])]
    silent = len(documents) - len(addressing) if len(addressing) else 0
    documents = addressing if len(addressing) else documents
    drawn = _ordered(found, documents["row"][:MAX_DOCUMENTS])
    needed, finding = _needed(method), _finding(method, estimate)
    title = headline(claim, curve, vintage)
    heading = style.Heading(
        title=title,
        subtitle=f"{finding} {_asked(drawn, needed, len(documents) - MAX_DOCUMENTS, silent)}",
        source=captions.sources(set(found["family"]), vintage, _latest(found), call=claim.called),
    )
    claimed = dotplot.table([dotplot.claimed_row(needed, method.pass_criterion, method.unit)])
    data = pd.concat([claimed, drawn], ignore_index=True) if len(drawn) else claimed
    with style.styled():
        figure = _drawn(heading, drawn, documents[:MAX_DOCUMENTS], method)
    return Drawing(
        figure=figure,
        data=data,
        title=title,
        summary=heading.subtitle,
        alt=alt_text.documents(data, needed, finding),
    )


def _asked(drawn: pd.DataFrame, needed: str, more: int, silent: int) -> str:
    """The criterion, and the number of documents that are not drawn."""
    shaded = " (shaded)" if len(set(drawn["group"])) == 1 else ""
    left = f" {formatting.count(more, 'more document')} in the table." if more > 0 else ""
    unsaid = f" {formatting.count(silent, 'document')} searched, but silent." if silent else ""
    return f"Needed{shaded}: {needed}.{left}{unsaid}"


def _ordered(found: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """The answers of the documents in these rows, in this order."""
    order = {row: i for i, row in enumerate(rows)}
    kept = found[found["row"].isin(order)]
    return kept.sort_values("row", key=lambda names: names.map(order), kind="stable")


def _answers(estimate: Estimate, method: Documents) -> pd.DataFrame:
    """A row for each answer: the document, the question and what it says."""
    read = [(point, ANSWERED.fullmatch(point.text)) for point in estimate.points]
    rows = [_row(point, match.groupdict()) for point, match in read if match]
    found = dotplot.table(rows, more=("day",))
    place = {name: i for i, name in enumerate(method.questions)}
    return found.sort_values("group", key=lambda names: names.map(place), kind="stable")


def _row(point: Point, read: Mapping[str, str | None]) -> dict[str, Any]:
    year = f", {read['day'][:4]}" if read["day"] else ""
    return {
        "mark": "answer",
        "group": read["question"],
        "label": point.label + year,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "unit": "answer",
        "outcome": read["answer"],
        "family": point.family,
        "source_id": point.source_id,
        "row": point.row,
        "day": read["day"] or "",
    }


def _documents(found: pd.DataFrame, method: Documents) -> pd.DataFrame:
    """A row for each document in the order of drawing, with a label that no other has."""
    first = found.drop_duplicates("row").copy()
    order = sorted(ANSWERS, key=lambda word: (word != method.expected, word == "silent"))
    first["rank"] = first["outcome"].map({word: i for i, word in enumerate(order)})
    first["line"] = first["row"].str.rsplit(":", n=1).str[-1].astype("int64")
    first = first.sort_values(["rank", "line"]).reset_index(drop=True)
    again = first.groupby("label").cumcount()
    first["label"] = [
        _unique_label(label, n) for label, n in zip(first["label"], again, strict=True)
    ]
    return first


def _unique_label(label: str, before: int) -> str:
    """The label as it fits into two lines, numbered if it was used before."""
    suffix = f" ({before + 1})" if before else ""
    label_width = MAX_LABEL_WIDTH - 0.15 - breadth(suffix, SMALL)
    return " ".join(style.fold(label, label_width, SMALL, max_lines=2)) + suffix


def _latest(found: pd.DataFrame) -> tuple[date, date] | None:
    days = sorted(day for day in found["day"] if day)
    return interval(days[-1]) if days else None


def _needed(method: Documents) -> str:
    """The rule in words."""
    answer = f"“{method.expected}”"
    families = formatting.count(method.minimum, "source family", "source families")
    return {
        "any": f"at least {families} with a document that says {answer}",
        "none": f"no source family with a document that says {answer}",
        "majority": f"more than half of the source families saying {answer}",
        "all": f"all source families saying {answer}",
    }[method.rule]


def _finding(method: Documents, estimate: Estimate) -> str:
    if estimate.value is None:
        return f"No admissible evidence: {captions.searched(estimate.note)}."
    families = formatting.count(len(estimate.families), "source family", "source families")
    if method.rule in ("any", "none"):
        count_text = f"{formatting.interval(estimate)} of {families} that answer"
        return f"With a document that says “{method.expected}”: {count_text}."
    share, low, high = (f"{100 * x:.3g}" for x in (estimate.value, *interval_of(estimate)))
    bounds = f" ({low} to {high}%)" if low != high else ""
    return f"Saying “{method.expected}”: {share}%{bounds} of {families}, each counted once."


def _drawn(
    heading: style.Heading, found: pd.DataFrame, documents: pd.DataFrame, method: Documents
) -> Figure:
    if found.empty:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    labels = documents["label"].tolist()
    families = documents["whose"].tolist()
    widest = max(breadth(label, SMALL) for label in labels) + 0.25
    left, lines = min(widest, MAX_LABEL_WIDTH), 1 if widest <= MAX_LABEL_WIDTH else 2
    noted = max(breadth(FAMILY, SMALL, "bold"), *(breadth(name, SMALL) for name in families))
    right = MARGIN + 0.15 + min(noted, MAX_NOTE_WIDTH)
    questions = list(dict.fromkeys(found["group"]))
    heads = _heads(found, questions, style.WIDTH - left - right)
    row = (DENSE_ROW if len(labels) > MIN_DENSE_ROWS else ROW) * (1 + 0.55 * (lines - 1))
    above = 0.2 + 0.15 * max(head.count("\n") for head in heads)
    page = style.sheet(heading, len(labels) * row, left=left, right=right, axis=0.08, above=above)
    axes = page.plot()
    dotplot.rows(axes, labels, width=left - 0.15, max_lines=lines)
    place = {name: i for i, name in enumerate(documents["row"])}
    placed = found.assign(y=found["row"].map(place), x=_columns(found, questions))
    _columns_named(axes, heads)
    if len(questions) == 1:
        _shade_needed(axes, method, _words(found))
    dotplot.scatter(axes, placed, ANSWERS)
    if len(questions) > 1:  # else the columns say it
        _annotate_answers(axes, placed)
    dotplot.beside(axes, families, width=MAX_NOTE_WIDTH)
    _family_heading(axes, FAMILY)
    return page.figure


def _columns(found: pd.DataFrame, questions: Sequence[str]) -> pd.Series:
    """The column of each mark: its answer if there is one question, else its question."""
    heads = _words(found) if len(questions) == 1 else list(questions)
    column = "outcome" if len(questions) == 1 else "group"
    return found[column].map({name: i for i, name in enumerate(heads)})


def _words(found: pd.DataFrame) -> list[str]:
    """The answers that have a column: yes and no, and the others that were given."""
    given = {"yes", "no", *found["outcome"]}
    return [word for word in ANSWERS if word in given]


def _heads(found: pd.DataFrame, questions: Sequence[str], width: float) -> list[str]:
    """The names of the columns: the questions, or the answers to the only one with their number."""
    names = [formatting.plain(question) for question in questions]
    if len(questions) == 1:
        counts = found["outcome"].value_counts()
        names = [f"{word}: {counts.get(word, 0)}" for word in _words(found)]
    column_width = width / len(names) - 0.02
    return ["\n".join(style.fold(head, column_width, SMALL, weight="bold")) for head in names]


def _columns_named(axes: Axes, heads: Sequence[str]) -> None:
    """Names over the columns and a line under each; each mark is left of its word."""
    axes.set_xlim(-0.2, len(heads) - 0.2)
    for x, head in enumerate(heads):
        axes.annotate(
            head, (x, 1), xycoords=("data", "axes fraction"), xytext=(-3, 4),
            textcoords="offset points", va="bottom", size=SMALL, weight="bold",
        )  # fmt: skip
    axes.set_xticks([])
    axes.vlines(range(len(heads)), 0, 1, transform=axes.get_xaxis_transform(),
                colors=RULE, linewidth=0.6, zorder=1)  # fmt: skip
    axes.spines["bottom"].set_visible(False)


def _shade_needed(axes: Axes, method: Documents, words: Sequence[str]) -> None:
    """A tint under the answers that the rule asks for."""
    for x, word in enumerate(words):
        if (word == method.expected) != (method.rule == "none"):
            axes.axvspan(x - 0.14, x + 0.6, color=ADMITTED, linewidth=0, zorder=0)


def _annotate_answers(axes: Axes, placed: pd.DataFrame) -> None:
    """The answer in words beside its mark."""
    for row in placed.itertuples():
        axes.annotate(
            row.outcome,
            (row.x, row.y),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            size=SMALL,
            color=ANSWERS[row.outcome].colour,
        )


def _family_heading(axes: Axes, text: str) -> None:
    axes.annotate(
        text, (1, 1), xycoords="axes fraction", xytext=(7, 4), textcoords="offset points",
        va="bottom", size=SMALL, weight="bold", color=INK, annotation_clip=False,
    )  # fmt: skip
