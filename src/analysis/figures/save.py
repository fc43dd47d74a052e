"""Save a drawing: pictures and plotted numbers, with their hashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.data.checksums import digest
from analysis.project import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.figures.figure import Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The hashes of the written files, the summary and the alternative text."""

    svg_sha256: str
    png_sha256: str
    data_sha256: str
    alt: str
    summary: str


def save(drawing: Drawing, folder: Path, name: str) -> Saved:
    """Write `name`.svg, `name`.png and `name`.csv (the plotted numbers) under `folder`."""
    rendered = {"svg": drawing.svg(), "png": drawing.png(), "csv": drawing.csv()}
    for ending, content in rendered.items():
        write_atomically(folder / f"{name}.{ending}", content)
    return Saved(
        svg_sha256=digest(rendered["svg"]),
        png_sha256=digest(rendered["png"]),
        data_sha256=digest(rendered["csv"]),
        alt=drawing.described,
        summary=drawing.summary,
    )
