"""The short form of a claim: what it is written out to, and its errors at the lines as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import inherit, registry
from analysis.claims.schema import schema
from analysis.claims.sentence import LONGEST, title
from analysis.claims.short_numbers import last_digit
from analysis.errors import AnalysisError
from analysis.project import Project

HEAD = """\
article: {title: A text, publisher: A press, published: 2024-12-10}
sections: {K: Coal}
defaults: {locator: p1}
claims:
"""
K1 = """\
  K1:
    says: In Spain coal had a share of three percent in 2022.
    measure: power/shares.share_pct
    where: {iso3: ESP, fuel: coal, year: 2022}
    rounds_to: 3
"""
LIKE = "  K2:\n    like: K1\n    says: Another.\n"
SHARES = """\
iso3,fuel,year,share_pct,gwh,day,source_id
ESP,coal,2000,30.5,7000,2001-05-01,desk
ESP,coal,2021,5.5,1500,2022-05-01,desk
ESP,coal,2022,2.67,700,2023-05-01,desk
ESP,gas,2021,29.5,7900,2022-05-01,desk
ESP,gas,2022,30.1,8000,2023-05-01,desk
FRA,coal,2022,1.2,500,2023-05-01,desk
"""
CATALOG = """\
tables:
  power/shares:
    title: Shares of fuels
    description: Shares.
    row: One share.
    licence: {terms: CC0, commercial: true}
    key: [iso3, fuel, year, source_id]
    time: {column: year, frequency: year}
    columns:
      iso3: {type: string, meaning: country}
      fuel: {type: string, meaning: fuel}
      year: {type: year, meaning: year}
      share_pct: {type: number, unit: percent, meaning: share}
      gwh: {type: number, unit: GWh, meaning: electricity}
      day: {type: date, meaning: day of the statement}
      source_id: {type: source, meaning: source}
"""


def audit(folder: Path, claims: str, shares: str = SHARES) -> Project:
    (folder / "data" / "power").mkdir(parents=True)
    (folder / "claims.yaml").write_text(HEAD + claims)
    (folder / "data" / "sources.csv").write_text("source_id,family\ndesk,a_desk\ndesk_b,a_desk\n")
    (folder / "data" / "catalog.yaml").write_text(CATALOG)
    (folder / "data" / "power" / "shares.csv").write_text(shares)
    return Project(folder)


def full(folder: Path, claims: str, name: str = "K1"):
    project = audit(folder, claims)
    registry.check_recipes(project)
    return registry.read(project).claims[name]


def measures(where: dict) -> list:
    return [{"terms": [{"table": "power/shares", "value": "share_pct", "where": where}]}]


SPAIN = {"iso3": "ESP", "fuel": "coal", "year": 2022}


def test_five_lines_are_a_whole_claim(tmp_path):
    claim = full(tmp_path, K1)
    assert claim.title == "In Spain coal had a share of three percent in 2022"
    assert claim.statement == claim.core == f"{claim.title}."
    assert (claim.section, claim.locator, claim.type) == ("K", "p1", "level")
    words = "share pct in “Shares of fuels” (iso3 ESP, fuel coal, year 2022) rounds to 3 percent."
    assert claim.rule == f"Supported if {words}"
    assert claim.literal.statement == words
    assert claim.tables == ("power/shares",)
    expected = {"claimed": 3, "comparison": "rounds_to", "precision": 1.0, "unit": "percent"}
    assert expected.items() <= claim.parameters.items()
    assert claim.parameters["measures"] == measures(SPAIN)


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("exceeds: 2.5", {"comparison": "exceeds", "claimed": 2.5}),
        ("at_least: 2", {"comparison": "at_least", "claimed": 2}),
        ("below: 4", {"comparison": "below", "claimed": 4}),
        ("at_most: 4", {"comparison": "at_most", "claimed": 4}),
        ("rounds_to: 3.0", {"claimed": 3, "precision": 0.1}),
        ("rounds_to: 2.70", {"claimed": 2.7, "precision": 0.01}),
        ("rounds_to: 1.0e3", {"claimed": 1000, "precision": 100}),
        ("at: 3", {"comparison": "equals", "claimed": 3}),
        ("about: 3 +- 10%", {"comparison": "within", "claimed": 3, "precision_pct": 10}),
        ("about: 3±0.5", {"comparison": "within", "claimed": 3, "precision": 0.5}),
        (
            "rank: 2\n    among: {iso3: [ESP, FRA]}",
            {"claimed": 2, "pairs": [{"part": "ESP", "of": "ESP"}], "comparison": "equals"},
        ),
        (
            "rank_at_most: 1\n    among: {iso3: [ESP, FRA]}",
            {"claimed": 1, "pairs": [{"part": "ESP", "of": "ESP"}], "comparison": "at_most"},
        ),
        ("happened: 2022", {"claimed_from": "2022", "table": "power/shares", "where": SPAIN}),
        ("happened: 2022-05/2023", {"claimed_from": "2022-05/2023"}),
    ],
)
def test_what_each_verb_means(tmp_path, verb, expected):
    text = K1.replace("rounds_to: 3", verb)
    text = text.replace("share_pct", "day") if verb.startswith("happened") else text
    found = full(tmp_path, text).parameters
    assert (
        found
        | {
            each: pytest.approx(found[each]) if isinstance(found[each], float) else found[each]
            for each in ()
        }
        == found
    )
    for name, value in expected.items():
        close = isinstance(value, float)
        assert found[name] == (pytest.approx(value) if close else value), name


@pytest.mark.parametrize(("verb", "direction"), [("rose", "rise"), ("fell", "fall")])
def test_a_change_is_a_trend_over_all_years(tmp_path, verb, direction):
    text = K1.replace(", year: 2022", "").replace(
        "rounds_to: 3", f"{verb}: {{since: 2000, until: 2022}}"
    )
    found = full(tmp_path, text)
    expected = {"verb": "has_grown", "direction": direction, "start": 2000, "last_year": 2022}
    assert expected.items() <= found.parameters.items()
    assert found.parameters["indices"][0]["time"] == "year"
    assert f"{verb} from 2000 to 2022" in found.rule


def test_a_ratio_has_the_conditions_of_the_claim_but_for_its_own(tmp_path):
    text = K1.replace("rounds_to: 3", "per: {where: {iso3: FRA}}\n    exceeds: 2")
    claim = full(tmp_path, text)
    (measure,) = claim.parameters["measures"]
    assert measure["over"][0]["where"] == SPAIN | {"iso3": "FRA"}
    assert (measure["terms"][0]["part"], measure["over"][0]["part"]) == ("ESP", "FRA")
    assert claim.parameters["unit"] == "times"
    assert "divided by share pct in “Shares of fuels” (iso3 FRA" in claim.rule


def test_a_ratio_in_percent_is_times_a_hundred(tmp_path):
    per = "per: {where: {fuel: gas}}\n    unit: percent\n    below: 10"
    (measure,) = full(tmp_path, K1.replace("rounds_to: 3", per)).parameters["measures"]
    assert measure["scale"] == 100


def test_a_number_in_another_size_is_converted(tmp_path):
    text = K1.replace("share_pct", "gwh").replace(
        "rounds_to: 3", "unit: thousand GWh\n    below: 1"
    )
    (measure,) = full(tmp_path, text).parameters["measures"]
    assert measure["scale"] == 1e-3


def test_a_copy_has_what_it_does_not_say_itself(tmp_path):
    own = "    rule: Mine.\n    title: Mine\n    finding: {pass: It is so.}\n"
    text = K1 + own + LIKE + "    where: {iso3: FRA}\n    below: 2\n"
    claim = full(tmp_path, text, "K2")
    assert (claim.title, claim.finding) == ("Another", {})
    assert claim.parameters["measures"] == measures(SPAIN | {"iso3": "FRA"})
    assert (claim.parameters["comparison"], claim.parameters["claimed"]) == ("below", 2)
    assert (claim.statement, claim.locator) == ("Another.", "p1")
    assert "FRA" in claim.rule


def test_written_words_come_before_generated_ones(tmp_path):
    own = (
        "    rule: My rule.\n    title: Coal\n    type: composition\n    readings: {literal: So.}\n"
    )
    claim = full(tmp_path, K1 + own)
    found = (claim.rule, claim.title, claim.type, claim.literal.statement)
    assert found == ("My rule.", "Coal", "composition", "So.")


def test_everything_else_of_the_long_form_may_stand_beside_the_short(tmp_path):
    own = "    parameters: {summary: highest}\n    grid: {summary: [highest, median]}\n"
    claim = full(
        tmp_path,
        K1 + own + "    readings: {literal: a, low: {statement: b, parameters: {precision: 2}}}\n",
    )
    assert claim.preferred().choices == {"summary": "highest"}
    assert claim.parameters["claimed"] == 3
    assert claim.reading("low").parameters == {"precision": 2}


@given(st.decimals(-(10**6), 10**6, allow_nan=False, places=3), st.integers(0, 3))
def test_the_last_digit_is_that_which_was_written(number, places):
    text = f"{number:.{places}f}"
    assert last_digit(text) == pytest.approx(10.0**-places)


@given(st.text(st.characters(categories=["Ll", "Zs"]), min_size=1))
def test_a_title_fits_a_figure(statement):
    assert len(title(statement)) <= LONGEST


# ------------------------------------------------------------- slips: each an error with its line

TWICE = SHARES + "ESP,coal,2022,2.9,720,2023-06-01,desk_b\n"
LONG = """\
  K3:
    locator: p1
    title: Long
    statement: Long.
    type: level
    rule: So.
    method: level
    parameters:
      claimed: 700
      unit: GWh
      measures: [{terms: [{table: power/shares, value: gwh,
                           where: {iso3: ESP, fuel: coal, year: 2022}}]}]
"""
# ruff: noqa: E501 - a slip is one line
SLIPS = {
    "a year forgotten": (K1, ", year: 2022", "", "8:5: 3 rows of the family 'a_desk' where one"),
    "a value misspelt": (K1, "ESP", "SPN", "8:13: 'SPN' occurs nowhere in the column 'iso3' of power/shares (did you mean 'ESP'?)"),
    "no such table": (K1, "power/shares", "power/share", "7:5: no table 'power/share' (did you mean 'power/shares'?)"),
    "no such column": (K1, "share_pct", "share", "7:5: power/shares has no column 'share' (did you mean 'share_pct'?)"),
    "no such column in where": (K1, "fuel:", "fule:", "8:24: power/shares has no column 'fule' (did you mean 'fuel'?)"),
    "no verb": (K1, "    rounds_to: 3\n", "", "7:5: 'measure' needs a verb: one of at, exceeds"),
    "two verbs": (K1, "rounds_to: 3", "rounds_to: 3\n    below: 4", "9:5: 'rounds_to' is a second verb, after 'below'"),
    "a verb and a method": (K1, "rounds_to: 3", "rounds_to: 3\n    method: level", "10:5: the verb 'rounds_to' says the method"),
    "another unit": (K1, "rounds_to: 3", "rounds_to: 3\n    unit: GWh", "10:5: 'GWh' is not the unit of share_pct of power/shares, which is in 'percent'"),
    "no date": (K1.replace("share_pct", "day"), "rounds_to: 3", "happened: 2024-13-01", "9:5: '2024-13-01' is no date"),
    "no margin": (K1, "rounds_to: 3", "about: 3 or so", "9:5: '3 or so': expected a number and a margin, e.g. 8.5 +- 10%"),
    "a year in a trend": (K1, "rounds_to: 3", "fell: {since: 2000}", "8:36: 'fell' reads all years: leave 'year' out"),
    "a member that is not ranked": (K1, "rounds_to: 3", "rank_at_most: 1\n    among: {iso3: [FRA, DEU]}", "8:5: `where` must say which iso3 is meant, one of: FRA, DEU"),
    "a wrong divisor": (K1, "rounds_to: 3", "exceeds: 2\n    per: {where: {iso3: FRE}}", "10:19: 'FRE' occurs nowhere"),
    "like no claim": (K1 + LIKE, "like: K1", "like: K9", "11:5: unknown claim 'K9'"),
    "like itself": (K1 + LIKE, "like: K1", "like: K2", "11:5: K2 like K2: a claim cannot be like itself"),
    "a fault in a copy": (K1 + LIKE + "    where: {year: 2023}\n", "", "", "13:13: 2023 occurs nowhere in the column 'year'"),
    "says and statement": (K1, "    rounds_to", "    statement: It is so.\n    rounds_to", "6:5: 'says' is the statement: keep one"),
    "a wrong default": (K1, "    rounds_to", "    rounds_too", "9:5: unknown key 'rounds_too' (did you mean 'rounds_to'?)"),
    "another unit in full": (LONG, "unit: GWh", "unit: TWh", "15:27: gwh of power/shares is in 'GWh', the claim in 'TWh'"),
    "another scale": (LONG, "value: gwh", "scale: 1.0e-6, value: gwh", "15:27: from 'GWh' to 'GWh' the scale is 1, not 1e-06"),
    "no day in a condition": (LONG, "year: 2022", "day: {max: 2022-02-30}", "16:65: '2022-02-30' is no date"),
    "a preferred choice outside the grid": (LONG + "    grid: {summary: [median, lowest]}\n", "unit: GWh", "unit: GWh\n      summary: mean", "15:7: 'mean' is no choice of the grid (did you mean 'median'?); it has: median, lowest"),
    "no precision": (LONG, "unit: GWh", "unit: GWh\n      comparison: rounds_to", "needs a `precision`"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_an_error_at_the_line_that_was_written(tmp_path, slip):
    text, old, new, message = SLIPS[slip]
    assert old in text
    with pytest.raises(AnalysisError) as caught:
        full(tmp_path, text.replace(old, new, 1) if old else text)
    assert message in str(caught.value)


def test_two_editions_of_one_family_are_not_averaged(tmp_path):
    with pytest.raises(AnalysisError) as caught:
        registry.check_recipes(audit(tmp_path, K1, TWICE))
    assert "8:5: 2 editions of the family 'a_desk' (desk, desk_b) where one" in str(caught.value)


def test_a_difference_of_rates_is_in_percentage_points(tmp_path):
    then = ", {table: power/shares, value: share_pct, scale: -1, where: {iso3: ESP, year: 2000}}"
    text = LONG.replace("gwh", "share_pct").replace("GWh", "percentage points")
    with pytest.raises(AnalysisError, match="is in 'percent', the claim in 'percentage points'"):
        full(tmp_path / "a", text, "K3")
    full(tmp_path / "b", text.replace("year: 2022}}]", "year: 2022}}" + then + "]"), "K3")


def test_the_newest_edition_is_meant_in_every_recipe_of_a_sentence(tmp_path):
    text = K1.replace("rounds_to: 3", "per: {where: {iso3: FRA}}\n    editions: newest\n    at: 3")
    (measure,) = registry.read(audit(tmp_path, text)).claims["K1"].parameters["measures"]
    assert [term["editions"] for term in (*measure["terms"], *measure["over"])] == ["newest"] * 2


def test_a_series_and_a_list_with_several_values_in_one_place_are_refused(tmp_path):
    for name, verb in {
        "trend": "fell: {since: 2000}",
        "ranking": "rank_at_most: 1\n    among: {iso3: [ESP, FRA]}",
    }.items():
        text = K1.replace("fuel: coal, ", "").replace("rounds_to: 3", verb)
        text = text.replace(", year: 2022", "") if name == "trend" else text
        with pytest.raises(
            AnalysisError, match=r"2 values of .* where one is meant, which differ in fuel"
        ):
            registry.check_recipes(audit(tmp_path / name, text))


def test_a_changed_unit_of_the_catalog_is_read_again(tmp_path):
    project = audit(tmp_path, K1)
    assert registry.read(project).claims["K1"].parameters["unit"] == "percent"
    project.catalog.write_text(CATALOG.replace("unit: percent", "unit: percent of all"))
    assert registry.read(project).claims["K1"].parameters["unit"] == "percent of all"


# ------------------------------------------------------------- documentation


def examples() -> dict[str, str]:
    kinds = schema()["$defs"]
    keys = kinds["ClaimForm"]["properties"]
    found = {
        key: re.findall(r"Example: `(.*)`", own.get("description", "")) for key, own in keys.items()
    }
    return {key: each[0] for key, each in found.items() if each}


def test_every_short_key_has_an_example():
    assert {
        *inherit.SHORT_VERBS,
        "says",
        "like",
        "measure",
        "where",
        "editions",
        "unit",
        "per",
        "minus",
        "reduce",
        "rounding",
        "among",
        "pooled",
        "cases",
    } == set(examples())


@pytest.mark.parametrize("verb", inherit.SHORT_VERBS)
def test_the_example_of_a_verb_is_read(tmp_path, verb):
    shown = examples()
    text = K1.replace("rounds_to: 3", shown[verb])
    if verb in ("rank", "rank_at_most"):
        text += f"    {shown['among'].replace(', DEU', '')}\n"
    if verb in ("rose", "fell"):
        text = text.replace(", year: 2022", "")
    if verb == "happened":
        text = text.replace("share_pct", "day")
    assert full(tmp_path, text).method


# ------------------------------------------------------------- choices of an audit's own

YEARS = K1.replace("year: 2022", 'year: "{base_year}"') + "    grid: {base_year: [2022, 2021]}\n"


def test_a_choice_may_have_any_name_that_a_text_of_the_parameters_has(tmp_path):
    claim = full(tmp_path, YEARS)
    first, second = claim.specifications(claim.literal)
    assert (first.choices, second.choices) == ({"base_year": 2022}, {"base_year": 2021})
    wheres = [each.build().measures[0]["terms"][0]["where"] for each in (first, second)]
    assert [where["year"] for where in wheres] == ["2022", "2021"]
    assert claim.prefer({"base_year": 2021}).build() == second.build()


def test_a_choice_that_no_text_names_is_a_slip(tmp_path):
    with pytest.raises(AnalysisError, match="10:12: unknown key 'base_yeer'"):
        full(tmp_path, YEARS.replace("{base_year:", "{base_yeer:"))
