"""Tables of signs: nothing lies over anything, and the numbers are those of the method."""

from __future__ import annotations

import pytest
from builders import claim, evidence, frame, run

from analysis import figures
from analysis.figures.figure import Drawing
from analysis.figures.trend import STANCE_STYLES

UP = list(range(10, 22))
LONG = "Days on which vessels of the coast guard of norland were seen near the islands"


def drawn(series, *, start=2012, recipes=None, vintage="publication", **parameters) -> Drawing:
    """`series` maps an index to its yearly values."""
    rows = [
        {"year": start + i, "place": name, "v": float(v), "source_id": f"s_{name[:9]}"}
        for name, values in series.items()
        for i, v in enumerate(values)
    ]
    usual = [
        {"index": name, "table": "x/t", "value": "v", "time": "year", "where": {"place": name}}
        for name in series
    ]
    more = recipes or {}
    indices = [{**recipe, **more.get(recipe["index"], {})} for recipe in usual]
    made = claim("trend", {"indices": indices, **parameters})
    known = evidence({"x/t": frame(rows or [{"year": 1900, "place": "", "v": 0.0}])})
    return figures.trend(*run(made, known, vintage))


CASES = {
    "mixed": {"series": {"up": UP, "down": UP[::-1], "open": [1, 2, 4]}, "last_year": 2016},
    "one": {"series": {"alone": UP}},
    "none": {"series": {"short": [1, 2]}},
    "many": {"series": {f"Index number {i}": [*UP, 30 + i] for i in range(20)}},
    "long names": {"series": {f"{LONG} {i}": [*UP, 30 + i] for i in range(5)}},
    "huge range": {"series": {"a": [1, 9, 80, 700], "b": [1e9, 1e9 + 1, 1e9 + 2], "c": [9, 1, 0]}},
    "constant": {"series": {"a": [4] * 9, "zero": [0] * 9}},
    "ceiling": {"series": {"a": [340, 350, 355], "b": UP}, "recipes": {"a": {"ceiling": 366}}},
    "no vote": {"series": {"a": UP, "b": UP, "c": UP[:5]}},
    "has grown": {"series": {"a": UP, "b": UP[::-1]}, "verb": "has_grown"},
    "too few": {"series": {"a": UP, "b": [1]}, "quorum": 2},
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_no_word_lies_over_another(name, misplaced):
    assert misplaced(drawn(**CASES[name])) == []


def test_the_plotted_numbers_are_the_methods():
    data = drawn(**CASES["mixed"]).data
    found = data[data["mark"] == "index"].set_index("label")
    assert found["outcome"].to_dict() == {"up": "up", "down": "down", "open": "unclear"}
    assert (found["row"].str.match(r"x/t:\d+") & found["source_id"].notna()).all()
    seen = data[(data["mark"] == "observation") & (data["label"] == "up")]
    assert seen["period"].tolist() == [str(year) for year in range(2012, 2017)]
    assert seen["value"].tolist() == UP[:5]


def test_the_words_say_the_vote():
    alt = drawn(**CASES["mixed"]).alt
    assert "1 of 3 series goes up, 33% by weight (up to 67% with those that are unclear)" in alt
    assert "A test of all together for a rise: p = 0." in alt
    assert "at least 66.7 percent of the series" in alt


@pytest.mark.parametrize(("direction", "stance"), [("rise", "for"), ("fall", "against")])
def test_an_arrow_up_is_for_a_rise_and_against_a_fall(direction, stance):
    data = drawn({"a": UP}, direction=direction).data
    assert data.loc[data["mark"] == "index", "stance"].tolist() == [stance]


def test_each_series_has_a_panel_with_its_ends():
    figure = drawn(**CASES["mixed"]).figure
    assert len(figure.axes) == 3
    ends = [text.get_text() for text in figure.axes[0].texts]
    assert ends == ["10\n2012", "14\n2016"]


def test_a_tidy_frame_is_drawn_again():
    data = drawn(**CASES["mixed"]).data
    assert len(figures.trend(data[data["label"] == "up"]).axes) == 1


def test_nothing_to_see_says_so():
    assert "no admissible evidence" in drawn(**CASES["none"]).alt
    assert "No admissible evidence: no series for short." in " ".join(
        text.get_text().replace("\n", " ") for text in drawn(**CASES["none"]).figure.texts
    )


def test_the_same_picture_every_time():
    one, other = (drawn(**CASES["mixed"]) for _ in range(2))
    assert (one.svg(), one.png(), one.csv()) == (other.svg(), other.png(), other.csv())


def test_a_fall_has_the_colour_of_what_it_says_for_the_claim():
    falling = {"a": UP[::-1], "b": [v + 3 for v in UP[::-1]]}
    series = {"series": falling, "verb": "has_grown"}
    colours = {way: _colours(drawn(**series, direction=way)) for way in ("rise", "fall")}
    assert STANCE_STYLES["against"].colour in colours["rise"]
    assert STANCE_STYLES["for"].colour not in colours["rise"]
    assert STANCE_STYLES["for"].colour in colours["fall"]
    assert STANCE_STYLES["against"].colour not in colours["fall"]
    drawing = drawn(**series, direction="fall")
    assert drawing.summary.startswith("2 of 2 series go down, 100% by weight")
    assert "2 down" in drawing.alt


def _colours(drawing: Drawing) -> set[str]:
    lines = [line for axes in drawing.figure.axes for line in axes.lines if line.get_alpha() != 0]
    return {str(line.get_color()) for line in lines}
