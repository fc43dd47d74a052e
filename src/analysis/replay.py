"""Every claim as it would have been judged on another day, with what was public by then.

A day's verdict is that of the publication vintage with another cutoff. The text of the claim and
its rule are those of the register: before the article was out, it is not what anybody claimed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from typing import TYPE_CHECKING

from analysis import register, semaphores, sweeps, verdicts
from analysis.errors import ExecutionError
from analysis.evidence import Evidence, load_evidence
from analysis.project import Project
from analysis.sweeps import PUBLICATION
from analysis.tables import Archive

if TYPE_CHECKING:
    from analysis.claims import Claim

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


def replay(
    project: Project,
    days: Sequence[date],
    names: Iterable[str] = (),
    *,
    workers: int | None = None,
) -> list[Standing]:
    """The standing of every testable claim (or of `names`) on each day, in the register's order."""
    found = register.read(project)
    claims = [found.claim(name) for name in names] or list(found.claims.values())
    ready = [claim.id for claim in claims if claim.testable and not claim.pending]
    most = min(workers or os.cpu_count() or 1, max(len(ready), 1))
    if most == 1:
        parts = [standings(project, name, days) for name in ready]
    else:
        # Spawned: the caller may have threads, and a fork would copy their locks.
        context = semaphores.checked(get_context("spawn"))
        with ProcessPoolExecutor(most, mp_context=context) as executor:
            parts = list(_spread(executor, project, ready, days))
    return [each for part in parts for each in part]


def _spread(
    executor: Executor, project: Project, names: Sequence[str], days: Sequence[date]
) -> Iterator[list[Standing]]:
    waiting = [executor.submit(standings, project, name, days) for name in names]
    for name, each in zip(names, waiting, strict=True):
        try:
            yield each.result()
        except BrokenProcessPool:
            told = f"{name}: a process that judges claims was killed; run again with fewer --jobs"
            raise ExecutionError(told) from None


def standings(project: Project, name: str, days: Sequence[date]) -> list[Standing]:
    """One claim on each day; days on which the same rows were public are judged once."""
    claim = register.read(project).claim(name)
    archive = Archive.read(project, claim.tables)
    evidence = load_evidence(project, claim.tables, archive=archive)
    judged: dict[Known, verdicts.Verdict] = {}
    return [_standing(claim, evidence, day, judged) for day in days]


def _standing(
    claim: Claim, evidence: Evidence, day: date, judged: dict[Known, verdicts.Verdict]
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


def verdict(claim: Claim, evidence: Evidence, day: date) -> verdicts.Verdict:
    """The verdict by the publication rules with another cutoff, without leaving sources out."""
    curve = sweeps.sweep(claim, evidence, {PUBLICATION: day}, leave_one_out=False)
    return verdicts.verdict(claim, curve, PUBLICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A claim that stood otherwise on a day than at publication."""

    claim: str
    then: str
    published: str
    flag: str


def differences(
    standings: Iterable[Standing], published: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Where the code on the day is not the published one; `flag` tells the way from then on."""
    return tuple(
        Difference(
            claim=each.claim,
            then=each.code,
            published=published[each.claim],
            flag=verdicts.compare(each.code, published[each.claim]),
        )
        for each in standings
        if each.claim in published and each.code != published[each.claim]
    )
