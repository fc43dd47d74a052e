"""The figure of all claims: a tile each, certainty shown twice, words that can be read."""

from __future__ import annotations

import itertools
import json

import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from tallies import entry, results

from analysis import figures
from analysis.figures.contrast import blend, contrast, legible_ink
from analysis.figures.overview import OPACITY
from analysis.figures.palette import VERDICTS
from analysis.verdicts.certainty import LEVELS
from analysis.verdicts.code_table import CODES

CERTAINTIES = [*LEVELS.values(), None]
ALL = results(
    *(
        entry(f"{'ABCDEF'[i % 6]}{i}", code, certainty=certainty, share=(i % 11) / 10,
              kind=("level", "event", "attribution")[i % 3])
        for i, (code, certainty) in enumerate(itertools.product(CODES, CERTAINTIES))
    ),
    entry("F99", "SUPPORTED", latest="CONTRADICTED", flag="FLIPPED", share=1.0),
)  # fmt: skip
CASES = {
    "all": ALL,
    "one": results(entry("A1", "SUPPORTED", share=1.0)),
    "none was run": results(entry("A1", "NOT_TESTABLE"), entry("A2", "PENDING")),
    "many of one kind": results(*(entry(f"C{i}", "PENDING") for i in range(90))),
}


@pytest.mark.parametrize("case", CASES)
def test_every_word_has_its_place(case, misplaced):
    assert misplaced(figures.overview(CASES[case])) == []


def test_each_claim_has_a_tile_at_each_vintage():
    data = figures.overview(ALL).data
    tiles = data[data["mark"] == "claim"]
    assert len(tiles) == 2 * len(ALL["claims"])
    f99 = tiles[tiles["label"] == "F99"].set_index("vintage")["group"]
    assert f99.to_dict() == {"publication": "SUPPORTED", "latest": "CONTRADICTED"}


def test_counts_and_shares_are_in_the_table():
    data = figures.overview(ALL, "latest").data
    types = data[data["mark"] == "type"]
    assert types["value"].sum() == len(ALL["claims"])
    assert set(types["vintage"]) == {"latest"}
    assert (data[data["mark"] == "pass share"]["value"] <= 100).all()


def test_certainty_is_shown_by_more_than_strength_of_colour():
    one = figures.overview(results(entry("A1", "SUPPORTED", certainty="LOW"))).figure.axes[0]
    four = figures.overview(results(entry("A1", "SUPPORTED", certainty="HIGH"))).figure.axes[0]
    bars = [line for line in one.lines if line.get_linewidth() == 1.4]
    long = [line for line in four.lines if line.get_linewidth() == 1.4]
    width = [line.get_xdata()[1] - line.get_xdata()[0] for line in (bars[0], long[0])]
    assert width[1] == pytest.approx(2 * width[0])


def test_words_on_tiles_can_be_read():
    fills = {
        (code, certainty): blend(VERDICTS[code].colour, OPACITY[certainty])
        for code in VERDICTS
        for certainty in OPACITY
    }
    found = {name: contrast(fill, legible_ink(fill)) for name, fill in fills.items()}
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


def test_a_blend_is_between_its_colour_and_paper():
    fill = to_rgb(blend("#000000", 0.25))
    assert fill == pytest.approx((0.75,) * 3, abs=1 / 255)


def test_there_are_counts_and_no_score():
    drawing = figures.overview(ALL)
    words = " ".join(text.get_text() for text in drawing.figure.findobj(Text))
    assert "score" not in drawing.alt
    assert words.count("score") == 1  # that there is none
    assert "At publication: supported 6 (" in drawing.alt
    assert "pass in at least 90%" in drawing.alt


def test_the_same_bytes_from_the_same_results():
    again = json.loads(json.dumps(ALL))
    assert figures.overview(ALL).svg() == figures.overview(again).svg()
