"""A table of quotations, as a picture and as HTML: who, when, what the text says, the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from analysis import formatting
from analysis.figures import style
from analysis.figures.palette import INK, MUTED, NEUTRAL, OUTCOMES, RULE, Style
from analysis.figures.style import LEADING, MARGIN, SMALL, fold
from analysis.figures.svg import note
from analysis.methods.estimate import Outcome
from analysis.methods.timeline import interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STANCES = {
    "for": Style(OUTCOMES[Outcome.PASS].colour, "o", "For the claim"),
    "against": Style(OUTCOMES[Outcome.FAIL].colour, "X", "Against the claim"),
    "open": Style(NEUTRAL, "D", "Leaves it open"),
    "silent": Style(NEUTRAL, "s", "Does not answer the question"),
}
WHO, SAYS, ANSWER = MARGIN, 1.36, 3.72  # inches from the left, where the columns begin
COLUMN_GAP = 0.12  # inches
LINE = SMALL * LEADING  # inches of a line of words
PADDING = 0.075  # inches above and below a row's words
MAX_SAYS, MAX_WHO, MAX_QUESTION = 5, 3, 4  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """One document's answer to a question, in words."""

    issuer: str
    day: str
    says: str
    answer: str
    stance: str
    row: str

    @property
    def who(self) -> list[str]:
        """The lines of the first column: the issuer, without the day."""
        return fold(self.issuer, SAYS - WHO - COLUMN_GAP, SMALL, max_lines=MAX_WHO)

    @property
    def text(self) -> list[str]:
        """The lines of what the document says."""
        return fold(self.says, ANSWER - SAYS - COLUMN_GAP, SMALL, max_lines=MAX_SAYS)

    @property
    def height(self) -> float:
        """Inches that the row takes."""
        lines = max(len(self.who) + bool(self.day), len(self.text), 1)
        return lines * LINE + 2 * PADDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The answers to one question that mean the same for the claim; `left` are not drawn."""

    question: str
    stance: str
    documents: int
    families: int
    left: int
    quotations: Sequence[Quotation] = field(default=())

    @property
    def heading(self) -> str:
        """What the answers mean and how many documents of how many sources give them."""
        documents = formatting.count(self.documents, "document")
        sources = formatting.count(self.families, "source")
        return f"{STANCES[self.stance].word}: {documents} of {sources}"


def blocks(data: pd.DataFrame) -> list[Block]:
    """The answers of a tidy frame by question and meaning, the more frequent meaning first."""
    answers = data[data["mark"] == "answer"]
    if answers.empty:
        return []
    found = [
        _block(str(question), str(stance), part)
        for (question, stance), part in answers.groupby(["question", "stance"], sort=False)
    ]
    asked = {block.question: i for i, block in reversed(list(enumerate(found)))}
    order = list(STANCES)
    return sorted(
        found,
        key=lambda block: (
            asked[block.question],
            block.stance in ("open", "silent"),
            -block.families,
            order.index(block.stance),
        ),
    )


def _block(question: str, stance: str, part: pd.DataFrame) -> Block:
    shown = part[part["shown"].astype(bool)]
    return Block(
        question=question,
        stance=stance,
        documents=part["row"].nunique(),
        families=part["family"].nunique(),
        left=len(part) - len(shown),
        quotations=[
            Quotation(
                issuer=str(each.issuer),
                day=formatting.days(interval(each.day)) if each.day else "",
                says=str(each.says),
                answer=str(each.outcome),
                stance=stance,
                row=str(each.row),
            )
            for each in shown.itertuples()
        ],
    )


def plot(data: pd.DataFrame, heading: style.Heading) -> Figure:
    """The table as a picture."""
    found = blocks(data)
    if not found:
        return style.sheet(heading, 0.1, left=MARGIN, axis=0, above=0).figure
    several = len({block.question for block in found}) > 1
    high = sum(_height(block, previous) for previous, block in _pairs(found))
    page = style.sheet(heading, high, left=0, right=0, axis=0.06, above=0.06)
    axes = page.plot()
    axes.set(xlim=(0, style.WIDTH), ylim=(high, 0))
    axes.set_axis_off()
    y = 0.0
    for previous, block in _pairs(found):
        if previous is None or previous.question != block.question:
            y = _question(axes, block, y, several=several)
        y = _drawn(axes, block, y)
    return page.figure


def _pairs(found: Sequence[Block]) -> Iterator[tuple[Block | None, Block]]:
    """Each block with the one before it."""
    return zip([None, *found[:-1]], found, strict=True)


def _asked(block: Block) -> list[str]:
    return fold(
        f"Asked of each document: {block.question}",
        style.WIDTH - 2 * MARGIN, SMALL, max_lines=MAX_QUESTION,
    )  # fmt: skip


def _height(block: Block, previous: Block | None) -> float:
    asked = previous is None or previous.question != block.question
    return (
        (len(_asked(block)) * LINE + 3 * PADDING if asked else 0)
        + LINE
        + 2 * PADDING
        + sum(each.height for each in block.quotations)
        + (LINE + 2 * PADDING if block.left else 0)
    )


def _question(axes: Axes, block: Block, y: float, *, several: bool) -> float:
    """The words of a question; returns where the next row begins."""
    if several:
        axes.axhline(y, MARGIN / style.WIDTH, 1 - MARGIN / style.WIDTH, color=INK, linewidth=0.8)
    lines = _asked(block)
    words(axes, MARGIN, y + PADDING, lines, colour=MUTED)
    return y + len(lines) * LINE + 3 * PADDING


def _drawn(axes: Axes, block: Block, y: float) -> float:
    """A heading, then a row for each document; returns where the next block begins."""
    colour = STANCES[block.stance].colour
    words(axes, MARGIN, y + PADDING, [block.heading], colour=colour, weight="bold")
    y += LINE + 2 * PADDING
    axes.hlines(y, MARGIN, style.WIDTH - MARGIN, colors=colour, linewidth=1.6)
    for i, each in enumerate(block.quotations):
        if i:
            axes.hlines(y, MARGIN, style.WIDTH - MARGIN, colors=RULE, linewidth=0.6)
        _quoted(axes, each, y)
        y += each.height
    if block.left:
        shown = "more" if block.quotations else "not drawn"
        text = f"{block.left} {shown}: see the data of the figure"
        words(axes, SAYS, y + PADDING, [text], colour=MUTED)
        y += LINE + 2 * PADDING
    return y


def _quoted(axes: Axes, each: Quotation, y: float) -> None:
    top = y + PADDING
    looks = STANCES[each.stance]
    words(axes, WHO, top, each.who)
    if each.day:
        words(axes, WHO, top + len(each.who) * LINE, [each.day], colour=MUTED)
    words(axes, SAYS, top, each.text)
    (mark,) = axes.plot(
        ANSWER + 0.06, top + 0.5 * LINE, marker=looks.marker, color=looks.colour, markersize=6,
        markeredgewidth=0,
    )  # fmt: skip
    note(mark, f"{each.issuer}{f', {each.day}' if each.day else ''}: {each.answer}. {each.says}")
    words(axes, ANSWER + 0.16, top, [each.answer], colour=looks.colour, weight="bold")


def words(
    axes: Axes,
    x: float,
    y: float,
    lines: Sequence[str],
    *,
    colour: str = INK,
    weight: str = "normal",
) -> None:
    """Lines of words on axes in inches, the first one below `y`."""
    for i, line in enumerate(lines):
        axes.text(x, y + (i + 0.82) * LINE, line, size=SMALL, color=colour, weight=weight)


def html(data: pd.DataFrame) -> str:
    """The table as HTML, a `<table>` for each question; a page or a notebook styles its classes."""
    found = blocks(data)
    questions = dict.fromkeys(block.question for block in found)
    return "".join(
        f'<table class="quotations"><caption>{escape(question)}</caption>'
        "<thead><tr><th>who</th><th>when</th><th>what it says</th><th>answer</th></tr></thead>"
        + "".join(_html(block) for block in found if block.question == question)
        + "</table>"
        for question in questions
    )


def _html(block: Block) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.issuer)}</td><td>{escape(each.day)}</td>"
        f"<td>{escape(each.says)}</td><td>{escape(each.answer)}</td></tr>"
        for each in block.quotations
    )
    left = f'<tr><td colspan="4">{block.left} more in the data</td></tr>' if block.left else ""
    return (
        f'<tbody class="{block.stance}"><tr><th colspan="4" scope="rowgroup">'
        f"{escape(block.heading)}</th></tr>{rows}{left}</tbody>"
    )
