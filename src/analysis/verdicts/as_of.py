"""Judge every claim as of another day, by the rows that were public by then.

A day's verdict is that of the publication vintage with another cutoff. The text of the claim and
its rule are those of the register: before the article was out, it is not what anybody claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analysis.claims import registry
from analysis.data.evidence import Evidence, load_evidence
from analysis.data.tables import Archive
from analysis.project import Project
from analysis.verdicts import rules, sweep
from analysis.verdicts.sweep import PUBLICATION

if TYPE_CHECKING:
    from analysis.claims.model import Claim

Known = tuple[int, ...]  # for each table, how many rows were public, as they are and in all
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A claim's verdict on a day. `rows` were public by then, in all tables that it may read."""

    claim: str
    day: date
    code: str
    certainty: str | None
    rows: int


def quarters(first: int, last: date) -> tuple[date, ...]:
    """The last days of the quarters from the year `first` on, and then the day `last` itself.

    >>> [day.isoformat() for day in quarters(2024, date(2024, 8, 1))]
    ['2024-03-31', '2024-06-30', '2024-08-01']
    """
    ends = (date(year, *end) for year in range(first, last.year + 1) for end in QUARTER_ENDS)
    return (*(end for end in ends if end < last), last)


def standings(project: Project, name: str, days: Sequence[date]) -> list[Standing]:
    """One claim on each day; days on which the same rows were public are judged once."""
    claim = registry.read(project).claim(name)
    archive = Archive.read(project, claim.tables)
    evidence = load_evidence(project, claim.tables, archive=archive)
    judged: dict[Known, rules.Verdict] = {}
    return [_standing(claim, evidence, day, judged) for day in days]


def _standing(
    claim: Claim, evidence: Evidence, day: date, judged: dict[Known, rules.Verdict]
) -> Standing:
    known = public(evidence, day)
    if known not in judged:
        judged[known] = verdict(claim, evidence, day)
    found = judged[known]
    certainty = found.certainty.code if found.certainty else None
    return Standing(
        claim=claim.id, day=day, code=found.code, certainty=certainty, rows=sum(known[1::2])
    )


def public(evidence: Evidence, day: date) -> Known:
    """How many rows of each table were public by a day: equal counts are equal rows.

    Rows only ever become public, so between two days with equal counts none has.
    """
    last = day.toordinal()
    counts: list[int] = []
    for table in evidence.tables.values():
        itself = table.published <= last
        counts += [int(itself.sum()), int((itself | (table.released <= last)).sum())]
    return tuple(counts)


def verdict(claim: Claim, evidence: Evidence, day: date) -> rules.Verdict:
    """The verdict by the publication rules with another cutoff, without leaving sources out."""
    curve = sweep.sweep(claim, evidence, {PUBLICATION: day}, leave_one_out=False)
    return rules.verdict(claim, curve, PUBLICATION)
