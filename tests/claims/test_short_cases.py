"""The short form with a difference, and with other rows for some choices."""

from __future__ import annotations

from itertools import product

import pytest

from analysis.errors import AnalysisError
from tests.claims.test_short_form import K1, full

FALL = """\
  K1:
    says: The share of coal in Spain fell by about three points.
    measure: power/shares.share_pct
    where: {iso3: "{reporter}", fuel: coal, year: "{period}"}
    minus: {where: {year: 2021}}
    about: 0 +- 3
    rule: Near is a gap of at most three points.
    grid: {reporter: [ESP, gas], period: ["2022", "2000"], precision: [3, 1]}
    cases:
      - {for: {reporter: gas}, where: {iso3: ESP, fuel: gas}, rounding: 0.1}
      - {for: {period: "2000"}, minus: {where: {year: {max: 2021}}, reduce: median}}
"""
RANKED = """\
  K1:
    says: Spain has the largest share.
    measure: power/shares.share_pct
    where: {iso3: ESP, fuel: coal, year: 2022}
    rank: 1
    among: {iso3: [ESP, FRA]}
    grid: {grouping: [two, three]}
    cases: [{for: {grouping: three}, among: {iso3: [ESP, FRA, DEU]}}]
"""


def test_a_difference_of_percentages_is_in_percentage_points(tmp_path):
    claim = full(tmp_path, K1.replace("rounds_to: 3", "minus: {where: {year: 2021}}\n    below: 0"))
    (measure,) = claim.parameters["measures"]
    first, second = measure["terms"]
    assert (first["where"]["year"], first.get("scale", 1)) == (2022, 1)
    assert (second["where"]["year"], second["scale"]) == (2021, -1)
    assert claim.parameters["unit"] == "percentage points"
    assert "(iso3 ESP, fuel coal, year 2022) less share" in claim.rule


def test_for_each_choice_there_is_one_recipe_that_of_its_cases(tmp_path):
    claim = full(tmp_path, FALL)
    seen = {}
    for specification in claim.specifications(claim.literal):
        choices = {"precision": 3, **specification.choices}
        method = specification.build()
        fitting = [
            measure for measure in method.measures
            if all(choices[name] in _listed(measure[name]) for name in ("reporter", "period"))
        ]  # fmt: skip
        assert len(fitting) == 1
        seen[choices["reporter"], choices["period"]] = fitting[0]["terms"]
    assert set(seen) == set(product(("ESP", "gas"), ("2022", "2000")))
    for (reporter, period), (now, then) in seen.items():
        assert (now["where"]["fuel"], now.get("rounding")) == (
            ("gas", 0.1) if reporter == "gas" else ("coal", None)
        )
        assert then.get("reduce") == ("median" if period == "2000" else None)
        assert then["where"]["fuel"] == now["where"]["fuel"]
        assert "rounding" not in then


def _listed(value):
    return value if isinstance(value, list) else [value]


def test_a_case_may_rank_other_members_in_a_pooled_list(tmp_path):
    claim = full(
        tmp_path, RANKED.replace("rank: 1", "rank: 1\n    pooled: true").replace("DEU", "FRA")
    )
    assert [
        (each["for"], each["members"], each["pooled"]) for each in claim.parameters["lists"]
    ] == [
        ({"grouping": "three"}, ["ESP", "FRA", "FRA"], True),
        ({"grouping": ["two"]}, ["ESP", "FRA"], True),
    ]


def test_an_option_of_a_reading_may_have_a_case(tmp_path):
    text = RANKED.replace("[two, three]", "[two]").replace(", DEU", ", FRA") + (
        "    readings: {literal: Of two., wider: {statement: Of three., changes: [object],"
        " parameters: {grouping: three}}}\n"
    )
    claim = full(tmp_path, text)
    assert [each["for"]["grouping"] for each in claim.parameters["lists"]] == ["three", ["two"]]


def test_a_verb_fixes_what_it_states(tmp_path):
    assert full(tmp_path / "a", K1).fixed == ("claimed", "comparison")
    with pytest.raises(AnalysisError, match="fixes 'claimed'"):
        full(tmp_path / "b", K1 + "    grid: {claimed: [3, 4]}\n")


SLIPS = {
    "no such option": (FALL, "{reporter: gas}", "{reporter: gaz}",
        "14:16: 'gaz' is no option of 'reporter' in `grid` or a reading (did you mean 'gas'?)"),
    "no such choice": (FALL, '{period: "2000"}', "{precision: 1}",
        "15:16: 'precision' is no choice of rows of level"),
    "another unit": (FALL, "rounding: 0.1", "measure: power/shares.gwh",
        "14:63: of which measure 'minus' is, is open here: say `measure` in it"),
    "another unit of all": (FALL, "    minus: {where: {year: 2021}}\n", "",
        "a case changes only the rows; here 'unit' would be"),
    "less another unit": (FALL, "{where: {year: 2021}}", "power/shares.gwh",
        "9:5: 'percent' less 'GWh' cannot be meant: both need the same unit"),
    "less nothing": (FALL, "{where: {year: 2021}}", "{reduce: median}",
        "9:5: name a `measure` or conditions (`where`)"),
    "a difference and a ratio": (K1, "rounds_to: 3",
        "per: {where: {year: 2021}}\n    minus: {where: {year: 2000}}\n    at: 3",
        "'minus' cannot stand beside 'per'"),
    "not of this verb": (RANKED, "rank: 1", "rank: 1\n    minus: {where: {year: 2000}}",
        "'minus' is for: at, exceeds"),
    "cases of a day": (RANKED, "rank: 1\n    among: {iso3: [ESP, FRA]}", "happened: 2022",
        "'cases' are for the methods level, ranking, trend, not for 'happened'"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_an_error_at_the_line_that_was_written(tmp_path, slip):
    text, old, new, message = SLIPS[slip]
    assert old in text
    with pytest.raises(AnalysisError) as caught:
        full(tmp_path, text.replace(old, new, 1))
    assert message in str(caught.value)
