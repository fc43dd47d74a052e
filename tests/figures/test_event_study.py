"""Figures of event studies: days that are missing are drawn as missing, ratios with their range."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from builders import claim, evidence, frame, run
from matplotlib.colors import to_rgb

from analysis import figures
from analysis.figures.palette import ADMITTED

FIRST, N, AT = date(2023, 1, 1), 700, 600
EVENT = FIRST + timedelta(days=AT)
OUTCOMES = {
    "sightings_of_ships": {"table": "x/d", "time": "day", "value": "n"},
    "others": {"table": "x/d", "time": "day", "value": "m"},
}


def drawing(holes=(), factor=3.0, parameters=None, **changes):
    rng = np.random.default_rng(0)
    n, m = (rng.negative_binomial(4, 0.25, N).astype(float) for _ in range(2))
    n[AT : AT + 14] *= factor
    for first, last in holes:
        n[AT + first : AT + last] = np.nan
    rows = [
        {"day": (FIRST + timedelta(days=i)).isoformat(), "n": a, "m": b}
        for i, (a, b) in enumerate(zip(n, m, strict=True))
    ]
    own = {"outcomes": OUTCOMES, "outcome": "sightings_of_ships", "event": EVENT.isoformat(),
           "window": 14, **(parameters or {})}  # fmt: skip
    grid = {"outcome": list(OUTCOMES), "window": [7, 14, 30, 60, 90]}
    made = claim("event_study", own, **{"grid": grid, **changes})
    known = evidence({"x/d": frame(rows)})
    known["x/d"]["public_on"] = "2024-01-01"
    return figures.event_study(*run(made, known))


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"holes": [(-5, -1), (2, 4)]},
        {"holes": [(-14, 14)]},
        {"parameters": {"donut": ["2024-08-26", "2024-08-28"]}},
        {"factor": 200.0},
        {"factor": 0.0},
        {"grid": {}},
        {"parameters": {"window": 90}},
        {"parameters": {"event": "2010-01-01"}},
    ],
)
def test_no_word_lies_over_another(made, misplaced):
    assert misplaced(drawing(**made)) == []


def test_missing_days_are_marked_and_have_no_value():
    data = drawing(holes=[(-5, -1), (2, 4)]).data
    missing = data[data["mark"] == "missing"]
    assert len(missing) == 6
    assert missing["value"].isna().all()
    assert (data["mark"] == "observed").sum() == 22
    assert data[data["mark"] == "observed"]["row"].str.startswith("x/d:").all()


def test_every_window_of_the_outcome_is_a_row_and_the_preferred_one_is_first_among_equals():
    data = drawing().data
    measured = data[data["mark"] == "measure"]
    assert measured["label"].tolist()[:5] == [
        f"sightings of ships, {w} days" for w in (7, 14, 30, 60, 90)
    ]
    preferred = measured[measured["group"] == "preferred"]
    assert preferred["label"].tolist() == ["sightings of ships, 14 days"]
    assert preferred["outcome"].tolist() == ["passes"]
    assert (measured["low"].dropna() <= measured["value"].dropna()).all()


def test_the_words_say_how_much_is_known():
    made = drawing(holes=[(-5, -1), (0, 10)], grid={})
    assert "10 of 14 days before and 4 of 14 days after" in made.alt
    assert "14 days known and 14 missing" in made.alt
    assert "Not to be decided" in made.alt


def test_a_claim_of_a_fall_admits_ratios_below_one():
    made = drawing(factor=0.05, parameters={"direction": "fall"})
    claimed = made.data[made.data["mark"] == "claimed"].iloc[0]
    assert (claimed["value"], claimed["high"]) == (1, 1)
    assert np.isnan(claimed["low"])
    assert "Needed: a ratio of less than 1 after" in made.summary
    assert "ratio of less than 1" in made.alt
    preferred = made.data[made.data["group"] == "preferred"].iloc[0]
    assert preferred["outcome"] == "passes"
    (tint,) = [patch for axes in made.figure.axes for patch in axes.patches
               if patch.get_facecolor()[:3] == to_rgb(ADMITTED)]  # fmt: skip
    assert tint.get_x() + tint.get_width() == pytest.approx(1)


def test_a_tidy_frame_is_drawn_again():
    made = drawing(holes=[(2, 4)])
    again = figures.event_study(made.data)
    assert again.axes[0].get_xlim() == made.axes[0].get_xlim()
    assert again.axes[1].get_xlabel() == made.axes[1].get_xlabel()
    few = figures.event_study(made.data.query("mark != 'measure' or group == 'preferred'"))
    assert len(few.axes[1].get_yticks()) == 1 < len(again.axes[1].get_yticks())
