"""A control as a widget, with the place beside it where it says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets

from analysis.notebook.explore.controls import Control, read, written
from analysis.notebook.html import text

if TYPE_CHECKING:
    from analysis.claims.model import Claim

LARGEST = {"number": 1e15, "integer": 10**9}  # a field takes what is finite
WIDTH = {"width": "24em"}
LAYOUTS = {"structure": {"width": "46em", "height": "8em"}}
LABELS = {"description_width": "10em"}
MADE = {
    "choice": ipywidgets.Dropdown,
    "flag": ipywidgets.Checkbox,
    "integer": ipywidgets.BoundedIntText,
    "number": ipywidgets.BoundedFloatText,
    "text": ipywidgets.Text,
    "structure": ipywidgets.Textarea,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """The widget of a control and its complaint, which is empty while all is well.

    `labels` are what readers are shown for the options of a choice.
    """

    control: Control
    widget: Any
    complaint: ipywidgets.HTML
    labels: tuple[str, ...] = ()

    def read(self, claim: Claim) -> Any:
        """The value that is set, as the parameter has it. Raises ParameterError."""
        value = self.widget.value
        if value == _as_shown(self.control, self.control.registered):
            return self.control.registered  # even one that no widget can show as it is
        if self.control.kind == "choice":
            value = self.control.options[value]
        return read(claim, self.control, value)

    def show(self, value: Any, *, fixed: bool) -> None:
        """Set the widget to this value of the parameter; a fixed one cannot be changed."""
        shown = _as_shown(self.control, value)
        if self.control.kind == "choice":
            self.offer(range(len(self.labels)), shown)
        self.widget.value = shown
        self.widget.disabled = fixed
        self.complain("set by this reading" if fixed else "")

    def complain(self, words: str) -> None:
        """Say something beside the widget."""
        self.complaint.value = f'<strong role="alert">{text(words)}</strong>' if words else ""

    def tell(self, words: str) -> None:
        """Say something beside the widget that is no fault."""
        self.complaint.value = f"<em>{text(words)}</em>" if words else ""

    def offer(self, good: Collection[int], chosen: int) -> None:
        """Leave only these options of a choice, by their places, with one of them chosen."""
        options = tuple((label, at) for at, label in enumerate(self.labels) if at in good)
        if options != tuple(self.widget.options):
            self.widget.options = options
        self.widget.value = chosen

    @property
    def row(self) -> Any:
        """The widget and its complaint, side by side."""
        return ipywidgets.HBox([self.widget, self.complaint])


def field(control: Control, called: Callable[[str], str] = str) -> Field:
    """The widget of a control, set to nothing yet; `called` gives the readers' words for a slug."""
    options: dict[str, Any] = {}
    labels = tuple(called(written(each)) for each in control.options)
    if control.kind == "choice":
        options["options"] = [(label, at) for at, label in enumerate(labels)]
    if control.kind in LARGEST:
        most = LARGEST[control.kind]
        options |= {"min": -most, "max": most}
    if control.kind in ("text", "structure", *LARGEST):
        options["continuous_update"] = False  # a half-written value is no value
    widget = MADE[control.kind](
        description=called(control.name),
        style=LABELS,
        layout=LAYOUTS.get(control.kind, WIDTH),
        **options,
    )
    return Field(control=control, widget=widget, complaint=ipywidgets.HTML(), labels=labels)


def _as_shown(control: Control, value: Any) -> Any:
    if control.kind == "choice":
        return control.options.index(value)
    if control.kind in LARGEST:
        most = LARGEST[control.kind]
        return min(max(value or 0, -most), most)
    if control.kind == "flag":
        return bool(value)
    return "" if value is None else written(value)
