"""A figure with the numbers that it shows and the words that describe it."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG

from analysis.figures.style import DPI, styled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PLAIN = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
}
CANVASES = {"png": FigureCanvasAgg, "svg": FigureCanvasSVG}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Drawing:
    """What a drawing function returns. `data` has one row a mark; `alt` is made from it.

    `told` is what a claim's figure says under its title: what was found, and what is claimed.

    It passes for its matplotlib figure: `drawing.axes`, `drawing.savefig(...)`. Each form is
    rendered once, and again after a change of the figure.

    Example: `drawing.axes[0].set_xlabel("USD billion")`
    """

    figure: Figure
    data: pd.DataFrame
    title: str
    alt: str
    told: str = ""
    _made: dict[str, bytes] = field(default_factory=dict, init=False, compare=False)

    def png(self) -> bytes:
        """The picture as PNG, the same bytes every time."""
        return self._once("png", lambda: _rendered(self.figure, "png"))

    def svg(self) -> bytes:
        """The picture as SVG with its title and description inside, the same bytes every time."""
        return self._once("svg", lambda: self._described(_rendered(self.figure, "svg").decode()))

    def csv(self) -> bytes:
        """The plotted numbers."""
        return self.data.to_csv(index=False, lineterminator="\n", float_format="%.12g").encode()

    def _once(self, form: str, make: Callable[[], bytes]) -> bytes:
        if self.figure.stale:
            self._made.clear()
        if form not in self._made:
            self._made[form] = make()
            self.figure.stale = False  # until somebody changes it
        return self._made[form]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # asked for by copy, pickle and IPython
            raise AttributeError(name)
        return getattr(self.figure, name)

    def _described(self, picture: str) -> bytes:
        """The SVG as one labelled image; the ids are its own, so that a page may hold several."""
        own = hashlib.sha256(f"{self.title}\n{self.alt}".encode()).hexdigest()[:8]
        words = (
            f' role="img" aria-labelledby="title-{own} desc-{own}">'
            f'\n <title id="title-{own}">{html.escape(self.title)}</title>'
            f'\n <desc id="desc-{own}">{html.escape(self.alt)}</desc>'
        )
        return re.sub(r"(<svg\b[^>]*)>", lambda tag: tag[1] + words, picture, count=1).encode()

    def __repr__(self) -> str:
        return f"Drawing({self.title!r}, {len(self.data)} rows)"

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.png()).decode()
        alt = html.escape(self.alt, quote=True)
        return f'<img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{picture}">'


def _rendered(figure: Figure, form: str) -> bytes:
    buffer = io.BytesIO()
    with styled():
        CANVASES[form](figure).print_figure(buffer, format=form, dpi=DPI, metadata=PLAIN[form])
    return buffer.getvalue()
