"""The number that a value is held against: the article's, or one that the audit set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.figures import captions
from analysis.formatting import number

if TYPE_CHECKING:
    from analysis.claims.model import Claim
    from analysis.methods.estimate import Criterion

WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
NOTE = " ["  # begins a note of the auditor after the statement
ARTICLE, NEEDED = "the article", "needed"


def whose(claim: Claim, criterion: Criterion) -> str:
    """Who named the number: the article, if the claim's statement has it, else the audit's rule.

    A number that stands in no sentence of the article is the auditor's threshold, and no figure
    may say that it is claimed.
    """
    value = criterion.threshold
    text = claim.statement.partition(NOTE)[0].replace(",", "").lower()
    named = {number(value).replace(",", "")}
    if value in range(len(WORDS)):
        named.add(WORDS[int(value)])
    found = set(re.findall(r"\d+(?:\.\d+)?|[a-z]+", text))
    return ARTICLE if named & found else NEEDED


def labelled(claim: Claim, criterion: Criterion, unit: str = "") -> str:
    """The values that would do, after the name of who set them."""
    return f"{whose(claim, criterion)}: {captions.asserted(criterion, unit)}"
