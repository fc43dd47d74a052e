"""Tables as text: in colour and cut to the width of a terminal, plain and whole elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence

import click

from analysis.execution.styles import STYLES

Row = Sequence[object]
GAP = "  "
LEAST = 20  # characters that the last column keeps on a narrow terminal


def show(header: Sequence[str], rows: Sequence[Row]) -> None:
    """Print the table: in colour and as wide as the terminal, whole where the output is a file."""
    plain = bool(os.environ.get("NO_COLOR"))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    first, *others = lines(header, rows, width=width)
    click.echo(click.style(first, bold=True), color=False if plain else None)
    for line in others:
        click.echo(_coloured(line), color=False if plain else None)


def lines(header: Sequence[str], rows: Sequence[Row], *, width: int | None = None) -> Iterator[str]:
    """The header and the rows as lines; with a `width`, the last column is cut to it.

    >>> list(lines(["ID", "title"], [["X2", "Trade of 2023"], ["X10", "Chips"]], width=24))
    ['ID   title', 'X2   Trade of 2023', 'X10  Chips']
    >>> list(lines(["ID", "title"], [["X2", "A sentence of many words"]], width=10))[1]
    'X2  A sentence of many…'
    """
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    indent = sum(widths[:-1]) + len(GAP) * (len(widths) - 1)
    for row in cells:
        *front, last = row
        parts = [cell.ljust(size) for cell, size in zip(front, widths, strict=False)]
        room = None if width is None else max(width - indent, LEAST)
        yield GAP.join([*parts, cut(last, room)]).rstrip()


def cut(text: str, width: int | None) -> str:
    """The text, or its beginning and an ellipsis if it is longer than `width`."""
    return text if width is None or len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _coloured(line: str) -> str:
    """The line with its verdict in the colour that it has while a run goes on."""
    for word in line.split(GAP):
        if word in STYLES:
            return line.replace(word, click.style(word, fg=STYLES[word]), 1)
    return line
