"""Coverage and error rates of the statistics behind the method `ranking`, on simulated lists.

    python bench/validate_ranking.py > validate_ranking.csv

Tried and replaced: to rank the named items among the rows of a table alone. Where the table is not
whole, that flatters every item: the rows "rows alone" show how often it decides wrongly.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.methods.estimate import Outcome
from analysis.methods.ranking import Ranking

COLUMNS = ("test", "scenario", "n", "nominal", "observed", "monte_carlo_error")
TRIALS = 1_000
NAMED, K, CLAIMED = 7, 7, 0.7
RECIPE = {
    "part": "goods",
    "table": "t/goods",
    "value": "share",
    "percent": True,
    "by": "code",
    "where": {},
}


def table(shares: dict[str, float]) -> dict[str, pd.DataFrame]:
    """A table with a row for each code, as it is after loading."""
    rows = pd.DataFrame({"code": list(shares), "share": list(shares.values())})
    rows["row"] = range(2, len(rows) + 2)
    return {
        "t/goods": rows.assign(source_id="s", family="s", grade=4, later_edition=False, rank=None)
    }


def listing(draws: random.Random, skill: float) -> tuple[dict[str, float], Ranking]:
    """A whole of 60 goods, and a claim that names goods of the top ten with chance `skill`."""
    sizes = sorted((draws.paretovariate(1.1) for _ in range(60)), reverse=True)
    whole = {f"c{i}": 100 * size / sum(sizes) for i, size in enumerate(sizes)}
    codes = list(whole)
    named = set()
    while len(named) < NAMED:
        named.add(draws.choice(codes[:10] if draws.random() < skill else codes))
    method = Ranking(
        asks="precision",
        claimed=CLAIMED,
        k=K,
        largest=False,
        lists=[RECIPE],
        named={code: {"x": [code]} for code in sorted(named)},
        classification="x",
    )
    return whole, method


def judged(method: Ranking, shares: dict[str, float]) -> Outcome | None:
    """How the claim comes out on a table."""
    return method.pass_criterion.outcome(method.estimate(table(shares)))


def rows_alone(method: Ranking, shares: dict[str, float]) -> Outcome:
    """How it comes out if the rows of the table are taken for the whole."""
    total = sum(shares.values())
    full = {code: 100 * share / total for code, share in shares.items()}
    return judged(method, full) or Outcome.FAIL


def validate(trials: int = TRIALS) -> Iterator[tuple[Any, ...]]:
    """Every row of the validation: wrong decisions, right decisions, coverage of the precision."""
    for named_share in (0.2, 0.5, 0.8, 1.0):
        draws = random.Random(str(named_share))
        wrong = right = covered = naive = counted = 0
        for _ in range(trials):
            whole, method = listing(draws, draws.random())
            truth = judged(method, whole)
            # larger goods are printed first, as in real tables
            kept = {c: v for i, (c, v) in enumerate(whole.items())
                    if draws.random() < min(1.0, named_share + 0.4 * (i < 5))}  # fmt: skip
            found = method.estimate(table(kept)) if kept else None
            if found is None or found.value is None:
                continue
            counted += 1
            exact = method.estimate(table(whole)).value
            covered += found.low - 1e-9 <= exact <= found.high + 1e-9
            outcome = method.pass_criterion.outcome(found)
            wrong += outcome is not Outcome.UNCLEAR and outcome is not truth
            right += outcome is truth
            naive += rows_alone(method, kept) is not truth
        scenario = f"{named_share:.0%} of the goods in the table"
        for test, nominal, share in (
            ("bounds of the precision: coverage", 1.0, covered / counted),
            ("bounds of the precision: wrong decisions", 0.0, wrong / counted),
            ("bounds of the precision: right decisions", "", right / counted),
            ("rows alone (replaced): wrong decisions", 0.0, naive / counted),
        ):
            yield test, scenario, counted, nominal, share, math.sqrt(share * (1 - share) / counted)


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for *words, observed, spread in validate():
        writer.writerow([*words, f"{observed:.4f}", f"{spread:.4f}"])
