"""Made-up trials and curves for the laws of sweeps and verdicts."""

from __future__ import annotations

from hypothesis import strategies as st

from analysis.claims.declarations import Certainty
from analysis.claims.model import Claim, Reading
from analysis.methods.estimate import Citation, Criterion, Estimate, Outcome
from analysis.verdicts.sweep import VINTAGES, Curve, Trial

FAMILIES = ("customs_a", "customs_b", "wire", "agency")
OUTCOMES = st.sampled_from(list(Outcome))
GRADES = st.integers(1, 4)


def claim(**changes) -> Claim:
    """A claim with one literal reading and a grid of one factor."""
    entry = {
        "id": "T1",
        "section": "T",
        "locator": "p1",
        "title": "A made-up claim",
        "statement": "Something is more than 10.",
        "type": "level",
        "checkable": "yes",
        "core": "it is more",
        "rule": "more than 10",
        "method": "level",
        "readings": (Reading(name="literal", kind="literal", statement="more than 10"),),
        "grid": {"reporter": ["a", "b"]},
        "certainty": Certainty(),
    }
    return Claim(**{**entry, **changes})


def citation(family: str, grade: int = 4, row: int = 2) -> Citation:
    """A row of a made-up table."""
    return Citation(table="t/t", row=row, source_id=f"s_{family}", family=family, grade=grade)


def trial(
    outcome: Outcome | None,
    *,
    family: str = "customs_a",
    grade: int = 4,
    preferred: bool = False,
    vintage: str = "publication",
    reading: str = "literal",
    **choices,
) -> Trial:
    """A trial with the outcome asked for, against a test of more than 10."""
    value = {Outcome.PASS: 12.0, Outcome.UNCLEAR: 10.5, Outcome.FAIL: 8.0, None: None}[outcome]
    spread = 1.0 if outcome is Outcome.UNCLEAR else 0.0
    estimate = Estimate(
        value=value,
        low=None if value is None else value - spread,
        high=None if value is None else value + spread,
        n=1,
        citations=() if value is None else (citation(family, grade),),
    )
    criterion = Criterion(comparison="exceeds", threshold=10)
    assert criterion.outcome(estimate) == outcome
    return Trial(
        vintage=vintage,
        reading=reading,
        choices=choices,
        estimate=estimate,
        pass_criterion=criterion,
        outcome=outcome,
        preferred=preferred,
    )


@st.composite
def trials(draw, least: int = 1, most: int = 8) -> tuple[Trial, ...]:
    """Trials of the literal reading at publication, the first one preferred."""
    found = draw(
        st.lists(st.tuples(OUTCOMES, st.sampled_from(FAMILIES)), min_size=least, max_size=most)
    )
    return tuple(
        trial(outcome, family=family, preferred=index == 0, reporter=str(index))
        for index, (outcome, family) in enumerate(found)
    )


def curve(found) -> Curve:
    """The same trials on both vintages."""
    from dataclasses import replace

    return Curve(tuple(replace(item, vintage=vintage) for vintage in VINTAGES for item in found))
