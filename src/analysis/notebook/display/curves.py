"""A specification curve: how the specifications of each reading came out, at each vintage."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.display_hook import as_html
from analysis.figures.palette import OUTCOMES
from analysis.formatting import number
from analysis.methods.estimate import Outcome
from analysis.notebook.html import bar, card, table, text
from analysis.verdicts.sweep import VINTAGES, Curve, Trial

ORDER = (Outcome.PASS, Outcome.UNCLEAR, Outcome.FAIL, None)


@as_html.register
def _curve(curve: Curve) -> str:
    rows = [
        _row(vintage, reading, curve.select(vintage, reading))
        for vintage in VINTAGES
        for reading in dict.fromkeys(trial.reading for trial in curve.select(vintage))
    ]
    tried = sum(not trial.left_out for trial in curve.trials)
    again = len(curve.trials) - tried
    title = f"{tried} trials, and {again} more without one source family each"
    head = ["reading", "vintage", *(OUTCOMES[each].word for each in ORDER), "estimates", "shares"]
    return card(title, table(head, rows, caption="Specifications", numeric=(2, 3, 4, 5)))


def _row(vintage: str, reading: str, trials: Sequence[Trial]) -> list[str]:
    outcomes = [trial.outcome for trial in trials]
    counts = [outcomes.count(each) for each in ORDER]
    values = [trial.estimate.value for trial in trials if trial.estimate.value is not None]
    value_range = f"{number(min(values))} to {number(max(values))}" if values else "none"
    strip = bar([(OUTCOMES[o].colour, n / len(trials)) for o, n in zip(ORDER, counts, strict=True)])
    return [text(reading.replace("_", " ")), vintage, *map(str, counts), text(value_range), strip]
