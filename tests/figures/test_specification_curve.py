"""Every specification, in order, over the choices that led to it."""

from __future__ import annotations

import random
from functools import cache

import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.figures.figure import Drawing
from analysis.verdicts.sweep import shares

LADDER = ["announced", "shown", "volume"]


def levels(reporters, valuations, *, readings=None, title="A made-up claim", **parameters):
    chance = random.Random(2)
    rows = [
        {"who": who, "how": how, "v": chance.uniform(70, 80), "source_id": who}
        for who in reporters
        for how in valuations
    ]
    term = {
        "table": "x/t",
        "value": "v",
        "where": {"who": "{reporter}", "how": "{valuation}"},
        "rounding": 1,
    }
    usual = {
        "measures": [{"terms": [term]}],
        "claimed": 75,
        "unit": "USD billion",
        "reporter": reporters[0],
        "valuation": valuations[0],
    }
    grid = {
        "reporter": reporters,
        "valuation": [*valuations, "unheard of"],
        "summary": ["median", "mean"],
    }
    made = claim("level", {**usual, **parameters}, grid=grid, readings=readings or {}, title=title)
    return made, evidence({"x/t": frame(rows)})


def stages():
    """Readings in three units: a rung, a rung of another ladder, and days."""
    rows = [
        {"event_id": "e", "date_start": when, "date_end": when, "status": status, "source_id": who}
        for when, status, who in (("2023-02-28", "announced", "a"), ("2024-11-09", "shown", "b"))
    ]
    made = claim(
        "timeline",
        {"where": {"event_id": "e"}, "asks": "rung", "ladder": LADDER, "claimed_rung": "volume"},
        grid={"day": ["start", "end"], "families": [1, 2]},
        readings={
            "announced": {"claimed_rung": "announced"},
            "other_ladder": {"ladder": LADDER[:2], "claimed_rung": "shown"},
            "the_dates_of_it": {"asks": "date", "claimed_from": "2024-11-10", "tolerance": 2},
            "nothing": {"where": {"event_id": "none"}},
        },
    )
    return made, evidence({"documents/events": frame(rows)})


OFFICES = [f"office {i}" for i in range(8)]
LONG = "statistical office of the united kingdom of norland and its overseas territories"
CASES = {
    "few": levels(["Norland", "Sudland"], ["fob", "cif"]),
    "one": levels(["Norland"], ["fob"]),
    "none": levels(["Norland"], ["fob"], source="nobody"),
    "many": levels(OFFICES, [f"basis {i}" for i in range(12)]),
    "long": levels([LONG, f"second {LONG}"], ["fob"], title=f"What the {LONG} says"),
    "huge": levels(["a", "b"], ["fob"], claimed=1e9, unit="a unit with a very long name, per year"),
    "readings": levels(
        ["Norland", "Sudland"],
        ["fob"],
        readings={"just_over": {"comparison": "below", "claimed": 82.5}, "half": {"claimed": 37.5}},
    ),
    "units": stages(),
}


@cache
def of(case: str, vintage: str = "publication") -> tuple[Drawing, tuple]:
    made = run(*CASES[case], vintage)
    return figures.specification_curve(made[0], made[2], vintage), made


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    assert misplaced(of(case)[0]) == []


@pytest.mark.parametrize("case", CASES)
def test_every_specification_is_drawn_once(case):
    drawing, (made, _, curve, vintage) = of(case)
    trials = [trial for reading in made.readings for trial in curve.select(vintage, reading.name)]
    assert len(drawing.data) == len(trials)
    drawn = drawing.data["value"].dropna().tolist()
    assert sorted(drawn) == sorted(t.estimate.value for t in trials if t.estimate.value is not None)
    assert drawing.data["preferred"].sum() == len(made.readings)


def test_estimates_rise_inside_a_reading_and_missing_ones_stand_at_the_end():
    values = of("few")[0].data["value"]
    found = values.dropna()
    assert found.is_monotonic_increasing
    assert values.isna().tolist() == sorted(values.isna().tolist())


def test_the_shares_are_those_of_the_verdict():
    drawing, (_, _, curve, vintage) = of("few")
    found = shares(curve.select(vintage, "literal"))
    assert f"{found.passing:.0%} pass" in drawing.alt
    assert f"{found.failing:.0%} fail" in drawing.alt


def test_units_and_ladders_have_panels_of_their_own():
    drawing, _ = of("units")
    assert len(drawing.figure.axes) == 2 * 3  # estimates and strip of each
    assert {axes.get_ylabel() for axes in drawing.figure.axes[::2]} == {
        "stage, from 0 up",
        "days from the\nclaimed date",
    } or drawing.figure.axes[4].get_ylabel().startswith("days")


def test_the_claimed_value_follows_the_reading():
    data = of("readings")[0].data
    assert data.groupby("reading", sort=False)["threshold"].first().tolist() == [75, 82.5, 37.5]
    assert data.groupby("reading", sort=False)["most"].first().isna().tolist() == [
        True,
        False,
        True,
    ]


def test_the_strip_has_only_choices_that_differ():
    drawing, _ = of("few")
    text = [text.get_text() for text in drawing.figure.axes[1].texts]
    assert text[0] == "Norland"
    assert {"reporter", "valuation", "summary"} <= set(text)
    assert not of("one")[0].figure.axes[1].texts or "reporter" not in {
        text.get_text() for text in of("one")[0].figure.axes[1].texts
    }


def test_choices_are_in_the_numbers():
    data = of("few")[0].data
    assert set(data["choice reporter"]) == {"Norland", "Sudland"}
    assert set(data["choice summary"]) == {"median", "mean"}


def test_nothing_found_is_said_with_what_was_searched():
    drawing, _ = of("none")
    assert "No admissible evidence in any of 4 specifications of the literal reading" in drawing.alt
    assert "no row for v: x/t where who: Norland, how: fob" in drawing.alt


def test_words_are_made_from_the_numbers():
    drawing, _ = of("one")
    value = drawing.data["value"].dropna().iloc[0]
    assert drawing.title == "T1. A made-up claim: all specifications"
    assert drawing.alt.startswith("Specification curve of 4 specifications in 1 reading.")
    assert f"They reach from {value:.4g}" in drawing.alt or f"{value:.4g}" in drawing.alt
    assert "Outcomes:" in drawing.alt


def test_the_latest_vintage_is_drawn_from_its_own_trials():
    made, known = CASES["few"]
    known["x/t"].loc[0, "public_on"] = "2025-06-01"
    before = figures.specification_curve(made, run(made, known)[2], "publication")
    after = figures.specification_curve(made, run(made, known)[2], "latest")
    known["x/t"].loc[0, "public_on"] = "2024-01-01"
    assert before.data["value"].notna().sum() < after.data["value"].notna().sum()
