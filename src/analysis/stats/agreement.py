"""Agreement of coders on categories, beyond what chance would give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Cohen's kappa of two coders' answers to the same questions; 1 is full agreement, 0 chance.

    (p - e) / (1 - e) with p the share of equal answers and e the one expected from each coder's
    own shares of answers (Cohen, Educational and Psychological Measurement 20, 1960). Not a number
    where both give one and the same answer throughout. Raises ValueError if the lengths differ.

    >>> round(kappa("yynn", "ynnn"), 2)
    0.5
    """
    n = len(first)
    equal = sum(a == b for a, b in zip(first, second, strict=True)) / n
    counts = Counter(first), Counter(second)
    expected = sum(counts[0][word] * counts[1][word] for word in counts[0]) / n**2
    return (equal - expected) / (1 - expected) if expected < 1 else math.nan


def alpha(units: Sequence[Sequence[Hashable]]) -> float:
    """Krippendorff's alpha for categories: 1 - observed over expected disagreement.

    `units` has a sequence of answers for each question; questions with fewer than two answers are
    left out. (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, part C.) Not a number
    where every answer is the same.

    >>> alpha(["yyy", "nnn", "yyy"])
    1.0
    """
    paired = [unit for unit in units if len(unit) > 1]
    observed = 0.0
    totals: Counter[Hashable] = Counter()
    for unit in paired:
        counts = Counter(unit)
        totals += counts
        same = sum(count * (count - 1) for count in counts.values())
        observed += (len(unit) * (len(unit) - 1) - same) / (len(unit) - 1)
    n = totals.total()
    expected = n * n - sum(count * count for count in totals.values())
    return 1 - (n - 1) * observed / expected if expected else math.nan


def majority(answers: Sequence[str], otherwise: str) -> str:
    """The answer that more than half of the coders give, else `otherwise`.

    >>> majority(["yes", "no", "yes"], "ambiguous"), majority(["yes", "no", "silent"], "ambiguous")
    ('yes', 'ambiguous')
    """
    word, count = Counter(answers).most_common(1)[0]
    return word if 2 * count > len(answers) else otherwise
