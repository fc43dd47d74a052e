"""What a finding may say of a claim's trials: the values behind its placeholders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, cast

from analysis.formatting import Number, days, in_percent, quantity
from analysis.methods.documents import PLACES
from analysis.methods.estimate import interval_of
from analysis.verdicts.sweep import baseline

if TYPE_CHECKING:
    from analysis.claims.model import Claim, Specification
    from analysis.methods.estimate import Criterion, Estimate, Outcome
    from analysis.methods.timeline import Timeline
    from analysis.methods.trend import Trend
    from analysis.methods.vote_counting import Index
    from analysis.verdicts.sweep import Curve, Trial

Value = Number | str
Found = Mapping[str, Value | None]


@dataclass(frozen=True)
class Facts:
    """The values of placeholders at one vintage, by their names.

    Those of the trial on which the verdict rests, or of what the brackets name: another reading, a
    side assertion, another option of a choice (`reporter=Norland`).
    """

    claim: Claim
    curve: Curve
    vintage: str

    def get(self, name: str, of: str = "") -> Value | None:
        """The value of a placeholder; None where the evidence does not have it.

        Example: `Facts(claim, curve, "latest").get("value", "reporter=Norland")`
        """
        if name == "part":
            return _part(self._estimate, of)
        trials = self._trials if not of else self._named(of)
        return _facts(self.claim, baseline(trials), trials).get(name)

    @property
    def value(self) -> Value | None:
        """The measured value."""
        return self.get("value")

    @cached_property
    def _trials(self) -> tuple[Trial, ...]:
        return self.curve.select(self.vintage, self.claim.literal.name)

    @property
    def _estimate(self) -> Estimate | None:
        trial = baseline(self._trials)
        return trial.estimate if trial else None

    def _named(self, of: str) -> tuple[Trial, ...]:
        """The trials of a reading or a side assertion, or the one with another option."""
        for name in (of, f"side assertion: {of}"):
            if found := self.curve.select(self.vintage, name):
                return found
        choice, _, option = of.partition("=")
        base = next((trial.choices for trial in self._trials if trial.preferred), {})
        wanted = {**base, choice: option}
        return tuple(
            replace(trial, preferred=True)
            for trial in self._trials
            if choice in base and all(str(trial.choices[k]) == str(v) for k, v in wanted.items())
        )


def _part(estimate: Estimate | None, label: str) -> Number | None:
    values = [each.value for each in estimate.points if each.label == label] if estimate else []
    return Number(median(values)) if values else None


def _facts(claim: Claim, trial: Trial | None, trials: Sequence[Trial]) -> Found:
    """All values of a trial and of those beside it."""
    if trial is None:
        return {}
    specification = _specification(claim, trial)
    own = OF_METHOD.get(specification.method)
    return {
        **_common(trial),
        **_counted(trials),
        **(own(specification, trial.estimate) if own else {}),
        **_stage_names(claim, specification, trial),
    }


def _specification(claim: Claim, trial: Trial) -> Specification:
    """The specification that was tried."""
    for item in claim.side_assertions:
        if trial.reading == f"side assertion: {item.name}":
            return claim.examine(item)
    first = claim.preferred(claim.reading(trial.reading))
    return replace(first, parameters={**first.parameters, **trial.choices})


def _common(trial: Trial) -> Found:
    found, criterion = trial.estimate, trial.pass_criterion
    beside: Found = {
        "claimed": Number(criterion.threshold),
        "criterion": _noun(criterion, found.unit),
    }
    if found.value is None:
        return beside
    low, high = interval_of(found)
    return {
        **beside,
        "value": Number(found.value),
        "low": Number(low),
        "high": Number(high),
        "margin": Number(abs(found.value - criterion.threshold)),
        "measured": quantity(found.value, low, high, found.unit),
    }


def _noun(criterion: Criterion, unit: str) -> str:
    """A criterion as what a sentence can say something is: `a value that rounds to 1.6`."""
    words = criterion.rule.words
    noun = criterion.rule.noun.format(words=words)
    return in_percent(str(criterion), unit).replace(words, noun, 1)


def _counted(trials: Sequence[Trial]) -> Found:
    """The specifications with evidence, by outcome, and the range of their values."""
    tried = [trial for trial in trials if trial.outcome is not None]
    values = [trial.estimate.value for trial in tried if trial.estimate.value is not None]
    outcomes = [cast("Outcome", trial.outcome).name for trial in tried]
    return {
        "specifications": Number(len(tried)),
        "passing": Number(outcomes.count("PASS")),
        "failing": Number(outcomes.count("FAIL")),
        "unclear": Number(outcomes.count("UNCLEAR")),
        "least": Number(min(values)) if values else None,
        "most": Number(max(values)) if values else None,
    }


# --------------------------------------------------------------------------- by method


def _documents(_: Specification, found: Estimate) -> Found:
    answers: dict[str, set[str]] = {word: set() for word in PLACES}
    for point in found.points:
        answers[point.text.rpartition(": ")[2]].add(point.row)
    return {
        "documents": Number(len({point.row for point in found.points})),
        "families": Number(len({point.family for point in found.points})),
        **{answer: Number(len(rows)) for answer, rows in answers.items()},
    }


def _timeline(specification: Specification, found: Estimate) -> Found:
    method = cast("Timeline", specification.build())
    cases = len({point.label for point in found.points})
    claimed = (method.claimed_from, method.claimed_to or method.claimed_from)
    return {
        "day": _day(method, found),
        "claimed_day": _window("/".join(claimed) if method.claimed_from else ""),
        "as_of": _window(method.as_of),
        "cases": Number(cases),
        "searched": Number(found.n) if method.asks == "none_before" else None,
    }


def _day(method: Timeline, found: Estimate) -> str | None:
    """The day of the evidence that has the value: the one that is known best, then the earliest."""
    from analysis.methods.timeline import interval

    dated = [point for point in found.points if point.text]
    if method.asks in ("date", "lag", "rung"):
        dated = [point for point in dated if point.value == found.value]
    known = [interval(point.text) for point in dated]
    return days(min(known, key=lambda each: (each[1] - each[0], each))) if known else None


def _window(text: str) -> str | None:
    """An interval of ISO dates in words."""
    from analysis.methods.timeline import interval

    return days(interval(text)) if text else None


def _stage_names(claim: Claim, specification: Specification, trial: Trial) -> Found:
    """The names of the stages that the value and the criterion stand for."""
    if specification.method != "timeline" or trial.estimate.value is None:
        return {}
    from analysis.methods.timeline import Timeline

    stages = Timeline.stages(specification.parameters)
    if not stages:
        return {}
    named = [claim.called(stage) for stage in stages]
    at, needed = round(trial.estimate.value), round(trial.pass_criterion.threshold)
    return {"stage": named[at], "claimed_stage": named[needed], "measured": named[at]}


def _trend(specification: Specification, found: Estimate) -> Found:
    from analysis.methods.one_series import course
    from analysis.methods.time_bins import period
    from analysis.methods.trend_test import DOWN, UP
    from analysis.methods.vote_counting import VOTING

    voting = [each for each in cast("Sequence[Index]", found.points) if each.state in VOTING]
    counts = {name: Number(sum(each.state == name for each in voting)) for name in VOTING}
    method = cast("Trend", specification.build())
    claimed = UP if method.direction == "rise" else DOWN
    values: dict[str, Value | None] = {
        "series": Number(len(voting)),
        **counts,
        "direction": claimed,
        "agreeing": counts[claimed],
        "course": None,
    }
    if len(voting) == 1 and found.value is not None:
        values["course"] = course(voting[0], method.verb, method.direction)
    if voting:
        first = voting[0]
        (start, earliest), (end, latest) = first.series[0], first.series[-1]
        values |= {
            "change": Number(first.value),
            "first": Number(earliest),
            "last": Number(latest),
            "since": period(int(start), first.months),
            "until": period(int(end), first.months),
        }
    return {**values, "p": _p(found)}


def _breaks(_: Specification, found: Estimate) -> Found:
    largest = max(
        (point for point in found.points if point.label == "break"),
        key=lambda point: abs(float(point.text)),
        default=None,
    )
    return {"year": f"{largest.value:.0f}" if largest else None, "p": _p(found)}


def _event_study(_: Specification, found: Estimate) -> Found:
    return {"p": _p(found)}


def _p(found: Estimate) -> Number | None:
    """The p of the last test, which is that of all together where there are several."""
    return Number(found.tests[-1][1]) if found.tests else None


def _membership(_: Specification, found: Estimate) -> Found:
    return {"bodies": Number(len({point.label for point in found.points}))}


OF_METHOD: Mapping[str, Callable[[Specification, Estimate], Found]] = {
    "documents": _documents,
    "timeline": _timeline,
    "trend": _trend,
    "breaks": _breaks,
    "event_study": _event_study,
    "membership": _membership,
}
