"""A figure with its plotted numbers, summary and alternative text."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypeVar

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG

from analysis.figures import svg
from analysis.figures.style import PIXELS, styled
from analysis.verdicts import findings, rules

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.claims.model import Claim, Specification
    from analysis.verdicts.sweep import Curve

M = TypeVar("M")
PLAIN = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
}
CANVASES = {"png": FigureCanvasAgg, "svg": FigureCanvasSVG}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Drawing:
    """The result of a drawing function. `data` has one row a mark; `alt` is made from it.

    `title` is the finding of a claim's figure, `summary` its subtitle: the numbers and what is
    needed. `table` is the same content as HTML, where it is a table.

    It passes for its matplotlib figure: `drawing.axes`, `drawing.savefig(...)`. Each format is
    rendered once, and again after a change of the figure.

    Example: `drawing.axes[0].set_xlabel("USD billion")`
    """

    figure: Figure
    data: pd.DataFrame
    title: str
    alt: str
    summary: str = ""
    table: str = ""
    _rendered_forms: dict[str, bytes] = field(default_factory=dict, init=False, compare=False)

    @property
    def described(self) -> str:
        """The title, then the alternative text: for those who see no picture."""
        return f"{self.title.rstrip('.')}. {self.alt}"

    def png(self) -> bytes:
        """The picture as PNG, the same bytes every time."""
        return self._render_once("png", lambda: _render(self.figure, "png"))

    def svg(self) -> bytes:
        """The picture as SVG with its title and description inside, the same bytes every time."""
        return self._render_once(
            "svg", lambda: svg.described(_render(self.figure, "svg").decode(), self.title, self.alt)
        )

    def csv(self) -> bytes:
        """The plotted numbers."""
        text: str = self.data.to_csv(index=False, lineterminator="\n", float_format="%.12g")
        return text.encode()

    def _render_once(self, form: str, make: Callable[[], bytes]) -> bytes:
        if self.figure.stale:
            self._rendered_forms.clear()
        if form not in self._rendered_forms:
            self._rendered_forms[form] = make()
            self.figure.stale = False  # until somebody changes it
        return self._rendered_forms[form]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # asked for by copy, pickle and IPython
            raise AttributeError(name)
        return getattr(self.figure, name)

    def __repr__(self) -> str:
        return f"Drawing({shorten(self.title, 70)!r}, {len(self.data)} rows)"

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.png()).decode()
        alt = html.escape(self.described, quote=True)
        shown = f'<img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{picture}">'
        table = f"<details><summary>As a table</summary>{self.table}</details>"
        return shown + table if self.table else shown


def headline(claim: Claim, curve: Curve, vintage: str) -> str:
    """The title of a claim's figure: its finding at this vintage.

    Example: `headline(claim, curve, "publication")`
    """
    return findings.finding(claim, curve, vintage, rules.decide(claim, curve, vintage).row)


def build_method(claim: Claim | Specification, kind: type[M]) -> M:
    """The claim's method as the class that a figure draws; TypeError if it is of another."""
    method = claim.build()
    if not isinstance(method, kind):
        message = f"a figure of {kind.__name__} cannot draw {type(method).__name__}"
        raise TypeError(message)
    return method


def _render(figure: Figure, form: str) -> bytes:
    buffer = io.BytesIO()
    with styled():
        dpi = PIXELS / figure.get_figwidth()
        CANVASES[form](figure).print_figure(buffer, format=form, dpi=dpi, metadata=PLAIN[form])
    return buffer.getvalue()
