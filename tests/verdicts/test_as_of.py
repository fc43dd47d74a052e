"""Replay: a day's verdict rests on what was public by it, and on nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from analysis.claims import registry
from analysis.data.evidence import load_evidence
from analysis.execution.replay import replay
from analysis.project import Project
from analysis.verdicts import as_of, evolution, results
from analysis.verdicts.code_table import CODES

ROOT = Path(__file__).parents[2]
PROJECT = Project(ROOT)
PUBLISHED = {each["id"]: each for each in results.read_results(PROJECT.published)["claims"]}
days = st.dates(date(2023, 1, 1), date(2027, 1, 1))
QUICK = ("B2", "C9", "D7")  # claims whose whole sweep takes a moment


@pytest.fixture(scope="module")
def evidence():
    claim = registry.read(PROJECT).claim("C9")
    return load_evidence(PROJECT, claim.tables)


@given(day=days, later=days)
def test_rows_only_ever_become_public(evidence, day, later):
    counts = [as_of.public(evidence, each) for each in sorted((day, later))]
    assert all(old <= new for old, new in zip(*counts, strict=True))


def test_on_the_day_itself_what_becomes_public_is_public(evidence):
    for place, table in enumerate(evidence.tables.values()):
        for day in sorted({*table.published.tolist(), *table.released.tolist()}):
            if 1 < day < date.max.toordinal():
                on, before = (
                    as_of.public(evidence, date.fromordinal(each))[2 * place : 2 * place + 2]
                    for each in (day, day - 1)
                )
                assert on != before, (day, on)


@given(day=days, later=days)
def test_equal_counts_are_equal_rows(evidence, day, later):
    """What lets two days share a verdict."""
    if as_of.public(evidence, day) == as_of.public(evidence, later):
        for name, table in evidence.as_of(day).tables.items():
            assert table.frame.equals(evidence.as_of(later).tables[name].frame)


def test_the_articles_own_day_gives_the_published_verdicts():
    published = registry.read(PROJECT).article.published
    found = replay(PROJECT, [published], QUICK, workers=1)
    assert {each.claim: each.code for each in found} == {
        name: PUBLISHED[name]["verdict"]["publication"]["code"] for name in QUICK
    }


def test_processes_give_what_one_alone_gives():
    known = [date(2023, 6, 30), date(2025, 6, 30)]
    alone = replay(PROJECT, known, QUICK, workers=1)
    assert replay(PROJECT, known, QUICK, workers=2) == alone


def test_a_day_does_not_depend_on_the_days_before_it():
    first, second = date(2022, 3, 31), date(2024, 12, 31)
    both = as_of.standings(PROJECT, "C9", [first, second])
    assert both == [
        *as_of.standings(PROJECT, "C9", [first]),
        *as_of.standings(PROJECT, "C9", [second]),
    ]


def test_before_anything_was_public_there_is_no_verdict():
    (found,) = as_of.standings(PROJECT, "C9", [date(1900, 1, 1)])
    assert (found.code, found.rows) == ("INSUFFICIENT", 0)


@given(st.integers(2020, 2026), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_quarters_end_where_the_next_begins_and_the_last_day_is_the_last(first, last):
    found = as_of.quarters(first, last)
    assert found[-1] == last
    assert list(found) == sorted(set(found))
    assert all((day + timedelta(days=1)).day == 1 for day in found[:-1])


# ------------------------------------------------------------------ what is kept


def test_the_kept_evolution_agrees_with_what_is_published():
    kept = evolution.read(PROJECT)
    place = kept["days"].index(kept["published"])
    told = {name: entry["codes"][place] for name, entry in kept["claims"].items()}
    assert told == {name: PUBLISHED[name]["verdict"]["publication"]["code"] for name in told}


def test_the_kept_evolution_is_of_todays_claims_and_tables():
    """If this fails, a rule or a table has changed: run `claims replay`."""
    found = registry.read(PROJECT)
    kept = evolution.read(PROJECT)
    assert evolution.stale(PROJECT, found, kept) == ()
    assert set(kept["claims"]) == {claim.id for claim in found.claims.values() if claim.testable}


def test_a_claim_that_was_changed_is_stale():
    found = registry.read(PROJECT)
    kept = evolution.read(PROJECT)
    kept["claims"]["C9"]["made_from"] = "0"
    kept["claims"]["gone"] = kept["claims"]["C9"]
    assert evolution.stale(PROJECT, found, kept) == ("C9", "gone")
    text = str(evolution.turns(evolution.arranged(kept, found, PROJECT)))
    assert text.endswith("run `claims replay`: C9, gone.")


def test_every_kept_day_has_a_verdict_of_every_claim():
    kept = evolution.read(PROJECT)
    assert kept["days"] == sorted(kept["days"])
    for entry in kept["claims"].values():
        assert len(entry["codes"]) == len(entry["certainty"]) == len(kept["days"])
        assert set(entry["codes"]) <= set(CODES)


def test_nothing_was_replayed_yet(workshop):
    with pytest.raises(Exception, match="nothing was replayed yet: `claims replay`"):
        evolution.read(workshop.project)


def test_an_evolution_of_another_make(workshop):
    results.write(workshop.project.replayed, {"schema_version": 9})
    with pytest.raises(Exception, match="expected schema_version 1, found 9"):
        evolution.read(workshop.project)
