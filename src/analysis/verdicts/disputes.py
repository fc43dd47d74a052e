"""Sources that contradict each other on a fact: docs/method.md, Disputed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.formatting import count
from analysis.methods.estimate import Estimate, Outcome
from analysis.verdicts.sweep import baseline, weights

if TYPE_CHECKING:
    from analysis.methods.family_range import FamilyRange
    from analysis.verdicts.sweep import Trial

HALF = 0.5  # of the unclear weight, beyond which a dispute is what keeps it from a majority


def sides(trial: Trial) -> Mapping[Outcome, list[FamilyRange]]:
    """The families of a trial by what each says of the claim by itself."""
    found: dict[Outcome, list[FamilyRange]] = defaultdict(list)
    for each in trial.estimate.by_family:
        alone = Estimate(value=(each.low + each.high) / 2, low=each.low, high=each.high)
        if (outcome := trial.pass_criterion.outcome(alone)) is not None:
            found[outcome].append(each)
    return found


def contradicted(trial: Trial) -> bool:
    """Whether a trial is unclear, and one family by itself passes and another one fails."""
    said = sides(trial)
    return trial.outcome is Outcome.UNCLEAR and {Outcome.PASS, Outcome.FAIL} <= set(said)


def disputed(trials: Sequence[Trial]) -> Trial | None:
    """The trial that shows the dispute, the preferred one if it is; None where none is.

    More than half of the weight that is unclear must be of trials that are contradicted.
    """
    tried = [trial for trial in trials if trial.outcome is not None]
    weighed = list(zip(tried, weights(tried), strict=True))
    unclear = sum(weight for trial, weight in weighed if trial.outcome is Outcome.UNCLEAR)
    shown = [(trial, weight) for trial, weight in weighed if contradicted(trial)]
    if not shown or sum(weight for _, weight in shown) <= HALF * unclear:
        return None
    first = baseline(trials)
    return next((trial for trial, _ in shown if trial is first), shown[0][0])


def words(trial: Trial) -> str:
    """Who says what, the most said first.

    For example: "disputed: 3 sources say 1980, 1 says 1981".
    """
    said: dict[str, int] = defaultdict(int)
    for each in trial.estimate.by_family:
        said[each.text] += 1
    ordered = sorted(said.items(), key=lambda item: -item[1])
    (first, n), *others = ordered
    parts = [f"{count(n, 'source')} {_say(n)} {first}"]
    parts += [f"{n} {_say(n)} {text}" for text, n in others]
    return f"disputed: {', '.join(parts)}"


def _say(n: int) -> str:
    return "says" if n == 1 else "say"


def weaker_side(trial: Trial) -> int:
    """The grade at which a dispute starts: the lower one of the best sources of its two sides."""
    best = {
        outcome: max(
            (each.grade for each in trial.estimate.citations if each.family in _names(families)),
            default=1,
        )
        for outcome, families in sides(trial).items()
        if outcome is not Outcome.UNCLEAR
    }
    return min(best.values())


def _names(families: Sequence[FamilyRange]) -> set[str]:
    return {each.family for each in families}
