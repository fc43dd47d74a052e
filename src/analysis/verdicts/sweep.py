"""Every specification of a claim, in both vintages, with and without each source family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from analysis.display_hook import as_html, brief
from analysis.methods.estimate import Criterion, Estimate, Outcome

if TYPE_CHECKING:
    from datetime import date

    from pandas import DataFrame

    from analysis.claims.model import Claim, Specification
    from analysis.data.evidence import Evidence

PUBLICATION, LATEST = "publication", "latest"
VINTAGES = (PUBLICATION, LATEST)
OUTCOME_ORDER = ("pass", "unclear", "fail", "no evidence")
FIXED = (
    "vintage",
    "reading",
    "left_out",
    "preferred",
    "outcome",
    "value",
    "low",
    "high",
    "unit",
    "n",
)  # columns of every curve as a frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One specification tried on one vintage, perhaps with one source family left out."""

    vintage: str
    reading: str
    choices: Mapping[str, Any]
    estimate: Estimate
    pass_criterion: Criterion
    outcome: Outcome | None
    preferred: bool = False
    left_out: str = ""

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Weighted shares of the specifications that pass, fail and stay unclear; they sum to 1."""

    passing: float
    failing: float
    unclear: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """The smallest change of assumptions that changes the outcome."""

    changes: Mapping[str, tuple[Any, Any]]
    outcome: Outcome
    value: float


@dataclass(frozen=True, slots=True)
class Curve:
    """All trials of a claim: its specification curve.

    `revised` has the usual size of a revision of each table, as a share of a value: 0 for never,
    None where none is declared.
    """

    trials: tuple[Trial, ...]
    revised: Mapping[str, float | None] = field(default_factory=dict)

    _repr_html_ = as_html

    def __repr__(self) -> str:
        readings = len({trial.reading for trial in self.trials})
        return f"Curve({len(self.trials)} trials, {readings} readings)"

    def to_frame(self) -> DataFrame:
        """One row a trial, in the order of the sweep.

        Columns: `vintage`, `reading`, `left_out` (the source family, empty for none), `preferred`,
        `outcome` (pass, unclear, fail or no evidence; an ordered category), `value`, `low`, `high`
        (in `unit`), `n` (observations), then one column for each choice: a list or a mapping as
        text, a choice with the name of another column with `choice_` before it.

        Example: `curve.to_frame().query("left_out == ''").groupby("reading")["value"].median()`
        """
        import pandas as pd

        frame = pd.DataFrame([_row(trial) for trial in self.trials], columns=_columns(self.trials))
        frame["outcome"] = pd.Categorical(frame["outcome"], OUTCOME_ORDER, ordered=True)
        return frame.astype(dict.fromkeys(("value", "low", "high"), "float64"))

    def select(self, vintage: str, reading: str = "", left_out: str = "") -> tuple[Trial, ...]:
        """The trials of a vintage, of one reading or of all, without the source left out."""
        return tuple(
            trial
            for trial in self.trials
            if trial.vintage == vintage
            and trial.left_out == left_out
            and reading in ("", trial.reading)
        )

    def preferred(self, vintage: str, reading: str, left_out: str = "") -> Trial | None:
        """The trial of the preferred specification, if it was made."""
        trials = self.select(vintage, reading, left_out)
        return next((trial for trial in trials if trial.preferred), None)

    def left_out(self, vintage: str) -> tuple[str, ...]:
        """The source families that were left out, one at a time."""
        found = {t.left_out for t in self.trials if t.vintage == vintage and t.left_out}
        return tuple(sorted(found))


def _columns(trials: Sequence[Trial]) -> list[str]:
    choices = dict.fromkeys(_column(name) for trial in trials for name in trial.choices)
    return [*FIXED, *choices]


def _column(choice: str) -> str:
    return f"choice_{choice}" if choice in FIXED else choice


def _row(trial: Trial) -> dict[str, Any]:
    """A trial as plain values; the keys are `FIXED` and the names of the choices."""
    estimate = trial.estimate
    choices = {
        _column(name): str(value) if isinstance(value, list | tuple | dict) else value
        for name, value in trial.choices.items()
    }
    return {
        **choices,
        "vintage": trial.vintage,
        "reading": trial.reading,
        "left_out": trial.left_out,
        "preferred": trial.preferred,
        "outcome": "no evidence" if trial.outcome is None else trial.outcome.name.lower(),
        **{name: getattr(estimate, name) for name in ("value", "low", "high", "unit", "n")},
    }


def sweep(
    claim: Claim,
    evidence: Evidence,
    cutoffs: Mapping[str, date | None],
    *,
    leave_one_out: bool = True,
) -> Curve:
    """Try every specification of every reading on every vintage, then without each family.

    `cutoffs` maps a vintage to the last day on which a row may have become public (None: all).
    Without `leave_one_out` a verdict comes several times faster, and cannot say what it hangs on.
    """
    trials: list[Trial] = []
    for vintage, cutoff in cutoffs.items():
        known = evidence.as_of(cutoff)
        first = list(_trials(claim, known, vintage))
        trials += first
        voting = {reading.name for reading in claim.readings if reading.votes}
        families = {
            family
            for trial in first
            if trial.reading in voting
            for family in trial.estimate.families
            if leave_one_out
        }
        for family in sorted(families):
            trials += _trials(claim, known.drop_family(family), vintage, left_out=family)
    sizes = {name: evidence.revision(name) for name in evidence}
    return Curve(tuple(trials), revised=sizes)


def _trials(claim: Claim, evidence: Evidence, vintage: str, left_out: str = "") -> Iterator[Trial]:
    for specification, preferred in planned(claim):
        yield attempt(specification, evidence, vintage, preferred=preferred, left_out=left_out)


def planned(claim: Claim) -> Iterator[tuple[Specification, bool]]:
    """Each specification that a sweep tries, and whether it is its reading's preferred one."""
    for reading in claim.readings:
        for index, specification in enumerate(claim.specifications(reading)):
            yield specification, index == 0
    for item in claim.side_assertions:
        yield claim.examine(item), True


def attempt(
    specification: Specification,
    evidence: Evidence,
    vintage: str,
    *,
    preferred: bool = False,
    left_out: str = "",
) -> Trial:
    """Build the method, estimate, and compare the estimate with the pass criterion."""
    method = specification.build()
    estimate, criterion = method.estimate(evidence), method.pass_criterion
    return Trial(
        vintage=vintage,
        reading=specification.reading,
        choices=dict(specification.choices),
        estimate=estimate,
        pass_criterion=criterion,
        outcome=criterion.outcome(estimate),
        preferred=preferred,
        left_out=left_out,
    )


def baseline(trials: Sequence[Trial]) -> Trial | None:
    """The trial that a verdict rests on: the preferred one, or the nearest one with evidence.

    Among equally near ones the first in the order of the sweep. Without any evidence it is the
    preferred one; None without trials.
    """
    preferred = next((trial for trial in trials if trial.preferred), None)
    tried = [trial for trial in trials if trial.outcome is not None]
    if preferred is None or preferred.outcome is not None or not tried:
        return preferred
    return min(tried, key=lambda trial: len(changes(preferred.choices, trial.choices)))


def weights(trials: Sequence[Trial]) -> list[float]:
    """A weight per trial: equal per set of source families, then equal inside it; they sum to 1."""
    groups: dict[tuple[str, ...], int] = defaultdict(int)
    for trial in trials:
        groups[trial.estimate.families] += 1
    return [1 / len(groups) / groups[trial.estimate.families] for trial in trials]


def shares(trials: Sequence[Trial]) -> Shares:
    """Weighted shares over the trials that have evidence.

    One whose indices disagree (flag `mixed`) passes with half of its weight and fails with half.
    """
    tried = [trial for trial in trials if trial.outcome is not None]
    sums = dict.fromkeys(Outcome, 0.0)
    for trial, weight in zip(tried, weights(tried), strict=True):
        if "mixed" in trial.estimate.flags:
            sums[Outcome.PASS] += weight / 2
            sums[Outcome.FAIL] += weight / 2
        else:
            sums[cast("Outcome", trial.outcome)] += weight  # only those with one are tried
    return Shares(
        passing=round(sums[Outcome.PASS], 12),
        failing=round(sums[Outcome.FAIL], 12),
        unclear=round(sums[Outcome.UNCLEAR], 12),
        n=len(tried),
    )


def sensitivity(trials: Sequence[Trial]) -> dict[str, float]:
    """For each choice, how far the share that passes moves between its alternatives (0 to 1)."""
    tried = [trial for trial in trials if trial.outcome is not None]
    factors = {name for trial in tried for name in trial.choices}
    moved = {}
    for factor in sorted(factors):
        levels: dict[str, list[Trial]] = defaultdict(list)
        for trial in tried:
            levels[str(trial.choices.get(factor))].append(trial)
        rates = [shares(group).passing for group in levels.values()]
        moved[factor] = max(rates) - min(rates) if rates else 0.0
    return moved


def nearest_counterexample(trials: Sequence[Trial]) -> Counterexample | None:
    """The trial with another outcome that differs from the baseline in the fewest choices.

    Among equally near ones the first in the order of the sweep; None if every trial agrees.
    """
    start = baseline(trials)
    if start is None or start.outcome is None:
        return None
    others = [t for t in trials if t.outcome is not None and t.outcome != start.outcome]
    if not others:
        return None
    nearest = min(others, key=lambda trial: len(changes(start.choices, trial.choices)))
    return Counterexample(
        changes=changes(start.choices, nearest.choices),
        outcome=cast("Outcome", nearest.outcome),  # of a trial with evidence
        value=cast("float", nearest.estimate.value),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The choices that differ, each with its old and new value."""
    names = [name for name in before if before[name] != after.get(name)]
    return {name: (before[name], after.get(name)) for name in names}
