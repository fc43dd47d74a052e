"""The table that gives a verdict its code: docs/method.md, From specifications to a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.methods.estimate import Outcome

if TYPE_CHECKING:
    from analysis.verdicts.sweep import Shares

SCALE = {  # codes on one step say equally little of the claim
    "CONTRADICTED": 1,
    "MOSTLY_CONTRADICTED": 2,
    "DEFINITION_DEPENDENT": 3,
    "INSUFFICIENT": 3,
    "UNSUPPORTED": 3,
    "MOSTLY_SUPPORTED": 4,
    "SUPPORTED": 5,
}
MIDDLE = SCALE["DEFINITION_DEPENDENT"]
CODES = (
    "SUPPORTED", "MOSTLY_SUPPORTED", "DEFINITION_DEPENDENT", "MOSTLY_CONTRADICTED",
    "CONTRADICTED", "UNSUPPORTED", "INSUFFICIENT", "NOT_TESTABLE", "PENDING",
)  # fmt: skip
HALF = 0.5  # a majority is more than this
OPPOSING = 0.10  # the share from which a side opposes the other
FEW = 0.05  # the most that may oppose a verdict without a "mostly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table: its name, the code that it gives, and its condition in words."""

    name: str
    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The shares of specifications that a verdict needs: `nearly_all` and `most`."""

    nearly_all: float = 0.90
    most: float = 2 / 3

    def __str__(self) -> str:
        return f"{self.nearly_all:.2f}/{self.most:.2f}"


STANDARD = Thresholds()
ALTERNATIVES = (
    Thresholds(nearly_all=0.80, most=0.60),
    Thresholds(nearly_all=0.95, most=0.75),
)


def _row(name: str, code: str, words: str) -> Row:
    return Row(name=name, code=code, words=words)


NO_DATA = _row("no_data", "NOT_TESTABLE", "no data can decide it")
NOT_RUN = _row("not_run", "PENDING", "it has not been run")
NOTHING_FOUND = _row("nothing_found", "UNSUPPORTED", "the searches found nothing admissible")
NO_TEXT_SAYS_SO = _row(
    "no_text_says_so",
    "UNSUPPORTED",
    "no text says yes, and none is a complete list or an authoritative denial",
)
NO_DESIGN = _row(
    "no_design",
    "UNSUPPORTED",
    "a causal claim without an identified design: nothing passes, and less than two thirds fail",
)
SIGN_FAILS = _row(
    "sign_fails",
    "UNSUPPORTED",
    "a causal claim tested by a sign of its cause: that the sign is missing refutes nothing",
)
READINGS_DISAGREE = _row(
    "readings_disagree", "DEFINITION_DEPENDENT", "two voting readings lean opposite ways"
)
SPECIFICATIONS_DISAGREE = _row(
    "specifications_disagree",
    "DEFINITION_DEPENDENT",
    "at least a tenth passes and a tenth fails, and no side has both two thirds and the preferred"
    " specification",
)
PREFERRED_DISAGREES = _row(
    "preferred_disagrees",
    "DEFINITION_DEPENDENT",
    "the preferred specification comes out against the majority",
)
NEARLY_ALL_PASS = _row(
    "nearly_all_pass",
    "SUPPORTED",
    "the preferred specification and at least 90 % pass, and at most 5 % fail",
)
MAJORITY_PASSES = _row(
    "majority_passes",
    "MOSTLY_SUPPORTED",
    "two thirds pass and less than a tenth fails, or more than half pass and at most 5 % fail",
)
MOST_PASS = _row(
    "most_pass", "MOSTLY_SUPPORTED", "the preferred specification and at least two thirds pass"
)
NEARLY_ALL_FAIL = _row(
    "nearly_all_fail",
    "CONTRADICTED",
    "the preferred specification and at least 90 % fail, and at most 5 % pass",
)
MAJORITY_FAILS = _row(
    "majority_fails",
    "MOSTLY_CONTRADICTED",
    "two thirds fail and less than a tenth passes, or more than half fail and at most 5 % pass",
)
MOST_FAIL = _row(
    "most_fail", "MOSTLY_CONTRADICTED", "the preferred specification and at least two thirds fail"
)
TOO_LITTLE = _row(
    "too_little", "INSUFFICIENT", "no side reaches a majority, and nothing opposes it"
)
SOURCES_DISAGREE = _row(
    "sources_disagree",
    "INSUFFICIENT",
    "disputed: no side reaches a majority, as sources contradict each other across the threshold",
)
THIN = _row("thin", "INSUFFICIENT", "what was found is too little or too wide to decide")
NO_SEARCH = _row("no_search", "INSUFFICIENT", "there is no evidence, and no search is logged")
# What stands above the table: it caps or replaces the code.
SIDE_ASSERTION_FAILS = _row(
    "side_assertion_fails", "MOSTLY_SUPPORTED", "a side assertion fails: at most mostly supported"
)
INDEX_FALLS = _row(
    "index_falls",
    "MOSTLY_SUPPORTED",
    "an index goes against the claim by a test of its own: at most mostly supported",
)
CAUSE_NOT_IDENTIFIED = _row(
    "cause_not_identified",
    "DEFINITION_DEPENDENT",
    "a causal claim without an identified design: at most definition-dependent",
)
EFFECT_BEFORE_CAUSE = _row(
    "effect_before_cause", "CONTRADICTED", "the cited effect precedes the cause"
)
ROWS = tuple(value for value in list(globals().values()) if isinstance(value, Row))
RULE_WORDS = {row.name: row.words for row in ROWS}


def by_shares(
    preferred: Outcome | None,
    shares: Shares,
    thresholds: Thresholds = STANDARD,
    *,
    design: bool = True,
) -> Row:
    """The first row that holds of the literal reading: its preferred outcome and its shares.

    Without a `design` a causal claim is contradicted only from `most` on.

    >>> from analysis.verdicts.sweep import Shares
    >>> by_shares(Outcome.PASS, Shares(passing=0.7, failing=0.3, unclear=0.0, n=10)).name
    'most_pass'
    """
    sign = 0 if preferred is None else int(preferred)
    passing, failing, most = shares.passing, shares.failing, thresholds.most
    own, other = (passing, failing) if sign > 0 else (failing, passing)
    firm = sign != 0 and own >= most
    conditions = (
        (NO_DESIGN, not design and not passing and failing < most),
        (SPECIFICATIONS_DISAGREE, min(passing, failing) >= OPPOSING and not firm),
        (PREFERRED_DISAGREES, sign != 0 and other > HALF),
        (NEARLY_ALL_PASS, _nearly_all(sign, passing, failing, thresholds)),
        (NEARLY_ALL_FAIL, _nearly_all(-sign, failing, passing, thresholds)),
        (MAJORITY_PASSES, _majority(sign, passing, failing, most)),
        (MAJORITY_FAILS, _majority(-sign, failing, passing, most, half=design)),
        (MOST_PASS, firm and sign > 0),
        (MOST_FAIL, firm),
        (TOO_LITTLE, True),
    )
    return next(row for row, holds in conditions if holds)


def _nearly_all(sign: int, own: float, other: float, thresholds: Thresholds) -> bool:
    return sign > 0 and own >= thresholds.nearly_all and other <= FEW


def _majority(sign: int, own: float, other: float, most: float, *, half: bool = True) -> bool:
    enough = own >= most or (half and own > HALF and other <= FEW)
    return sign >= 0 and other < OPPOSING and enough


def opposed(readings: Sequence[Shares]) -> bool:
    """Whether two voting readings lean opposite ways."""
    leans = [found.passing - found.failing for found in readings]
    return max(leans) >= OPPOSING and min(leans) <= -OPPOSING


def compare(before: str, after: str) -> str:
    """How a verdict's code moved on the scale; STABLE between codes of one step.

    >>> compare("CONTRADICTED", "SUPPORTED"), compare("SUPPORTED", "MOSTLY_SUPPORTED")
    ('FLIPPED', 'WEAKENED')
    """
    old, new = SCALE.get(before, MIDDLE), SCALE.get(after, MIDDLE)
    if old == new:
        return "STABLE"
    if (old - MIDDLE) * (new - MIDDLE) < 0:
        return "FLIPPED"
    return "STRENGTHENED" if new > old else "WEAKENED"
