"""The controls in a notebook: `analysis.explore`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ipywidgets

from analysis.claims import admissible
from analysis.claims.model import waits
from analysis.errors import AnalysisError, ParameterError
from analysis.notebook import api
from analysis.notebook.explore import controls, wording
from analysis.notebook.explore.evaluator import Evaluator, draw
from analysis.notebook.explore.snippet import command, script
from analysis.notebook.explore.state import State, fixed, registered
from analysis.notebook.explore.widgets import LABELS, WIDTH, field
from analysis.verdicts.sweep import VINTAGES

if TYPE_CHECKING:
    from analysis.claims.model import Reading
    from analysis.notebook.explore.evaluator import Finding
    from analysis.project import Project


def explore(name: str, *, project: Project | None = None) -> Panel:
    """Controls for your own assumptions on the claim called `name`.

    Figure, outcome and verdict follow; the code of what you see can be copied. Raises
    ParameterError for a claim that has nothing to choose. Needs JupyterLab or another front end for
    widgets.

    Example: `analysis.explore("X1")`
    """
    claim = api.claim(name, project=project)
    if why := waits(claim):
        raise ParameterError(f"claim {name} has no assumptions to choose: {why}")
    return Panel(
        Evaluator(
            claim=claim,
            evidence=api.load(claim, project=project),
            cutoffs=api.cutoffs(project),
        )
    )


class Panel:
    """Controls and what follows from them.

    `finding` is what `state` yields. Where what the controls say cannot be tried, one of them says
    why, no result is shown, and both stay as they were. Choices that make no sense together are not
    offered: what a choice binds follows it.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.state = registered(evaluator.claim)
        self.finding: Finding = evaluator.examine(self.state)
        self.fields = {
            each.name: field(each, evaluator.claim.called)
            for each in controls.controls(evaluator.claim)
        }
        self._still = False
        self._bound: dict[str, str] = {}  # by what a choice has lost options
        self._outputs = {name: ipywidgets.HTML() for name in ("finding", "figure", "code")}
        self._outputs["finding"].layout = {"flex": "1 1 22em", "margin": "0 0 0 2em"}
        self._outputs["figure"].layout = {"max_width": "44em"}
        self._choosers()
        self.choose(self.state)
        self.view = self._arranged()

    def _repr_mimebundle_(self, **asked: Any) -> Any:
        return self.view._repr_mimebundle_(**asked)

    def __repr__(self) -> str:
        return f"Panel({self.evaluator.claim.id}: {self.state.vintage}, {self.state.reading})"

    def __dir__(self) -> list[str]:
        return ["evaluator", "choose", "fields", "finding", "reset", "state", "view"]

    def choose(self, state: State) -> None:
        """Set every control to this state, and follow."""
        own = fixed(self.evaluator.claim, state.reading)
        shown = {**state.changes, **own}
        with self._quietly():
            self.vintage.value, self.reading.value = state.vintage, state.reading
            for name, each in self.fields.items():
                each.show(shown.get(name, each.control.registered), fixed=name in own)
        self._follow("")

    def reset(self) -> None:
        """Everything as it was registered."""
        self.choose(registered(self.evaluator.claim))

    # ------------------------------------------------------------ from the controls to the state

    def _choosers(self) -> None:
        readings = [(_reading(each), each.name) for each in self.evaluator.claim.readings]
        self.vintage = _list("vintage", VINTAGES)
        self.reading = _list("reading", readings)
        self.vintage.observe(lambda _: self._follow(""), names="value")
        self.reading.observe(lambda _: self._turn(), names="value")
        for name, each in self.fields.items():
            each.widget.observe(lambda _, name=name: self._follow(name), names="value")

    def _turn(self) -> None:
        """Another reading was chosen: show what it fixes, free what the last one fixed."""
        own = fixed(self.evaluator.claim, self.reading.value)
        with self._quietly():
            for name, each in self.fields.items():
                if name in own or each.widget.disabled:
                    each.show(own.get(name, each.control.registered), fixed=name in own)
        self._follow("")

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """While the panel itself sets its widgets, nothing follows."""
        before, self._still = self._still, True
        try:
            yield
        finally:
            self._still = before

    def _chosen(self) -> tuple[State, dict[str, str]]:
        """What the controls say, and what is wrong with each of them that cannot be read."""
        state = State(reading=self.reading.value, vintage=self.vintage.value)
        faults = {}
        for name, each in self.fields.items():
            if each.widget.disabled:
                continue
            try:
                state = state.with_(each.control, each.read(self.evaluator.claim))
            except ParameterError as error:
                faults[name] = str(error)
        return state, faults

    # ------------------------------------------------------------ from the state to what is shown

    def _follow(self, name: str) -> None:
        """Try what the controls say; `name` is the one that was changed, empty for any."""
        if self._still:
            return
        moved = self._bind(name)
        state, faults = self._chosen()
        faults = faults or self._try(state, name)
        for own, each in self.fields.items():
            if not each.widget.disabled:
                each.complain(faults.get(own, ""))
                if own in moved and own not in faults:
                    each.tell(f"follows {self.evaluator.claim.called(name)}")
                elif own in self._bound and own not in faults:
                    each.tell(f"more with another {self._bound[own]}")
        if faults:
            self._outputs["finding"].value = wording.refused("; ".join(faults.values()))
            self._outputs["figure"].value = self._outputs["code"].value = ""
        else:
            self._show()

    def _bind(self, name: str) -> set[str]:
        """Let the other choices follow `name`, and offer of each what goes with the others.

        The names of those that moved.
        """
        claim = self.evaluator.claim
        varied = {own: each for own, each in self.fields.items() if each.control.varied}
        fixed = {own for own, each in varied.items() if each.widget.disabled}
        before = {own: each.control.options[each.widget.value] for own, each in varied.items()}
        after = admissible.followed(claim, before, name, fixed) if name in varied else before
        moved = {own for own in after if after[own] != before[own]}
        self._bound = {}
        with self._quietly():
            for own, each in varied.items():
                options, chosen = each.control.options, after[own]
                good = {
                    at
                    for at, value in enumerate(options)
                    if value == chosen or admissible.offered(claim, after, own, value)
                }
                each.offer(good, options.index(chosen))
                if len(good) < len(options):
                    by = admissible.bound_by(claim, after, own)
                    self._bound[own] = " or ".join(map(claim.called, by))
        return moved

    def _try(self, state: State, name: str) -> dict[str, str]:
        """Go to a state; if it cannot be tried, say why and stay."""
        claim = self.evaluator.claim
        try:
            finding = self.evaluator.examine(state)
            drawing = draw(finding)
            picture = wording.figure(drawing._repr_html_(), claim.id, drawing.csv())
        except Exception as error:  # noqa: BLE001 - a structure may be wrong in any way
            return {name: _message(error)}
        self._outputs["figure"].value = picture
        self.state, self.finding = state, finding
        return {}

    def _show(self) -> None:
        claim = self.evaluator.claim
        self._outputs["finding"].value = wording.finding(self.finding)
        self._outputs["code"].value = wording.code(
            script(claim, self.state), command(claim, self.state)
        )

    # ------------------------------------------------------------ the arrangement

    def _arranged(self) -> Any:
        varied = [each.row for each in self.fields.values() if each.control.varied]
        others = [each.row for each in self.fields.values() if not each.control.varied]
        back = ipywidgets.Button(description="As registered")
        back.on_click(lambda _: self.reset())
        folded = ipywidgets.Accordion(
            children=[ipywidgets.VBox(others), self._outputs["code"]],
            titles=["Every other parameter", "Code of this state"],
        )
        side_by_side = ipywidgets.HBox(
            [
                ipywidgets.VBox([self.vintage, self.reading, *varied, back]),
                self._outputs["finding"],
            ],
            layout={"flex_flow": "row wrap"},  # below each other where it is too narrow
        )
        heading = ipywidgets.HTML(wording.heading(self.evaluator.claim))
        whole = ipywidgets.VBox([heading, side_by_side, self._outputs["figure"], folded])
        return whole.add_class(wording.PANEL)


def _reading(reading: Reading) -> str:
    name = reading.name.replace("_", " ")
    return name if name == reading.kind else f"{name} ({reading.kind})"


def _list(name: str, options: Any) -> Any:
    return ipywidgets.Dropdown(options=options, description=name, style=LABELS, layout=WIDTH)


def _message(error: Exception) -> str:
    """What went wrong, in a line: of our own errors the message, of others the kind too."""
    if isinstance(error, AnalysisError):
        return str(error)
    return f"this cannot be used: {type(error).__name__}: {error}"
